"""Threads that call models wait for one another at a lock."""

from __future__ import annotations

import re

import numpy as np

from ...model.file_names import file_name
from ...model.program import ProcessRecording, SampledFrame
from ...model.program_report import ProgramCause
from ...number_words import duration, percent
from ..sampled_paths import paths_of
from .program_rule import ProgramRule
from .program_view import LEAST_SAMPLES, ProgramView

#: If the threads wait less than this part of their time, the lock does no harm.
LEAST_WAITING = 0.2
#: Code that takes a lock written in C, such as those of ``threading``. A lock written in Python would have
#: its own frame below.
_TAKES = re.compile(r"^(async )?with\b|\.acquire\(")


def judge(view: ProgramView) -> list[ProgramCause]:
    threads = np.unique(view.process.calls["thread"]).tolist()
    if len(threads) < 2:
        return []
    waited, seen, samples = _waited(view.process, threads)
    if not waited:
        return []
    line = max(waited, key=lambda one: waited[one])
    part = waited[line] / max(seen, 1)
    # On average over the threads: while one holds the lock, all others wait.
    each_ns = waited[line] // len(threads)
    total_ns = min(int(part * view.wall_ns), each_ns)
    if part < LEAST_WAITING or samples[line] < LEAST_SAMPLES or not view.is_much(total_ns):
        return []
    return [
        view.cause_at(
            RULE.id,
            (line.file, line.line),
            total_ns,
            f"{len(threads)} threads that call the model wait for a lock in `{line.function}` at "
            f"{file_name(line.file)}:{line.line}: {percent(part)} of their time",
            [
                f"line {line.line}: {line.source}",
                f"{duration(each_ns)} of {duration(seen // len(threads))} per thread, on average",
                f"seen in {samples[line]} samples",
            ],
            "hold the lock only for work that two threads must not do at once: several threads may call "
            "predict_on_batch, model(x) and functions; or let one thread call the model with all waiting "
            "rows in one batch",
        )
    ]


def _waited(
    process: ProcessRecording, threads: list[int]
) -> tuple[dict[SampledFrame, int], int, dict[SampledFrame, int]]:
    """Time seen at each line that takes a lock, time seen in total, and samples at each line."""
    waited: dict[SampledFrame, int] = {}
    samples: dict[SampledFrame, int] = {}
    seen = 0
    stacks = process.stacks
    paths = [] if stacks is None else [path for thread in threads for path in paths_of(stacks, thread)]
    for path in paths:
        seen += path.wall_ns
        line = path.line
        if line is None or path.group is not None or path.activities or path.below:
            continue
        if _TAKES.search(line.source):
            waited[line] = waited.get(line, 0) + path.wall_ns
            samples[line] = samples.get(line, 0) + path.count
    return waited, seen, samples


RULE = ProgramRule(
    id="lock_waited_for",
    meaning=(
        "Several threads call models, but most of them wait for your lock: only one works at a time, "
        "however many there are."
    ),
    judge=judge,
)
