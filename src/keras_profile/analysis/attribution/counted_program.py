"""Divides a whole program by cProfile's counts, which begin at the program and not at a call.

Entry points spread from callers to callees as phases do in :mod:`.counted`, and then the phases within each
entry point, by the part of each caller's time that is in it.

A wrapper that all methods of Keras share would mix them up: counts do not say who called what through it.
But a method such as ``predict`` is called by the program alone. So its time is taken from what the program
spent in the wrapper; what is left there is of ``model(x)``, as far as that goes, and only then of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...model.call_graph import CallGraph
from .counted import SETTLED, STEPS, settled_mix
from .entered import (
    CALL,
    CALLED_BY_PROGRAM,
    INFERENCE,
    MAKING,
    ON_BATCH,
    PREDICT,
    PROGRAM,
    STATE_NUMBER,
    STATES,
    TRAINING,
    is_making,
    kind_of,
    transitions,
)
from .named_functions import NamedFunction
from .program_division import Caller, Floats, ProgramDivision
from .vocabulary import NO_PHASE, NUMBER, PHASES

_Ints = npt.NDArray[np.int64]

_ENTRIES = (*INFERENCE, *TRAINING)
#: A function with less than this part of an entry point's time below it is not in it.
_LEAST = 1e-9
#: How many times as long a call through a wrapper may take as the call of what it wraps, and be that.
_ALIKE = 2.0
#: How many wrappers are looked into; Keras has one.
_WRAPPERS = 16
#: A user's time in a function that others call too, as a part of that, below which it is something else.
_LEAST_PART = 0.05
#: The part of a function's time that its caller's time must be at least, by rounding.
_NEARLY = 0.98


@dataclass(frozen=True)
class _Edges:
    """Who called whom: numbers, calls, and ns with and without what the callee called."""

    caller: _Ints
    callee: _Ints
    calls: _Ints
    total: Floats
    own: Floats

    def __getitem__(self, rows: npt.NDArray[np.bool_] | _Ints) -> _Edges:
        return _Edges(
            self.caller[rows], self.callee[rows], self.calls[rows], self.total[rows], self.own[rows]
        )


def divide_counts(graph: CallGraph, functions: Sequence[NamedFunction]) -> ProgramDivision:
    """Divides what ``graph`` counted of a program; ``functions`` says what each of its functions is."""
    kinds = [kind_of(one) for one in functions]
    edges = _edges(graph)
    wrappers = _shared_wrappers(edges, functions, kinds)
    callers, taken = _callers(graph, edges, wrappers, functions, kinds)
    mix, on_edge = _settled_states(graph, edges, wrappers, kinds)
    called, making = np.array(graph.self_ns) @ mix[:, [STATE_NUMBER[CALL], STATE_NUMBER[MAKING]]]
    nobody_calls = bool(callers) and all(one.entry != CALL for one in callers)
    if nobody_calls or is_making(called, making):
        for shares in (mix, on_edge):
            shares[:, STATE_NUMBER[MAKING]] += shares[:, STATE_NUMBER[CALL]]
            shares[:, STATE_NUMBER[CALL]] = 0.0
        callers = [one for one in callers if one.entry != CALL]
        taken = {key: ns for key, ns in taken.items() if key[1] != CALL}
    # What a wrapper does as an entry point returns is the entry point's: it destroys what the call left.
    own = np.array(graph.self_ns, dtype=np.float64)
    left = own.copy()
    for (wrapper, _), ns in taken.items():
        left[wrapper] -= ns
    states = np.maximum(left, 0.0) @ mix
    phases: dict[str, Floats] = {}
    own_within, total_within = np.zeros(len(functions)), np.zeros(len(functions))
    phase_numbers = np.array(
        [-1 if one.phase is None or one.phase in NO_PHASE else NUMBER[one.phase] for one in functions],
        dtype=np.int64,
    )
    for entry in INFERENCE:
        share = mix[:, STATE_NUMBER[entry]]
        found = _phases_within(left, share, on_edge[:, STATE_NUMBER[entry]], edges, phase_numbers)
        phases[entry] = found
        own_within += own * share
        total_within += np.array(graph.total_ns) * share
    _as_counted(graph, edges, on_edge, kinds, states, phases)
    for (_, entry), ns in taken.items():
        states[STATE_NUMBER[entry]] += ns
        if entry in phases:
            phases[entry][NUMBER["teardown"]] += ns
    inference = mix[:, [STATE_NUMBER[entry] for entry in INFERENCE]].sum(axis=1)
    return ProgramDivision(
        states=states,
        phases=phases,
        total=total_within,
        own=own_within,
        own_of_all=own,
        callers=callers,
        calls=np.array(graph.total_calls) * inference,
        entry_calls=_entry_calls(graph, kinds, callers),
        lost=_lost(edges, functions, kinds),
    )


def _lost(edges: _Edges, functions: Sequence[NamedFunction], kinds: Sequence[str]) -> int:
    """How many internals have no caller, although Keras or TensorFlow calls them.

    Only wrappers and entry points may be what the profiler saw first.
    """
    called = set(edges.callee.tolist())
    return sum(
        one.phase is not None and not one.is_wrapper and kind not in _ENTRIES and number not in called
        for number, (one, kind) in enumerate(zip(functions, kinds))
    )


def _edges(graph: CallGraph) -> _Edges:
    """The edges between different functions."""
    table = np.array(graph.edges, dtype=np.int64).reshape(-1, 4)
    own = np.array(graph.edge_self_ns, dtype=np.float64)
    every = _Edges(table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.float64), own)
    return every[every.caller != every.callee]


def _shared_wrappers(edges: _Edges, functions: Sequence[NamedFunction], kinds: Sequence[str]) -> _Ints:
    """The wrappers that call methods which only the program calls, those that take most time."""
    is_wrapper = np.array([one.is_wrapper for one in functions], dtype=bool)
    calls = is_wrapper[edges.caller] & _is_method(kinds)[edges.callee]
    time = np.bincount(edges.caller[calls], edges.total[calls], len(functions))
    wrappers = np.unique(edges.caller[calls])
    return np.sort(wrappers[np.argsort(-time[wrappers], kind="stable")][:_WRAPPERS])


def _is_method(kinds: Sequence[str]) -> npt.NDArray[np.bool_]:
    return np.array([kind in CALLED_BY_PROGRAM for kind in kinds], dtype=bool)


def _settled_states(
    graph: CallGraph, edges: _Edges, wrappers: _Ints, kinds: Sequence[str]
) -> tuple[Floats, Floats]:
    """For each function the shares of the states that it ran in, and for each edge those of its caller."""
    count = len(kinds)
    to = transitions(kinds)
    program = STATE_NUMBER[PROGRAM]
    time = edges.total + 1.0
    # What has no caller was called before the profiler began.
    whole: Floats = np.maximum(np.bincount(edges.callee, time, count), np.array(graph.total_ns) + 1.0)
    weight = time / whole[edges.callee]
    through = _Through(edges, wrappers, kinds, whole)
    mix: Floats = np.zeros((count, len(STATES)))
    mix[:, program] = 1.0
    on_edge: Floats = mix[edges.caller].copy()
    rows = np.arange(count)
    for _ in range(STEPS):
        on_edge = mix[edges.caller].copy()
        through.share_out(mix, on_edge)
        above: Floats = np.zeros((count, len(STATES)))
        for state in range(len(STATES)):
            above[:, state] = np.bincount(edges.callee, on_edge[:, state] * weight, count)
        above[:, program] += np.maximum(0.0, 1.0 - above.sum(axis=1))
        below: Floats = np.zeros_like(above)
        for state in range(len(STATES)):
            below[rows, to[:, state]] += above[:, state]
        settled = np.abs(below - mix).max(initial=0.0) < SETTLED
        mix = below
        if settled:
            break
    return mix, on_edge


def _phases_within(
    own: Floats, share: Floats, edge_share: Floats, edges: _Edges, phase_numbers: _Ints
) -> Floats:
    """The phases of an entry point: of each function, the part of its own time that is in it."""
    within = np.flatnonzero(share > _LEAST)
    place = np.full(len(share), -1)
    place[within] = np.arange(len(within))
    time = (edges.total + 1.0) * edge_share
    kept = (place[edges.caller] >= 0) & (place[edges.callee] >= 0) & (time > 0)
    caller, callee, time = place[edges.caller[kept]], place[edges.callee[kept]], time[kept]
    whole = np.bincount(callee, time, len(within))
    mix = settled_mix(phase_numbers[within], caller, callee, time / whole[callee])
    phases: Floats = (np.maximum(own, 0.0) * share)[within] @ mix if len(within) else np.zeros(len(PHASES))
    return phases


def _as_counted(
    graph: CallGraph,
    edges: _Edges,
    on_edge: Floats,
    kinds: Sequence[str],
    states: Floats,
    phases: dict[str, Floats],
) -> None:
    """Scales the parts of methods of inference to their whole time, which the profile knows itself.

    Functions that several entry points share were divided among them by estimate. What a method has more or
    less than its time goes to all else, in proportion.
    """
    known = {}
    for entry in (PREDICT, ON_BATCH):
        methods = [number for number, kind in enumerate(kinds) if kind == entry]
        nested = np.isin(edges.callee, methods)
        within = on_edge[nested][:, [STATE_NUMBER[PREDICT], STATE_NUMBER[ON_BATCH]]].sum(axis=1)
        known[entry] = max(
            sum(graph.total_ns[one] for one in methods) - float(edges.total[nested] @ within), 0.0
        )
    others = [number for number, state in enumerate(STATES) if state not in known]
    whole, rest = states.sum(), states[others].sum()
    left = whole - sum(known.values())
    if left < 0 or not rest:  # counts that contradict each other
        return
    for entry, ns in known.items():
        estimate = phases[entry].sum()
        phases[entry] *= ns / estimate if estimate else 0.0
        states[STATE_NUMBER[entry]] = phases[entry].sum()
    states[others] *= (whole - sum(states[STATE_NUMBER[entry]] for entry in known)) / rest
    estimate = phases[CALL].sum()
    phases[CALL] *= states[STATE_NUMBER[CALL]] / estimate if estimate else 0.0


class _Through:
    """What goes through shared wrappers: the edges from them to methods, to layers, and to others."""

    def __init__(self, edges: _Edges, wrappers: _Ints, kinds: Sequence[str], whole: Floats) -> None:
        is_call = np.array([kind == CALL for kind in kinds], dtype=bool)[edges.callee]
        is_method = _is_method(kinds)[edges.callee]
        self._parts = []
        for wrapper in wrappers.tolist():
            mine = edges.caller == wrapper
            self._parts.append(
                (
                    wrapper,
                    float(whole[wrapper]),
                    np.flatnonzero(mine & is_method),
                    np.flatnonzero(mine & is_call),
                    np.flatnonzero(mine & ~is_method & ~is_call),
                    float(edges.total[mine & is_method].sum()),
                    float(edges.total[mine & is_call].sum()),
                )
            )

    def share_out(self, mix: Floats, on_edge: Floats) -> None:
        """Sets the shares on the edges from wrappers, by those of the wrappers and what each can be of."""
        program = STATE_NUMBER[PROGRAM]
        only_program = np.eye(len(STATES))[program]
        for wrapper, whole, methods, layers, others, in_methods, in_layers in self._parts:
            of_program = max(float(mix[wrapper, program]) * whole - in_methods, 0.0)
            rest = mix[wrapper] * (1.0 - only_program)
            rest = rest / rest.sum() if rest.sum() > 0 else only_program
            to_layers = min(of_program, in_layers)
            share = to_layers / in_layers if in_layers else 0.0
            left = of_program - to_layers
            other_share = min(left / max(whole - in_methods - in_layers, 1.0), 1.0)
            on_edge[methods] = only_program
            on_edge[layers] = share * only_program + (1.0 - share) * rest
            on_edge[others] = other_share * only_program + (1.0 - other_share) * rest


@dataclass
class _Left:
    """Calls and ns of an edge that are not yet matched; ``own`` is the part that is the wrapper's own."""

    function: int
    calls: int
    ns: float
    own: float = 0.0

    @property
    def per_call(self) -> float:
        return self.ns / max(self.calls, 1)

    def holds(self, other: _Left) -> bool:
        """Whether all calls of ``other`` can have been made here."""
        return self.calls >= other.calls and self.ns >= _NEARLY * other.ns

    def take(self, calls: int, ns: float) -> float:
        """Takes calls and ns away; returns the wrapper's own part of them."""
        own = self.own * min(calls / max(self.calls, 1), 1.0)
        self.calls, self.ns, self.own = self.calls - calls, self.ns - ns, self.own - own
        return own


def _callers(
    graph: CallGraph,
    edges: _Edges,
    wrappers: _Ints,
    functions: Sequence[NamedFunction],
    kinds: Sequence[str],
) -> tuple[list[Caller], dict[tuple[int, str], float]]:
    """The functions of the program that call entry points, and the wrappers' own ns for each of these."""
    is_entry = np.array([kind in _ENTRIES for kind in kinds], dtype=bool)
    is_calling = np.array([one.is_calling for one in functions], dtype=bool)
    direct = edges[is_calling[edges.caller] & is_entry[edges.callee]]
    found = [
        Caller(int(caller), kinds[callee], float(total), int(calls))
        for caller, callee, calls, total in zip(direct.caller, direct.callee, direct.calls, direct.total)
    ]
    taken: dict[tuple[int, str], float] = {}
    for wrapper in wrappers.tolist():
        above = edges[(edges.callee == wrapper) & is_calling[edges.caller]]
        users = [
            _Left(int(caller), int(calls), float(total - own), float(own))
            for caller, calls, total, own in zip(above.caller, above.calls, above.total, above.own)
        ]
        below = edges[(edges.caller == wrapper) & (is_entry | _is_method(kinds))[edges.callee]]
        for row in np.lexsort((-below.total, [kinds[callee] == CALL for callee in below.callee])):
            callee = int(below.callee[row])
            # Of calls in each other, the outermost have the time.
            calls = min(int(below.calls[row]), graph.primitive_calls[callee])
            wanted = _Left(callee, calls, float(below.total[row]))
            for user, calls, ns, own in _matched(wanted, users, kinds[callee] == CALL):
                if not is_entry[callee]:
                    continue
                found.append(Caller(user, kinds[callee], ns + own, calls))
                key = wrapper, kinds[callee]
                taken[key] = taken.get(key, 0.0) + own
    return found, taken


def _matched(wanted: _Left, users: list[_Left], is_partly: bool) -> Iterator[tuple[int, int, float, float]]:
    """The users that made a function's calls through a wrapper: number, calls, ns, and the wrapper's own.

    Counts do not say it, so it is concluded: the calls are of one user if one can have made them all, the
    one whose calls are most alike; or else of all whose calls are alike. If a function is called by others
    too (``is_partly``), only the latter counts.
    """
    able = [one for one in users if one.calls and one.holds(wanted)]
    if able and not is_partly:
        user = min(able, key=lambda one: (one.calls != wanted.calls, abs(one.ns - wanted.ns)))
        yield user.function, wanted.calls, wanted.ns, user.take(wanted.calls, wanted.ns)
        return
    least, per_call = _LEAST_PART * wanted.ns if is_partly else 0.0, wanted.per_call
    for user in sorted(users, key=lambda one: -one.ns):
        if user.ns < least:
            break
        alike = per_call <= _ALIKE * user.per_call and user.per_call <= _ALIKE * per_call
        if alike and 0 < user.calls <= wanted.calls:
            calls, ns = user.calls, user.ns
            own = user.take(calls, ns)
            wanted.take(calls, min(ns, wanted.ns))
            yield user.function, calls, ns, own


def _entry_calls(graph: CallGraph, kinds: Sequence[str], callers: Sequence[Caller]) -> dict[str, int]:
    """How often the program called each entry point; of ``model(x)``, only the calls of known callers."""
    found = dict.fromkeys(_ENTRIES, 0)
    for number, kind in enumerate(kinds):
        if kind in found and kind != CALL:
            found[kind] += graph.primitive_calls[number]
    found[CALL] = sum(one.calls or 0 for one in callers if one.entry == CALL)
    return found
