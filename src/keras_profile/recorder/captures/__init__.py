"""The instruments: one module per capture, with its name; its row is in :mod:`..protocol.captures`.

A module ends with ``INSTRUMENT``, a class that is constructed with a
:class:`..captures.context.Context` and has

- ``start()`` and ``stop()``: install the instrument and remove it, around a block of calls;
- ``begin(frame, keep)`` and ``end(measured, keep)``: right before and after one call under the
  instrument. ``keep`` is False for calls that let the interpreter settle. ``frame`` is that of the
  function that a program calls, which has already begun; None if :meth:`Instrument.measure` makes the
  call. ``measured`` is a :class:`..measuring.Measured`, None if the call raised;
- ``displaced()``: whether something in the program took its place during the call. Then
  ``abandon()`` is called in place of ``end`` and ``stop``: it leaves that where it is, and forgets
  the call;
- ``forsake(own_thread)``: leave nothing in the child of a fork within a call;
- ``save(folder)``: write what was captured so far; returns plain data for the
  recording's ``captures`` entry;
- ``close()``: at the end, leave no trace in the interpreter.

The constructor raises :class:`Unavailable` if the instrument cannot work here, which skips the
capture; an error in ``start`` fails it. In a program, ``start`` and ``stop`` surround single calls,
which the program makes itself, and ``save`` is called repeatedly. The cold call is made only under
``spans`` or ``bare``.
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
    """Raised if the capture cannot be taken in this interpreter; the text says why."""


class Instrument:
    """The base of all instruments: it does nothing, and leaves nothing behind."""

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
        """Leaves nothing in the child of a fork within a call. ``own_thread``: whether its thread forked."""
        if own_thread and not self.displaced():
            self.stop()
        else:
            self.abandon()

    def close(self) -> None:
        pass

    def save(self, folder: str) -> dict[str, Any]:
        return {}


def make_capture(name: str, context: Context) -> Instrument:
    """Returns the instrument of the capture with that name; its module is imported only now."""
    instrument: Instrument = import_module("." + name, __name__).INSTRUMENT(context)
    return instrument
