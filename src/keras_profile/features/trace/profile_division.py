"""A program's profile of another profiler, divided by the internals table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from ...analysis.attribution.counted_program import divide_counts
from ...analysis.attribution.entered import INFERENCE, STATE_NUMBER, TRAINING
from ...analysis.attribution.named_functions import NamedFunctions, module_of_row, name_functions
from ...analysis.attribution.program_division import Floats, ProgramDivision
from ...analysis.attribution.sampled_program import divide_samples
from ...analysis.attribution.vocabulary import NO_PHASE, PHASES
from ...errors import RecordingError
from ...model.call_graph import Function
from ...model.foreign_profile import ForeignProfile
from ...number_words import plural
from .trace_report import (
    ProfileCaller,
    ProfileDivision,
    ProfileEntry,
    ProfileFunction,
    ProfileInternal,
    ProfilePhase,
)

#: How many internals, callers and functions of a program are listed.
_INTERNALS, _CALLERS, _FUNCTIONS = 30, 30, 10
#: An entry point, phase or internal below this share is left out of its list, unless it sums up.
_LEAST_SHARE = 0.0005

_NOT_TOLD = {
    "pstats": "counts do not show single calls, their order, native events, or what threads wait for",
    "folded": "such samples do not show times, calls, native events, or what threads wait for",
}
_OF_SAMPLES = "samples do not show single calls, how many there are, native events, or what threads wait for"
_HIDDEN = (
    "unless told to show all, pyinstrument leaves out of this format what takes less than 1% of the program: "
    "its time is that of its caller. A session has all: pyinstrument -r session -o FILE.pyisession script.py"
)
_LOST = (
    "the profile is incomplete: {} of Keras and TensorFlow {} no caller, so calls are missing. Python 3.12 "
    "and 3.13.0 lose calls in cProfile (https://github.com/python/cpython/issues/122029): record with "
    "another release, with pyinstrument, or with keras-profile"
)
_SHARED = (
    "counts do not show which entry point a shared function worked for: the phases are an estimate, of all "
    "entry points together"
)


def divide_profile(profile: ForeignProfile) -> ProfileDivision:
    """Divides a profile. Raises :class:`RecordingError` if nothing in it took any time."""
    graph, samples = profile.graph, profile.samples
    if graph is not None:
        functions = graph.functions
        named = name_functions(functions, by_first_line=True)
        found = divide_counts(graph, named.functions)
    else:
        assert samples is not None, "a profile has counts or samples"
        functions = samples.frames
        named = name_functions(functions, by_first_line=False)
        found = divide_samples(samples, named.functions, profile.in_order)
    total = round(float(found.states.sum()))
    if total <= 0:
        raise RecordingError(
            f"{profile.source}: expected a profile of a program, found one in which nothing took any time",
            "record again, for longer",
        )
    phases = {entry: dict(zip(PHASES, _whole(found.phases[entry]))) for entry in INFERENCE}
    inference = sum(sum(costs.values()) for costs in phases.values())
    entered = [entry for entry, costs in phases.items() if sum(costs.values())]
    is_estimate = graph is not None and len(entered) > 1
    training = sum(round(float(found.states[STATE_NUMBER[entry]])) for entry in TRAINING)
    entries = [
        *(
            _entry(entry, sum(costs.values()), total, found, {} if is_estimate else costs)
            for entry, costs in phases.items()
        ),
        *(_entry(one, round(float(found.states[STATE_NUMBER[one]])), total, found, {}) for one in TRAINING),
    ]
    summed: defaultdict[str, int] = defaultdict(int)
    for costs in phases.values():
        for phase, cost in costs.items():
            summed[phase] += cost
    return ProfileDivision(
        file=profile.source,
        format=profile.format,
        made_by=profile.made_by,
        unit=profile.unit,
        threads=profile.threads,
        has_framework=any(one.is_framework for one in named.functions),
        keras=named.root,
        generation=named.generation,
        total=total,
        inference=inference,
        training=training,
        entries=sorted((one for one in entries if one.cost), key=lambda one: (one.is_training, -one.cost)),
        phases=_phases(summed, inference),
        internals=_internals(found, named, inference),
        callers=_callers(found, functions, total),
        functions=_functions(found, functions, total),
        not_told=_NOT_TOLD.get(profile.format, _OF_SAMPLES),
        notes=list(_notes(profile, found.lost, is_estimate)),
    )


def _whole(parts: Floats) -> list[int]:
    """Whole numbers for ``parts``, which sum to the rounded sum of them."""
    upto = np.rint(np.cumsum(np.concatenate([[0.0], parts]))).astype(np.int64)
    return [int(one) for one in np.diff(upto)]


def _entry(entry: str, cost: int, total: int, found: ProgramDivision, phases: dict[str, int]) -> ProfileEntry:
    calls = None if found.entry_calls is None else found.entry_calls[entry]
    return ProfileEntry(entry, entry in TRAINING, cost, _share(cost, total), calls, _phases(phases, cost))


def _phases(costs: dict[str, int], whole: int) -> list[ProfilePhase]:
    """The phases with any cost, most expensive first."""
    rows = sorted(costs.items(), key=lambda row: (-row[1], row[0]))
    return [ProfilePhase(phase, cost, _share(cost, whole)) for phase, cost in rows if cost]


def _share(part: float, whole: float) -> float:
    return round(min(float(part) / float(whole), 1.0), 6) if whole else 0.0


def _internals(found: ProgramDivision, named: NamedFunctions, inference: int) -> list[ProfileInternal]:
    """The internals within calls of a model, most expensive first; lines of one function together."""
    rows: dict[tuple[str, str, str, int], list[float]] = {}
    for number, one in enumerate(named.functions):
        if one.row is None or one.row.phase in NO_PHASE or found.total[number] <= 0:
            continue
        # Functions that are counted may have the same name and call each other.
        apart = 0 if found.calls is None else number
        key = module_of_row(one.row, one.root), one.row.qualname, one.row.phase, apart
        sums = rows.setdefault(key, [0.0, 0.0, 0.0])
        sums[0] += found.total[number]
        sums[1] += found.own[number]
        sums[2] += 0.0 if found.calls is None else found.calls[number]
    internals = [
        ProfileInternal(
            module,
            qualname,
            phase,
            cost=min(round(cost), inference),
            self_cost=min(round(own), inference),
            share=_share(cost, inference),
            calls=None if found.calls is None else round(calls),
        )
        for (module, qualname, phase, _), (cost, own, calls) in rows.items()
        if cost > _LEAST_SHARE * inference
    ]
    return sorted(internals, key=lambda one: (-one.cost, one.module, one.qualname))[:_INTERNALS]


def _callers(found: ProgramDivision, functions: Sequence[Function], total: int) -> list[ProfileCaller]:
    callers = [
        ProfileCaller(
            functions[one.function].name,
            functions[one.function].file,
            functions[one.function].line,
            one.entry,
            round(one.cost),
            _share(one.cost, total),
            one.calls,
        )
        for one in found.callers
    ]
    return sorted(callers, key=lambda one: (-one.cost, one.file, one.line, one.entry))[:_CALLERS]


def _functions(found: ProgramDivision, functions: Sequence[Function], total: int) -> list[ProfileFunction]:
    """The functions of the program by their own cost; of lines of one function, the first that was seen."""
    own: defaultdict[tuple[str, str], float] = defaultdict(float)
    lines: dict[tuple[str, str], int] = {}
    for function, cost in zip(functions, found.own_of_all.tolist()):
        key = function.name, function.file
        own[key] += cost
        lines.setdefault(key, function.line)
    most = sorted(own.items(), key=lambda one: (-one[1], one[0]))[:_FUNCTIONS]
    return [
        ProfileFunction(name, file, lines[name, file], round(cost), _share(cost, total))
        for (name, file), cost in most
        if cost > 0
    ]


def _notes(profile: ForeignProfile, lost: int, is_estimate: bool) -> Iterable[str]:
    if lost:
        yield _LOST.format(plural(lost, "function"), "has" if lost == 1 else "have")
    if profile.format == "speedscope" and profile.made_by == "pyinstrument":
        yield _HIDDEN
    if is_estimate:
        yield _SHARED
