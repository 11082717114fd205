"""What a reader digs through: frames, call trees, single calls in time, and a call graph.

All views share one table of frames. Times are integer ns; columns run in parallel.
"""

from __future__ import annotations

from dataclasses import dataclass

from .arrays import Ints

#: What a frame is: a function, a wrapper by the internals table, a function of Python's
#: standard library, a built-in function, an event of TensorFlow's own, or a part of the
#: call that is no function.
FUNCTION, WRAPPER, STANDARD_LIBRARY, BUILT_IN, NATIVE, PART = range(6)


@dataclass(frozen=True)
class Frame:
    """A place in the code, or what else has a name in a view.

    ``module`` is empty and ``line`` 0 where there is none.
    """

    name: str
    module: str
    file: str
    line: int
    kind: int


@dataclass(frozen=True)
class CallTree:
    """A merged call tree: calls of one path are one node.

    Parents come before children, row 0 is the call itself, with parent -1. ``self_ns`` is
    of a call and sums to the report's total exactly; ``count`` counts samples or entries
    in all recorded calls. ``basis`` says in a sentence what the tree rests on.

    Nodes of less than ``folded_below_ns`` are folded into one child of their parent for
    each phase, whose frame is of kind :data:`PART`; ``folded`` is how many there were.
    """

    name: str
    basis: str
    counts_samples: bool
    frame: Ints
    parent: Ints
    phase: Ints
    self_ns: Ints
    count: Ints
    folded: int = 0
    folded_below_ns: int = 0


@dataclass(frozen=True)
class Lane:
    """Boxes of one thread in one call: nested, sorted by begin, from the call's begin on.

    ``duration_ns`` is as measured, not scaled.
    """

    thread: str
    depth: Ints
    begin_ns: Ints
    duration_ns: Ints
    frame: Ints
    phase: Ints


@dataclass(frozen=True)
class Stretches:
    """Stretches of a call in order, none of them empty, from the call's begin on, and their phases."""

    begin_ns: Ints
    end_ns: Ints
    phase: Ints


@dataclass(frozen=True)
class CallInTime:
    """One call as it went. The first lane is the thread that made it.

    ``own`` is what of the first lane's box of depth 0 no box of depth 1 covers: the time
    of the call itself, of which the box has no phase. ``begin_ns`` is on the clock of the
    recording's table of calls, the same for all captures.
    """

    capture: str
    number: int
    cold: bool
    wall_ns: int
    lanes: list[Lane]
    own: Stretches
    begin_ns: int = 0


@dataclass(frozen=True)
class MeasuredCalls:
    """Every call that was measured, in the order they were made.

    ``gc_ns`` is the time of garbage collections, known under ``spans`` alone, else -1.
    """

    capture: list[str]
    cold: list[bool]
    wall_ns: list[int]
    gc_ns: list[int]


@dataclass(frozen=True)
class Functions:
    """What cProfile counted, for a call: exact edges, which are no tree.

    ``phase`` is the one that most of a function's time is in, -1 for none.
    """

    calls: int
    wall_ns: int
    frame: Ints
    phase: Ints
    total_calls: Ints
    self_ns: Ints
    total_ns: Ints
    caller: Ints
    callee: Ints
    edge_calls: Ints
    edge_ns: Ints


@dataclass(frozen=True)
class Views:
    """All views of one recording.

    ``phases`` has what each one means, in the order that columns number them in; ``notes``
    says what is left out of the views, and why.
    """

    phases: dict[str, str]
    frames: list[Frame]
    trees: list[CallTree]
    calls_in_time: list[CallInTime]
    measured: MeasuredCalls
    functions: Functions | None
    notes: list[str]
