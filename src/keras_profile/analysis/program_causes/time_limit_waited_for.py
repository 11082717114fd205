"""A thread that calls models waits for its time limit before each call, as for a batch that never fills."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...model.arrays import Ints
from ...model.file_names import file_name
from ...model.program import ProcessRecording, SampledFrame, Stacks
from ...model.program_report import ProgramCause
from ...number_words import duration, percent
from ..library_functions import is_waiting
from ..program_time import on_one_clock
from ..sampled_paths import SampledPath, paths_of
from .program_rule import ProgramRule
from .program_view import LEAST_SAMPLES, ProgramView

#: So many pauses between calls are compared; this part of them has to be within this part of the median, and
#: the wait has to be this part of them: work does not arrive so regularly, time limits end like this.
LEAST_PAUSES, ALIKE, CLOSE, LEAST_OF_PAUSES = 10, 0.75, 0.2, 0.6
#: All of the main thread's wait, nearly, has to be for this: else it makes the work, now and then.
MOST_OF_MAIN = 0.9
#: A limit that is written as a number and longer than this many pauses does not end them.
LONGER = 1.3
#: A wait with a time limit: a keyword, or an argument that is no other's.
_WRITTEN = re.compile(r"(?:timeout\s*=|\.wait\()\s*(\d+(?:\.\d*)?)\s*[),]")
_LIMITED = re.compile(r"\btimeout\s*=|\.wait\(\s*[^)\s]|\.get\(\s*(True|1)\s*,")
#: Where the main thread waits for other threads, by module.
_FOR_THREADS = ("threading", "concurrent.futures._base", "queue")
_MAIN = 0


def judge(view: ProgramView) -> list[ProgramCause]:
    process = view.process
    if process.stacks is None:
        return []
    main_waits_ns = _waits_for_threads(process.stacks)
    found = [
        _of_thread(view, process, thread, main_waits_ns)
        for thread in np.unique(process.calls["thread"]).tolist()
        if thread != _MAIN
    ]
    return [cause for cause in found if cause is not None]


def _of_thread(
    view: ProgramView, process: ProcessRecording, thread: int, main_waits_ns: int
) -> ProgramCause | None:
    assert process.stacks is not None
    waits: dict[SampledFrame, list[SampledPath]] = {}
    for path in paths_of(process.stacks, thread):
        if path.line is not None and path.group is None and is_waiting(path.below):
            waits.setdefault(path.line, []).append(path)
    limited = {line: paths for line, paths in waits.items() if _LIMITED.search(line.source)}
    if not limited:
        return None
    line = max(limited, key=lambda one: _wall(limited[one]))
    pauses = _pauses(process, thread)
    waited_ns, samples = _wall(limited[line]), sum(path.count for path in limited[line])
    if len(pauses) < LEAST_PAUSES or samples < LEAST_SAMPLES or not view.is_much(waited_ns):
        return None
    calls_ns = int(process.calls["wall_ns"][process.calls["thread"] == thread].sum())
    if main_waits_ns < MOST_OF_MAIN * (waited_ns + calls_ns):
        return None
    median = float(np.median(pauses))
    limit = _WRITTEN.search(line.source)
    if limit is not None and float(limit[1]) * 1e9 > LONGER * median:
        return None
    alike = float((np.abs(pauses - median) <= CLOSE * median).mean())
    if alike < ALIKE or waited_ns < LEAST_OF_PAUSES * int(pauses.sum()):
        return None
    return view.cause_at(
        RULE.id,
        (line.file, line.line),
        waited_ns,
        f"`{line.function}` at {file_name(line.file)}:{line.line} waits for its time limit before each "
        f"call, about {duration(round(median))}: {percent(view.share(waited_ns))} of the program",
        [
            f"line {line.line}: {line.source}",
            f"{percent(alike)} of {len(pauses)} pauses between calls are equally long, as a limit ends them",
            "the main thread waits for other threads meanwhile",
            f"seen in {samples} samples",
        ],
        "take what is there without waiting (`get_nowait`) and call the model at once: the next batch "
        "collects while it works; or wait a few ms at most, for as many rows as clients wait at once",
    )


def _wall(paths: Sequence[SampledPath]) -> int:
    return sum(path.wall_ns for path in paths)


def _pauses(process: ProcessRecording, thread: int) -> Ints:
    """How long it took from the end of each call of a thread to the next, in ns."""
    begin, end = on_one_clock(process, process.calls[process.calls["thread"] == thread])
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], end[order]
    pauses: Ints = begin[1:] - np.maximum.accumulate(end)[:-1]
    return pauses[pauses > 0]  # the others are within a call


def _waits_for_threads(stacks: Stacks) -> int:
    """How long the main thread waits for other threads, in ns."""
    return _wall(
        [
            path
            for path in paths_of(stacks, _MAIN)
            if is_waiting(path.below) and path.below[-1].module in _FOR_THREADS
        ]
    )


RULE = ProgramRule(
    id="time_limit_waited_for",
    meaning=(
        "A thread collects work for the model, and waits for more until its time limit is over, before each "
        "call. Whoever waits for the results waits for the limit too, while nothing works."
    ),
    judge=judge,
)
