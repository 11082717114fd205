"""Processes start one after another, and each imports the framework again."""

from __future__ import annotations

from ...model.program import ProcessRecording
from ...model.program_report import ProgramCause
from ...number_words import duration, percent
from .program_rule import ProgramRule
from .program_view import ProgramView

#: At least this many processes one after another are no accident.
LEAST_PROCESSES = 2


def judge(view: ProgramView) -> list[ProgramCause]:
    children = [one for one in view.processes if one.parent == view.process.parent and not one.forked]
    if len(_in_turn(children)) < LEAST_PROCESSES or view.process not in children:
        return []
    total_ns = sum(part.total_ns for part in view.divided.parts if part.kind == "import")
    if not view.is_much(total_ns):
        return []
    return [
        view.cause_at(
            RULE.id,
            ("", 0),
            total_ns,
            f"{len(children)} processes start one after another, and each imports its packages "
            f"again: {percent(view.share(total_ns))} of the first one",
            [f"the first one took {duration(view.wall_ns)}, {duration(total_ns)} of it to import packages"],
            "run all tasks in one process, or reuse a worker for many (no maxtasksperchild); each new "
            "process also builds and traces its model again",
        )
    ]


def _in_turn(processes: list[ProcessRecording]) -> list[ProcessRecording]:
    """Those that each began after the previous one ended."""
    found: list[ProcessRecording] = []
    end_ns = 0
    for one in sorted(processes, key=lambda one: one.started_ns):
        if not found or one.started_ns >= end_ns:
            found.append(one)
            end_ns = one.last_ns + one.clock_ns
    return found


RULE = ProgramRule(
    id="imported_again",
    meaning=(
        "Processes start one after another, each for one task. Each imports TensorFlow and Keras again, and "
        "builds and traces its model, before it does any work."
    ),
    judge=judge,
)
