"""One measured call: what is inside the two readings of the clock, and nothing else.

The clock is read, the call is made from its own frame, and the clock is read again. The result is
dropped after the second reading. Everything else that the call leaves behind is destroyed when
the frames of Keras return, between the two readings. That is why a call is rooted here and not
at ``predict``: a part of that destruction happens after ``predict``.
"""

from __future__ import annotations

from time import perf_counter_ns, process_time_ns
from typing import Any, Callable

from .protocol import CALL_FRAME

#: Makes ``call(x)`` from its own frame.
NumberedCall = Callable[[Callable[[Any], Any], Any], Any]


class Measured:
    """When a call began and ended, and what it used.

    Times are ``perf_counter_ns``; ``cpu_ns`` is the process's CPU time, all threads.
    """

    __slots__ = ("begin_ns", "cpu_ns", "end_ns")

    def __init__(self, begin_ns: int, end_ns: int, cpu_ns: int) -> None:
        self.begin_ns = begin_ns
        self.end_ns = end_ns
        self.cpu_ns = cpu_ns


def make_numbered_call(number: int | str) -> NumberedCall:
    """Returns a function that calls ``call(x)`` from a frame named after the call's number."""
    name = CALL_FRAME + str(number)
    namespace: dict[str, NumberedCall] = {}
    exec("def {}(call, x):\n    return call(x)".format(name), namespace)
    return namespace[name]


_call_in_frame = make_numbered_call("unnumbered")


def measured_call(call: Callable[[Any], Any], x: Any, frame: NumberedCall = _call_in_frame) -> Measured:
    """Makes ``call(x)`` and measures it.

    The result is dropped after the second reading. Destroying it is the caller's work;
    destroying everything else that the call made is part of the call.
    """
    cpu = process_time_ns()
    begin = perf_counter_ns()
    result = frame(call, x)
    end = perf_counter_ns()
    cpu = process_time_ns() - cpu
    del result
    return Measured(begin, end, cpu)
