"""The captures: one instrument each, in the order a report lists them.

A capture has a ``name`` and

- ``start()`` and ``stop()``: put the instrument in place and take it away, around a
  block of calls;
- ``measure(call, x, keep)``: make one call under the instrument and return a
  :class:`Measured`; ``keep`` is False for calls that let the interpreter settle;
- ``save(folder)``: write what was captured so far; returns plain data for the
  recording's ``captures`` entry;
- ``close()``: leave no trace in the interpreter, at the end.

Its constructor raises :class:`Unavailable` where it cannot work here.
"""

from __future__ import annotations

from ..protocol import CAPTURES


class Unavailable(Exception):
    """The capture cannot be taken in this interpreter; the text says why."""


def make_capture(name, context):
    """The capture of that name; its module is imported only now."""
    from . import bare, cprofile, pyinstrument, spans, tensorflow

    kinds = {
        "bare": bare.Bare,
        "spans": spans.Spans,
        "cprofile": cprofile.CProfile,
        "pyinstrument": pyinstrument.Pyinstrument,
        "tensorflow": tensorflow.TensorFlowTrace,
    }
    assert tuple(kinds) == CAPTURES
    return kinds[name](context)
