"""A process was forked after TensorFlow ran, and hangs in its first call."""

from __future__ import annotations

from ...model.file_names import file_name
from ...model.program import ProcessRecording
from ...model.program_report import ProgramCause
from ...number_words import milliseconds
from ..program_parts import MAIN_THREAD
from ..sampled_paths import SampledPath, paths_of
from .program_rule import ProgramRule
from .program_view import ProgramView

#: A call hangs if it did not return within this, in a child in which no call ever did.
LEAST_HANGING_NS = 2_000_000_000


def judge(view: ProgramView) -> list[ProgramCause]:
    hanging = [found for found in map(_hanging, view.processes) if found is not None]
    if not hanging:
        return []
    child, path = hanging[0]
    line = path.line
    place = "" if line is None else f" at {file_name(line.file)}:{line.line}"
    return [
        ProgramCause(
            cause=RULE.id,
            title=f"A forked process hangs in its first call{place}: TensorFlow had run before the fork",
            file="" if line is None else line.file,
            line=0 if line is None else line.line,
            total_ns=0,
            share=0.0,
            evidence=[
                (
                    f"process {child.pid} was forked from {child.parent}; its call has not returned after "
                    f"{milliseconds(path.wall_ns)} ms, and none of its calls ever did"
                ),
                *([f"{len(hanging)} processes hang like this"] if len(hanging) > 1 else []),
            ],
            advice=(
                "a forked process has none of TensorFlow's threads: start processes with "
                '`multiprocessing.get_context("spawn")`, or before the first op runs, and load the model in '
                "the child"
            ),
        )
    ]


def _hanging(process: ProcessRecording) -> tuple[ProcessRecording, SampledPath] | None:
    if not process.forked or process.stacks is None or len(process.calls):
        return None
    calls = [path for path in paths_of(process.stacks, MAIN_THREAD) if path.group is not None]
    longest = max(calls, key=lambda path: path.wall_ns, default=None)
    if longest is None or longest.wall_ns < LEAST_HANGING_NS:
        return None
    return process, longest


RULE = ProgramRule(
    id="forked_after_start",
    meaning=(
        "A process was forked after TensorFlow had run an op. It has none of TensorFlow's threads, so its "
        "first call waits forever."
    ),
    judge=judge,
)
