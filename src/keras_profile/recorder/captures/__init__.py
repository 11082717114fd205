"""The instruments: one module a capture, named for it; its row is in :mod:`..protocol.captures`.

A module ends with ``INSTRUMENT``, a class that is constructed with a
:class:`..captures.context.Context` and has

- ``start()`` and ``stop()``: put the instrument in place and take it away, around a
  block of calls;
- ``measure(call, x, keep)``: make one call under the instrument and return a
  :class:`..measuring.Measured`; ``keep`` is False for calls that let the interpreter settle;
- ``save(folder)``: write what was captured so far; returns plain data for the
  recording's ``captures`` entry;
- ``close()``: leave no trace in the interpreter, at the end.

Its constructor raises :class:`Unavailable` where it cannot work here, which skips the capture;
an error of ``start`` fails it. In a program ``start`` and ``stop`` surround single calls, and
``save`` is called again and again. The cold call is made under ``spans`` or ``bare`` alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..measuring import Measured
    from .context import Context


class Unavailable(Exception):
    """The capture cannot be taken in this interpreter; the text says why."""


class Instrument:
    """What every instrument is; one that does nothing, and leaves nothing."""

    def __init__(self, context: Context) -> None:
        pass

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        raise NotImplementedError

    def close(self) -> None:
        pass

    def save(self, folder: str) -> dict[str, Any]:
        return {}


def make_capture(name: str, context: Context) -> Instrument:
    """The instrument of the capture of that name; its module is imported only now."""
    instrument: Instrument = import_module("." + name, __name__).INSTRUMENT(context)
    return instrument
