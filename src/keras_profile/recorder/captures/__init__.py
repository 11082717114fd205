"""The instruments: one module a capture, named for it; its row is in :mod:`..protocol.captures`.

A module ends with ``INSTRUMENT``, a class that is constructed with a
:class:`..captures.context.Context` and has

- ``start()`` and ``stop()``: put the instrument in place and take it away, around a
  block of calls;
- ``begin(frame, keep)`` and ``end(measured, keep)``: right before and after one call under the
  instrument. ``keep`` is False for calls that let the interpreter settle. ``frame`` is that of the
  function which a program calls, and which has begun, None where :meth:`Instrument.measure` makes the
  call; ``measured`` is a :class:`..measuring.Measured`, None where the call raised;
- ``displaced()``: whether something of the program's took its place within the call. Then
  ``abandon()`` is called in place of ``end`` and ``stop``: it leaves that where it is, and forgets
  the call;
- ``forsake(own_thread)``: leave nothing in the child of a fork within a call;
- ``save(folder)``: write what was captured so far; returns plain data for the
  recording's ``captures`` entry;
- ``close()``: leave no trace in the interpreter, at the end.

Its constructor raises :class:`Unavailable` where it cannot work here, which skips the capture;
an error of ``start`` fails it. In a program ``start`` and ``stop`` surround single calls, which the
program makes itself, and ``save`` is called again and again. The cold call is made under ``spans``
or ``bare`` alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..measuring import measured_call

if TYPE_CHECKING:
    from types import FrameType

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

    def begin(self, frame: FrameType | None, keep: bool) -> None:
        pass

    def end(self, measured: Measured | None, keep: bool) -> None:
        pass

    def measure(self, call: Any, x: Any, keep: bool) -> Measured:
        """Makes ``call(x)`` under the instrument."""
        measured = None
        self.begin(None, keep)
        try:
            measured = self._measured(call, x, keep)
        finally:
            self.end(measured, keep)
        return measured

    def _measured(self, call: Any, x: Any, keep: bool) -> Measured:
        return measured_call(call, x)

    def displaced(self) -> bool:
        return False

    def abandon(self) -> None:
        self.stop()

    def forsake(self, own_thread: bool) -> None:
        """In a child of a fork within a call, which is on its thread or not: leaves nothing in it."""
        if own_thread and not self.displaced():
            self.stop()
        else:
            self.abandon()

    def close(self) -> None:
        pass

    def save(self, folder: str) -> dict[str, Any]:
        return {}


def make_capture(name: str, context: Context) -> Instrument:
    """The instrument of the capture of that name; its module is imported only now."""
    instrument: Instrument = import_module("." + name, __name__).INSTRUMENT(context)
    return instrument
