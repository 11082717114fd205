"""Runs every check of a list."""

from __future__ import annotations

from collections.abc import Sequence

from ..checkup import CHECKUP_SCHEMA, FAILS, Checkup, Facts, Line
from .catalogue import CHECKS, LOG_FOLDER_CHECKS
from .check import Check, Verdict, not_checked

#: The text for a check whose facts are missing, by the facts that it needs.
_MISSING = {
    "installed": "the interpreter did not answer",
    "frameworks": "TensorFlow and its Keras could not be imported",
    "recording": "there is no recording",
    "options": "an earlier step failed",
}


def make_checkup(facts: Facts, interpreter: str) -> Checkup:
    """Makes every line; those of a log folder only if one is given."""
    lines = judge_all(facts, CHECKS)
    if facts.log_folder is not None:
        lines += judge_all(facts, LOG_FOLDER_CHECKS)
    return Checkup(
        schema=CHECKUP_SCHEMA,
        interpreter=interpreter,
        log_folder=None if facts.log_folder is None else facts.log_folder.path,
        works=all(line.status != FAILS for line in lines),
        lines=lines,
        said="" if facts.failure is None else facts.failure.said,
    )


def judge_all(facts: Facts, checks: Sequence[Check]) -> list[Line]:
    """Returns a line for each check, in the order of the list."""
    lines = []
    for check in checks:
        verdict = _judge(facts, check)
        lines.append(Line(check.id, verdict.status, verdict.text, verdict.advice, verdict.command))
    return lines


def _judge(facts: Facts, check: Check) -> Verdict:
    """Returns one check's verdict: not checked if something that it needs is missing."""
    for name in check.needs:
        if getattr(facts, name) is None:
            return not_checked(_MISSING[name])
    return check.judge(facts)
