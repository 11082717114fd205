"""Divides a trace's steps into phases, using only TensorFlow's own events.

``native_events.csv`` says which event belongs to which phase; that the host waits for a device is known
for recordings too (:func:`waits_for_device`). An event without its own phase
belongs to the event around it. What wraps an op, such as ``EagerExecute``, belongs to the
phase of the op.

Between the outermost events with a phase, Python runs. ``native_gaps.csv`` assigns that time
by the phases before and after it; if neither decides, it stays :data:`PYTHON`. If the probes of
a recording annotated the trace, their phases have priority.

Each picosecond of a step is in one phase, and a check enforces this.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from ...analysis.attribution.device_work import Busy, waits_for_device
from ...analysis.attribution.nesting import NestedPiece, nested, own_part
from ...analysis.attribution.vocabulary import PHASES, STICKY
from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.trace import FUNCTION_CALL, STEP_NUMBER, Trace, TraceLine
from ...recorder.protocol import ANNOTATION_PREFIX

Small = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

#: Python between TensorFlow's events; a trace does not show what it did.
PYTHON = "python"
#: Ops that Python runs one by one: the layers of a model that runs eagerly, or what prepares
#: inputs and assembles outputs. A trace does not show which.
SINGLE_OPS = "single_ops"
#: What a step is divided into.
PARTS = (*(phase for phase in PHASES if phase != "unattributed"), SINGLE_OPS, PYTHON)
_PART = {part: number for number, part in enumerate(PARTS)}
_PYTHON = _PART[PYTHON]
_STICKY = np.array([_PART[phase] for phase in STICKY], dtype=np.int8)
_NONE = -1
#: The edge of a step, before its first event and after its last.
_EDGE = len(PARTS)

#: What Python calls to run an op; the op is an event below them.
_WRAPPER = re.compile(r"TFE_Py_(FastPathExecute|Execute|ExecuteCancelable)(_C)?$|EagerExecute(: .*)?$")
_OP = re.compile(r"EagerLocalExecute: ")
#: How the threads of interpreters are called, and how the events of Python's functions begin.
_PYTHON_THREAD = re.compile(r"python[\d.]*$|MainThread$|main$")
_PYTHON_CALL = "$"
#: The most threads that an error names.
_THREADS_TOLD = 8
#: A kernel that runs an op: ``<name>:<Op>``.
_NUMBERED = re.compile(r"[/:_ -]*-?\d+$")
_KERNEL = re.compile(r"[^:]*[^:]:([A-Z_]\w*)$")


@dataclass(frozen=True)
class Kind:
    """What the names of a trace's events say, a row per name."""

    part: Small
    is_wrapper: Flags
    is_op: Flags
    is_step: Flags


@dataclass(frozen=True)
class StepPartition:
    """The steps of one trace, which its thread number ``line`` made.

    Begin and end are in ps; ``parts`` has a row per step and a column for each of :data:`PARTS`.
    ``between`` is the share of each that is Python between events, by ``native_gaps.csv``.
    ``name_ps`` and ``name_count`` have a row per part and a column per name, for all steps: an
    event counts as the one that determines its part. ``own_ps`` and ``own_count`` have every
    event by its own name. ``marked`` is false if no event marks a step. ``busy_parts`` has, for each device,
    how much of each of ``parts`` the device was busy.
    """

    line: int
    name: list[str]
    begin: Ints
    end: Ints
    parts: Ints
    between: Ints
    name_ps: Ints
    name_count: Ints
    own_ps: Ints
    own_count: Ints
    annotated: bool
    marked: bool
    busy_parts: list[Ints]


@cache
def native_events() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Returns the events table: pattern and phase; the first that fits counts."""
    text = resources.files(__package__).joinpath("native_events.csv").read_text(encoding="utf-8")
    return tuple(
        (re.compile(translate(row["pattern"])), row["phase"]) for row in csv.DictReader(text.splitlines())
    )


@cache
def native_gaps() -> Mapping[tuple[str, str], str]:
    """Returns the phase of the Python between two phases, with ``edge`` for the edges of a step."""
    text = resources.files(__package__).joinpath("native_gaps.csv").read_text(encoding="utf-8")
    return {(row["before"], row["behind"]): row["phase"] for row in csv.DictReader(text.splitlines())}


def phase_of_event(name: str) -> str:
    """Returns the phase of an event's name according to the table, or nothing.

    >>> phase_of_event("MakeIterator::ZipDataset"), phase_of_event("cuStreamSynchronize")
    ('iterator_creation', 'synchronization')
    """
    if waits_for_device(name):
        return "synchronization"
    return next((phase for pattern, phase in native_events() if pattern.match(name)), "")


def is_single_op(name: str) -> bool:
    """Whether an event is one by which Python runs an op.

    >>> is_single_op("EagerExecute: Mul"), is_single_op("MatMul")
    (True, False)
    """
    return bool(_WRAPPER.match(name) or _OP.match(name))


def kinds(trace: Trace, annotations: bool = True) -> Kind:
    """Returns what the names of ``trace`` say, with or without the phases of a recording's annotations."""
    part = np.full(len(trace.names), _NONE, dtype=np.int8)
    calls = trace.bearing.get(FUNCTION_CALL, frozenset())
    for number, name in enumerate(trace.names):
        phase = phase_of_event(FUNCTION_CALL if number in calls else name)
        if name.startswith(ANNOTATION_PREFIX):
            phase = name[len(ANNOTATION_PREFIX) :] if annotations else ""
        part[number] = _PART.get(phase, _NONE)
    is_step = np.zeros(len(trace.names), dtype=bool)
    is_step[list(trace.bearing.get(STEP_NUMBER, frozenset()))] = True
    return Kind(
        part,
        np.array([bool(_WRAPPER.match(name)) for name in trace.names], dtype=bool),
        np.array([bool(_OP.match(name)) for name in trace.names], dtype=bool),
        is_step,
    )


def gap_table(annotated: bool) -> Small:
    """Returns the part of the Python between two parts, with a row for the one before."""
    table = np.full((_EDGE + 1, _EDGE + 1), _PYTHON, dtype=np.int8)
    numbers = {**_PART, "edge": _EDGE}
    if not annotated:
        for (before, behind), phase in native_gaps().items():
            table[numbers[before], numbers[behind]] = _PART[phase]
    return table


@dataclass
class _Owned:
    """For each event of a piece: its part, whether it is a step, and whether a step is above it.

    ``named`` is the name of the event that determines its part, and ``gives`` says whether
    that is the event itself. What wraps an op has the op's name.
    """

    part: Small
    named: Ints
    gives: Flags
    is_step: Flags
    within: Flags


class _Owners:
    """Finds the part of each event of a line, piece by piece."""

    def __init__(self, kind: Kind, is_annotation: Flags, steps: Flags | None) -> None:
        self._kind = kind
        self._is_annotation = is_annotation
        #: Whether each event of the line is a step; None if the trace has no steps.
        self._steps = steps
        self._first = 0
        none = np.zeros(0, dtype=bool)
        self._kept = _Owned(np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int64), none, none, none)
        self._noted = none

    def of(self, piece: NestedPiece) -> _Owned:
        """Returns these values for each event of the next piece."""
        count, kept = len(piece.name), len(piece.kept)
        number = np.arange(count)
        is_step = np.zeros(count, dtype=bool)
        if self._steps is not None:
            is_step[kept:] = self._steps[self._first : self._first + count - kept]
        is_step[:kept] = self._kept.is_step[piece.kept]
        self._first += count - kept
        within = np.full(count, True) if self._steps is None else _outermost(is_step, piece) >= 0
        parent = np.where(is_step, number, piece.parent)  # a step inherits nothing

        own, names = self._kind.part[piece.name], piece.name.copy()
        self._wrap(own, names, piece, parent)
        own[is_step] = _NONE
        own[:kept], names[:kept] = self._kept.part[piece.kept], self._kept.named[piece.kept]
        own[~within] = _NONE
        note = self._is_annotation[piece.name] & (own != _NONE)
        note[:kept] = self._noted[piece.kept]
        sticky = np.isin(own, _STICKY)
        # First for a recording's annotations, then for native events: the outermost one that owns all
        # events below it, or else the innermost.
        holders = [_outermost(sticky & ~note, piece), _innermost((own != _NONE) & ~note, parent)]
        if note.any():
            holders = [_outermost(sticky & note, piece), _innermost(note, parent), *holders]
        owner = np.full(count, -1)
        for holder in holders:
            owner = np.where(owner >= 0, owner, holder)
        held = owner >= 0
        noted = held & note[owner]
        owned = _Owned(
            np.where(held, own[owner], np.int8(_NONE)),
            np.where(held & ~noted, names[owner], piece.name),
            noted | ((owner == number) & ~self._kind.is_wrapper[piece.name]),
            is_step,
            within,
        )
        self._kept, self._noted = owned, noted
        return owned

    def _wrap(self, own: Small, names: Ints, piece: NestedPiece, parent: Ints) -> None:
        """Gives the op's part and name to what wraps it."""
        up = np.flatnonzero(self._kind.is_op[piece.name] & (own != _NONE))[::-1]
        for _ in range(3):
            at, up = up, parent[up]
            wraps = self._kind.is_wrapper[piece.name[up]] & (up != at)
            at, up = at[wraps], up[wraps]
            own[up], names[up] = own[at], names[at]


def _outermost(flag: Flags, piece: NestedPiece) -> Ints:
    """Returns, for each event, the outermost flagged one that contains it or is it; -1 for none."""
    at = np.flatnonzero(flag)
    nothing = np.full(len(flag), -1)
    if not len(at):
        return nothing
    begin, latest = piece.begin[at], np.maximum.accumulate(piece.end[at])
    tops = at[np.append(True, begin[1:] >= latest[:-1])]
    is_top = np.zeros(len(flag), dtype=np.int64)
    is_top[tops] = 1
    which = np.cumsum(is_top) - 1  # the last one that has begun
    top = tops[np.maximum(which, 0)]
    inside = (which >= 0) & ((piece.begin < piece.end[top]) | (is_top > 0))
    return np.where(inside, top, nothing)


def _innermost(flag: Flags, parent: Ints) -> Ints:
    """Returns, for each event, the innermost flagged one that contains it or is it; -1 for none."""
    at = np.where(flag, np.arange(len(flag)), parent)
    while True:  # each time across twice as many levels
        further = at[at]
        if np.array_equal(further, at):
            return np.where(flag[at], at, -1)
        at = further


def partition_steps(
    trace: Trace, annotations: bool = True, thread: str | None = None, devices: Sequence[Busy] = ()
) -> StepPartition | None:
    """Returns the steps of ``trace``, None if it has no events.

    Without steps, everything that the main thread did is one. ``annotations`` says whether
    those of a recording are used; ``thread`` names the thread to divide, None for the main one;
    ``devices`` when each device was busy. Raises :class:`RecordingError` if there is no thread of that name.
    """
    kind = kinds(trace, annotations)
    chosen = main_line(trace, kind, thread)
    if chosen is None:
        return None
    line, steps = chosen
    is_annotation = np.array([name.startswith(ANNOTATION_PREFIX) for name in trace.names], dtype=bool)
    annotated = bool(annotations and is_annotation[line.name].any())
    if steps is None:
        step_begin, step_end = line.begin[:1].copy(), np.array([line.end.max()])
    else:
        step_begin, step_end = line.begin[steps], line.end[steps]
    parts = np.zeros((len(step_begin), len(PARTS)), dtype=np.int64)
    name_ps = np.zeros((len(PARTS), len(trace.names)), dtype=np.int64)
    name_count = np.zeros_like(name_ps)
    own_ps, own_count = np.zeros((2, 1, len(trace.names)), dtype=np.int64)
    busy_parts = [np.zeros_like(parts) for _ in devices]
    outer: list[tuple[Ints, Ints, Ints, Small]] = []
    owners = _Owners(kind, is_annotation, steps)
    first_step = 0 if steps is None else -1
    for piece in nested(line):
        owned = owners.of(piece)
        is_kept = np.arange(len(piece.name)) < len(piece.kept)
        has_part = owned.within & ~owned.is_step & (owned.part != _NONE)
        step = first_step + np.cumsum(owned.is_step & ~is_kept)
        first_step = int(step[-1])
        _add(parts, step[has_part], owned.part[has_part], piece.self_ps[has_part])
        for device, busy in zip(devices, busy_parts):
            _add(busy, step[has_part], owned.part[has_part], _busy_self(piece, device)[has_part])
        _add(name_ps, owned.part[has_part], owned.named[has_part], piece.self_ps[has_part])
        during = owned.within & ~owned.is_step
        np.add.at(own_ps[0], piece.name[during], piece.self_ps[during])
        has_part[: len(piece.kept)] = during[: len(piece.kept)] = False
        np.add.at(own_count[0], piece.name[during], 1)
        gives = has_part & owned.gives
        _add(name_count, owned.part[gives], owned.named[gives], np.int64(1))
        is_outer = has_part & (
            (owned.part[piece.parent] == _NONE)
            | owned.is_step[piece.parent]
            | (piece.parent == np.arange(len(piece.parent)))
        )
        outer.append((step[is_outer], piece.begin[is_outer], piece.end[is_outer], owned.part[is_outer]))
    between = np.zeros_like(parts)
    table = gap_table(annotated)
    _add_gaps(between, step_begin, step_end, outer, table)
    parts += between
    for device, busy in zip(devices, busy_parts):
        _add_gaps(busy, step_begin, step_end, outer, table, device.upto)
        if not np.array_equal(busy.sum(axis=1), device.upto(step_end) - device.upto(step_begin)):
            raise AssertionError("a device's busy time in the phases of a step does not sum to it")
    if not np.array_equal(parts.sum(axis=1), step_end - step_begin):
        raise AssertionError("the phases of a step do not sum to it")
    between[:, _PYTHON] = 0
    number = next(number for number, one in enumerate(trace.lines) if one is line)
    names = [""] if steps is None else [trace.names[name] for name in line.name[steps].tolist()]
    return StepPartition(
        number,
        names,
        step_begin,
        step_end,
        parts,
        between,
        name_ps,
        name_count,
        own_ps[0],
        own_count[0],
        annotated,
        steps is not None,
        busy_parts,
    )


def _only(trace: Trace, thread: str | None) -> Trace:
    """Returns the trace with the lines of that thread alone."""
    if thread is None:
        return trace
    lines = [line for line in trace.lines if line.thread == thread]
    if not lines:
        names = sorted(
            {line.thread for line in trace.lines}, key=lambda name: (not _PYTHON_THREAD.match(name), name)
        )
        raise RecordingError(
            f"{trace.source}: expected a thread called {thread}, found none",
            f"its threads: {', '.join(names[:_THREADS_TOLD])}"
            + (f" and {len(names) - _THREADS_TOLD} more" if len(names) > _THREADS_TOLD else ""),
        )
    return replace(trace, lines=lines)


def main_line(trace: Trace, kind: Kind, thread: str | None = None) -> tuple[TraceLine, Flags | None] | None:
    """Returns the thread that made the steps, and which of its events they are; or the one called ``thread``.

    Without steps it is the interpreter's thread: the one that runs ops, is called like the interpreter, or
    has most functions of Python; of several, the one with most events. Raises :class:`RecordingError` if
    there is no ``thread``.
    """
    trace = _only(trace, thread)
    best, best_ps = None, -1
    for line in trace.lines:
        steps = kind.is_step[line.name]
        where = np.flatnonzero(steps)
        if not len(where):
            continue
        begin, end = line.begin[where], line.end[where]
        latest = np.maximum.accumulate(end)
        outermost = np.append(True, begin[1:] >= latest[:-1])
        steps[where[~outermost]] = False
        steps_ps = int((end - begin)[outermost].sum())
        if steps_ps > best_ps:
            best, best_ps = (line, steps), steps_ps
    if best is not None or not trace.lines:
        return best
    runs_ops = kind.is_wrapper | kind.is_op
    is_python = np.array([name.startswith(_PYTHON_CALL) for name in trace.names], dtype=bool)

    def likely(line: TraceLine) -> tuple[int, bool, int, int]:
        return (
            int(runs_ops[line.name].sum()),
            bool(_PYTHON_THREAD.match(line.thread)),
            int(is_python[line.name].sum()),
            len(line.name),
        )

    return max(trace.lines, key=likely), None


def _busy_self(piece: NestedPiece, device: Busy) -> Ints:
    """How long a device was busy during the self time of each event of a piece."""
    during = device.upto(piece.end) - device.upto(piece.begin)
    return own_part(during, piece.parent, len(piece.kept))


def _add(
    table: Ints,
    row: npt.NDArray[np.integer[Any]],
    column: npt.NDArray[np.integer[Any]],
    value: Ints | np.int64,
) -> None:
    """Adds each value to its cell of ``table``, in whole numbers."""
    np.add.at(table.reshape(-1), row.astype(np.int64) * table.shape[1] + column, value)


def _add_gaps(
    parts: Ints,
    step_begin: Ints,
    step_end: Ints,
    outer: Sequence[tuple[Ints, Ints, Ints, Small]],
    table: Small,
    measure: Callable[[Ints], Ints] = lambda times: times,
) -> None:
    """Adds the time between the outermost events of each step to the parts to which it belongs.

    ``measure`` gives what is added of the time before each moment: all of it by default.
    """
    step, begin, end = (np.concatenate([piece[column] for piece in outer]) for column in range(3))
    part = np.concatenate([piece[3] for piece in outer])
    count = len(step)
    # An edge before each step's first event, and after its last.
    is_first = np.append(True, step[1:] != step[:-1])[:count]
    before_end = np.where(is_first, step_begin[step], np.append(0, end[:-1])[:count])
    before = np.where(is_first, np.int8(_EDGE), np.append(np.int8(0), part[:-1])[:count])
    _add(parts, step, table[before, part], measure(begin) - measure(before_end))
    last_end, last = step_begin.copy(), np.full(len(step_begin), _EDGE, dtype=np.int8)
    last_end[step], last[step] = end, part  # the last one of each step stays
    _add(parts, np.arange(len(step_begin)), table[last, _EDGE], measure(step_end) - measure(last_end))


# --- all threads ---


@dataclass(frozen=True)
class OtherWork:
    """What the threads other than the main one did during the steps.

    ``name_ps`` and ``name_count`` have a row per kind of thread and a column per name.
    """

    kinds: list[str]
    threads: list[int]
    name_ps: Ints
    name_count: Ints


def other_work(trace: Trace, steps: StepPartition) -> OtherWork:
    """Returns the work of all threads except the one that made the ``steps``, while they ran."""
    others = [line for line in trace.lines if line is not trace.lines[steps.line]]
    names = sorted({_thread_kind(line.thread) for line in others})
    row = {name: number for number, name in enumerate(names)}
    threads = [0] * len(names)
    name_ps = np.zeros((len(names), len(trace.names)), dtype=np.int64)
    name_count = np.zeros_like(name_ps)
    for line in others:
        number = row[_thread_kind(line.thread)]
        threads[number] += 1
        for piece in nested(line):
            step = np.maximum(np.searchsorted(steps.begin, piece.begin, side="right") - 1, 0)
            during = (piece.begin >= steps.begin[0]) & (piece.begin < steps.end[step])
            np.add.at(name_ps[number], piece.name[during], piece.self_ps[during])
            during[: len(piece.kept)] = False
            np.add.at(name_count[number], piece.name[during], 1)
    return OtherWork(names, threads, name_ps, name_count)


def kernel_op(name: str) -> str:
    """Returns the op that a kernel's event runs, or nothing.

    >>> kernel_op("model/dense/Relu:_FusedMatMul"), kernel_op("MakeIterator::RangeDataset")
    ('_FusedMatMul', '')
    """
    found = _KERNEL.fullmatch(name)
    return found.group(1) if found else ""


def _thread_kind(thread: str) -> str:
    """Returns a thread's name without what distinguishes it from others of its kind.

    >>> _thread_kind("tf_Compute/-1699827969022644908")
    'tf_Compute'
    """
    return _NUMBERED.sub("", thread) or thread
