"""The work of TensorFlow's own code, by phase.

In the ``tensorflow`` capture the probes annotate the trace with the phase of each
internal, so that every event of TensorFlow lies under a phase of the same thread.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ...model.report import EventThread, LayerShare, NativeShare
from ...model.trace import Correlated, DevicePlane, Trace, TraceLine
from ...model.workload import BuiltGraph, Layer
from ...recorder.protocol import ANNOTATION_PREFIX
from .device_work import waits_for_device
from .loop_steps import loop_steps
from .own_time import AFTER, Parts, main_parts, own_phase
from .typical_call import at_length
from .vocabulary import NUMBER, PHASES, RUNS_THE_MODEL, STICKY, TRANSPARENT, UNATTRIBUTED

#: An event below this share of the call's time is not listed.
LEAST_SHARE = 0.0005
#: The phase in which the host waits for a device.
_WAITING = "synchronization"
#: If only the whole call's time is known.
NOT_KNOWN: Mapping[str, int] = MappingProxyType({})
NOTHING_ON_DEVICES: Mapping[tuple[str, str], float] = MappingProxyType({})
#: Numbers that tell one function of a kind from another, as in ``__inference_step_125``.
_AGAIN = re.compile(r"_\d+$")
_NUMBERS = re.compile(r"(?<=_)\d+\b")


#: An event or a kernel, its phase, and other keys that identify it.
_Key = TypeVar("_Key", tuple[str, str, EventThread], tuple[str, str, str])


@dataclass
class TracedEvent:
    """An event within a call: its parent's number or -1, and the phase that it lies in."""

    name: str
    begin: int
    end: int
    parent: int
    self_ps: int
    phase: str


@dataclass(frozen=True)
class TracedSteps:
    """The calls in one trace: the thread that made them, its events, the others' lines, the devices.

    ``windows`` are the calls' begins and ends; ``threads`` names the others' lines.
    """

    calling: list[TracedEvent]
    others: list[list[TracedEvent]]
    thread: str
    threads: list[str]
    windows: list[tuple[int, int]]
    count: int
    total_ps: int
    devices: tuple[DevicePlane, ...]
    launches: Correlated


def native_shares(
    traces: Sequence[Trace],
    entry: str,
    total_ns: int,
    phase_ns: Mapping[str, int] = NOT_KNOWN,
) -> list[NativeShare]:
    """TensorFlow's events within the calls, by phase and thread, the most expensive first.

    ``entry`` is the step markers' name. Times are scaled to a call of ``total_ns`` in which the
    phases have ``phase_ns``.
    """
    events = _Events.of(traces, entry)
    times: defaultdict[tuple[str, str, EventThread], Counter[int]] = defaultdict(Counter)
    counts: Counter[tuple[str, str, EventThread]] = Counter()
    for call, phase, thread, event in events.all():
        if (event.parent >= 0 and not event.name.startswith(ANNOTATION_PREFIX)) or thread == "other":
            times[event.name, phase, thread][call] += event.self_ps
            counts[event.name, phase, thread] += 1
    shares = [
        NativeShare(
            event=event,
            phase=phase,
            self_ns=round(ns),
            count_per_call=round(counts[event, phase, thread] / events.calls, 3),
            thread=thread,
        )
        for (event, phase, thread), ns in events.typical(times, total_ns, phase_ns).items()
        if ns > LEAST_SHARE * total_ns
    ]
    return sorted(shares, key=lambda share: (share.thread, -share.self_ns, share.event, share.phase))


def waits_for_devices(traces: Sequence[Trace], entry: str) -> dict[str, float]:
    """The share of each phase in which the calling thread waits for a device, in the traced calls.

    Spans see only the waits of Python's own calls. Phases without such a wait are left out, and those that
    run the model: the wait for it is theirs.
    """
    waits: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for step in traced_steps(traces, entry):
        for event in step.calling:
            above = step.calling[event.parent].phase if event.parent >= 0 else UNATTRIBUTED
            if waits_for_device(event.name) and _may_wait(above):
                waits[above] += event.end - event.begin
            else:
                others[event.phase] += event.self_ps
    return {phase: ps / (ps + others[phase]) for phase, ps in waits.items() if ps}


def traced_partition(traces: Sequence[Trace], entry: str) -> npt.NDArray[np.float64]:
    """The partition by the traces alone: a row a call, a column a phase, in ns.

    It knows the phases from the annotations that the probes put into the traces.
    """
    rows = []
    for step in traced_steps(traces, entry):
        for event in step.calling:
            if event.parent < 0:
                rows.append(np.zeros(len(PHASES)))
            rows[-1][NUMBER[event.phase]] += event.self_ps / 1000
    return np.array(rows).reshape(-1, len(PHASES))


def layer_shares(
    traces: Sequence[Trace],
    entry: str,
    layers: Sequence[Layer],
    graphs: Sequence[BuiltGraph],
    total_ns: int,
    phase_ns: Mapping[str, int] = NOT_KNOWN,
    on_devices: Mapping[tuple[str, str], float] = NOTHING_ON_DEVICES,
) -> list[LayerShare]:
    """Time of the kernels by the layer that they were traced in, the most expensive first.

    A kernel's event is ``<path>:<Op>``; the path has the name scopes of its layers, from
    the model down. ``layers`` are the workload's, in the order they run in, and ``graphs``
    the ones that were built for it, which have the loops. Kernels of no layer are left out. Times
    are scaled as those of :func:`native_shares`. ``on_devices`` has the ns of a GPU's or TPU's kernels by
    name scope and op: if there are any, they count alone, since the host's events only launch them.
    """
    events = _Events.of(traces, entry)
    times: defaultdict[tuple[str, str, str], Counter[int]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    for call, phase, _, event in events.all():
        path, _, op = event.name.rpartition(":")
        if "/" in path:
            times[path, phase, op][call] += event.self_ps
        counts[path if "/" in path else event.name] += 1
    kernels: defaultdict[tuple[str, str], float] = defaultdict(float)
    if on_devices:
        kernels.update(on_devices)
    else:
        for (path, _, op), ns in events.typical(times, total_ns, phase_ns).items():
            kernels[path, op] += ns
    layer_of_path = layer_paths(layers, {path for path, _ in kernels})
    ops: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (path, op), ns in kernels.items():
        if path in layer_of_path:
            ops[layer_of_path[path]][op] += ns
    layer_ns = {layer: sum(by_op.values()) for layer, by_op in ops.items()}
    classes = {layer.layer: layer.layer_class for layer in layers}
    whole = sum(layer_ns.values())
    per_call = {event: count / max(events.calls, 1) for event, count in counts.items()}
    turns = loop_steps(per_call, graphs, functools.partial(layer_paths, layers))
    return [
        LayerShare(
            layer=layer,
            layer_class=classes[layer],
            self_ns=round(ns),
            share=round(ns / whole, 6) if whole else 0.0,
            ops=[op for op, _ in _largest_first(ops[layer])],
            op_shares=[round(op_ns / ns, 6) for _, op_ns in _largest_first(ops[layer]) if ns],
            loop_steps=round(turns.get(layer, 0), 1),
        )
        # A layer that runs a loop is one of them even if none of its kernels was traced.
        for layer, ns in sorted(
            {**dict.fromkeys(turns, 0.0), **layer_ns}.items(), key=lambda item: (-item[1], item[0])
        )
        if ns or turns.get(layer)
    ]


def layer_paths(layers: Sequence[Layer], paths: Collection[str]) -> dict[str, str]:
    """The innermost layer of each path that has one.

    TensorFlow makes names of scopes unique with numbers, so the scope ``dense_1`` may belong to the layer
    ``dense``. Keras 3 enters each layer's scope twice, older releases once; the right choice is the one
    whose names fit more paths.

    >>> two = [Layer(name, "Dense") for name in ("dense", "dense_1")]
    >>> layer_paths(two, ["m_1/dense_1/Relu", "m_1/dense_1_2/Relu"])
    {'m_1/dense_1/Relu': 'dense', 'm_1/dense_1_2/Relu': 'dense_1'}
    """
    candidates = []
    for entries in (1, 2):
        scopes = _scopes(layers, entries)
        found = {path: _innermost(path, scopes) for path in paths}
        candidates.append({path: layer for path, layer in found.items() if layer is not None})
    return max(candidates, key=lambda found: (len(set(found.values())), len(found)))


def _scopes(layers: Sequence[Layer], entries: int) -> dict[tuple[str | None, str], str]:
    """The layer of each (parent layer, scope), if each scope is entered that often.

    Names are made unique as TensorFlow does it:
    https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/python/framework/ops.py
    (``Graph.unique_name``).
    """
    scopes: dict[tuple[str | None, str], str] = {}
    used: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for layer in layers:
        names, wanted, scope = used[layer.parent], layer.layer, layer.layer
        for _ in range(entries):
            scope = wanted
            number = names[wanted]
            names[wanted] += 1
            if number:
                while names[scope]:
                    scope = f"{wanted}_{number}"
                    number += 1
                names[wanted] = number
                names[scope] = 1
        scopes[layer.parent, scope] = layer.layer
    return scopes


def _innermost(path: str, scopes: dict[tuple[str | None, str], str]) -> str | None:
    layer = None
    for part in path.split("/"):
        # A layer that is called again has a scope with a number more than any layer's own.
        layer = scopes.get((layer, part)) or scopes.get((layer, _AGAIN.sub("", part)), layer)
    return layer


def _largest_first(times: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(times.items(), key=lambda item: -item[1])


@dataclass(frozen=True)
class _Events:
    """The events of all traced calls, which are numbered from 0 across the traces."""

    steps: Sequence[TracedSteps]
    calls: int

    @classmethod
    def of(cls, traces: Sequence[Trace], entry: str) -> _Events:
        steps = list(traced_steps(traces, entry))
        return cls(steps, sum(step.count for step in steps))

    def all(self) -> Iterator[tuple[int, str, EventThread, TracedEvent]]:
        """Each event with its call, the phase that the calling thread was in, and whose thread it is on."""
        first = 0
        for step in self.steps:
            begins = [begin for begin, _ in step.windows]
            phase_at = phase_lookup(step.calling)
            for event in step.calling:
                yield first + bisect_right(begins, event.begin) - 1, event.phase, "calling", event
            for line in step.others:
                for event in line:
                    call = first + bisect_right(begins, event.begin) - 1
                    yield call, phase_at(event.begin), "other", event
            first += step.count

    def typical(
        self,
        times: Mapping[_Key, Mapping[int, int]],
        total_ns: int,
        phase_ns: Mapping[str, int],
    ) -> dict[_Key, float]:
        """Scales ``times``, ps by call, to ns in a call of ``total_ns``; a key's second part is its phase.

        The phases were measured in other calls than the traced ones, and tracing adds time to each phase
        in proportion to its events. So times are scaled to a call with ``phase_ns`` of their phase, if
        both know the phase, but never above the longest time seen, since annotations may be missing.
        """
        by_phase = np.zeros((self.calls, len(PHASES)))
        for call, phase, thread, event in self.all():
            if thread == "calling":
                by_phase[call, NUMBER[phase]] += event.self_ps / 1000
        keys: defaultdict[str, list[_Key]] = defaultdict(list)
        for key in times:
            known = phase_ns.get(key[1]) and by_phase[:, NUMBER[key[1]]].any()
            keys[key[1] if known else ""].append(key)
        found: dict[_Key, float] = {}
        for phase, of_phase in keys.items():
            columns = np.zeros((self.calls, len(of_phase)))
            for column, key in enumerate(of_phase):
                for call, ps in times[key].items():
                    columns[call, column] = ps / 1000
            lengths = by_phase[:, NUMBER[phase]] if phase else by_phase.sum(axis=1)
            length = min(phase_ns[phase], float(lengths.max())) if phase else float(total_ns)
            found.update(zip(of_phase, at_length(columns, lengths, length).tolist()))
        return found


def traced_steps(traces: Sequence[Trace], entry: str) -> Iterator[TracedSteps]:
    """The calls of each trace that has step markers, which are named ``entry``."""
    for trace in traces:
        steps = trace.steps(entry)
        if steps is None:
            continue
        calling, is_step = steps
        windows = list(zip(calling.begin[is_step].tolist(), calling.end[is_step].tolist()))
        others = [line for line in trace.lines if line is not calling]
        yield TracedSteps(
            calling=_events(trace, calling, windows),
            others=[_events(trace, line, windows) for line in others],
            thread=calling.thread,
            threads=[line.thread for line in others],
            windows=windows,
            count=len(windows),
            total_ps=sum(end - begin for begin, end in windows),
            devices=trace.devices,
            launches=trace.launches,
        )


def _events(trace: Trace, line: TraceLine, windows: Sequence[tuple[int, int]]) -> list[TracedEvent]:
    """The events of one thread within the windows, nested, with self times and phases."""
    events: list[TracedEvent] = []
    for window_begin, window_end in windows:
        first, last = np.searchsorted(line.begin, [window_begin, window_end])
        stack: list[int] = []
        for name, begin, end in zip(
            line.name[first:last].tolist(), line.begin[first:last].tolist(), line.end[first:last].tolist()
        ):
            while stack and events[stack[-1]].end <= begin:
                stack.pop()
            above = events[stack[-1]] if stack else None
            # Begin and end are read apart, so a child may outlast its parent by a tick.
            end = min(end, above.end if above else window_end)
            text = _plain(trace.names[name])
            phase = _phase_below(above.phase if above else UNATTRIBUTED, text)
            events.append(TracedEvent(text, begin, end, stack[-1] if stack else -1, end - begin, phase))
            if above:
                above.self_ps -= end - begin
            stack.append(len(events) - 1)
    _mark_teardown(events)
    return events


def _phase_below(above: str, event: str) -> str:
    """The phase of an event that lies under one of phase ``above``."""
    if waits_for_device(event) and _may_wait(above):
        return _WAITING
    if not event.startswith(ANNOTATION_PREFIX) or above in STICKY:
        return above
    phase = event[len(ANNOTATION_PREFIX) :]
    return phase if phase in NUMBER and phase != TRANSPARENT else above


def _may_wait(phase: str) -> bool:
    """Whether the wait for a device in a phase is told apart: the model's own has it already."""
    return phase not in (*STICKY, *RUNS_THE_MODEL, UNATTRIBUTED, _WAITING)


def _mark_teardown(events: Sequence[TracedEvent]) -> None:
    """Events after the last annotated part of their call are teardown.

    Those before the first one keep no phase: they have their own names.
    """
    roots = [number for number, event in enumerate(events) if event.parent < 0]
    calls = np.searchsorted(roots, np.arange(len(events)), side="right") - 1
    parts = [
        (calls[number], event.begin, event.end, NUMBER[event.phase])
        for number, event in enumerate(events)
        if event.phase != UNATTRIBUTED and event.parent >= 0 and events[event.parent].parent < 0
    ]
    own = [number for number, event in enumerate(events) if event.phase == UNATTRIBUTED and event.parent >= 0]
    main = main_parts(len(roots), Parts(*np.array(parts, dtype=np.int64).reshape(-1, 4).T))
    begins = np.array([events[number].begin for number in own], dtype=np.int64)
    ends = np.array([events[number].end for number in own], dtype=np.int64)
    for number, position in zip(own, main.positions(calls[own], begins, ends)):
        if position == AFTER:
            events[number].phase = own_phase(AFTER, "")


def phase_lookup(events: Sequence[TracedEvent]) -> Callable[[int], str]:
    """A function that returns the phase that the thread of ``events`` was in at a time."""
    changes: list[tuple[int, str]] = []
    stack: list[TracedEvent] = []
    for event in events:
        while stack and stack[-1].end <= event.begin:
            closed = stack.pop().end
            changes.append((closed, stack[-1].phase if stack else UNATTRIBUTED))
        changes.append((event.begin, event.phase))
        stack.append(event)
    while stack:
        closed = stack.pop().end
        changes.append((closed, stack[-1].phase if stack else UNATTRIBUTED))
    times = [time for time, _ in changes]

    def phase_at(time: int) -> str:
        at = bisect_right(times, time) - 1
        return changes[at][1] if at >= 0 else UNATTRIBUTED

    return phase_at


def _plain(name: str) -> str:
    """An event's name without the numbers that tell one function of a kind from another.

    >>> _plain("EagerLocalExecute: __inference_one_step_125")
    'EagerLocalExecute: __inference_one_step_*'
    """
    return _NUMBERS.sub("*", name) if "__inference" in name else name
