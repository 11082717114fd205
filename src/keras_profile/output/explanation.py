"""A short report for an issue or a coding assistant: the answer, its environment, where to find more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model.environment import RecordedEnvironment
from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from .markdown import fenced
from .reports import report_text
from .words import environment_words

#: Bytes of an explanation, at most.
MOST_BYTES = 4096
_WIDTH = 100
_CUT = "… (cut here)\n"


def explanation(content: ReportContent | ProgramReport, more: Sequence[str], private: bool = False) -> str:
    """The answer of a report as Markdown, in :data:`MOST_BYTES` at most.

    ``more`` are lines that say where to find more. ``private`` omits them, the user's lines of code and the
    notes: the answer then names files without their folders, and of the machine only its processors.
    """
    shown = _private(content) if private else content
    lines = [
        "Measured by keras_profile. In a change, `x` is the input of the call and `y` its result.",
        "",
        fenced("\n".join(line.rstrip() for line in report_text(shown, _WIDTH).splitlines()), "text"),
        "",
        environment_words.machine(content.environment.facts),
        *([] if private else more),
    ]
    return _cut("\n".join(lines) + "\n")


def _private(content: ReportContent | ProgramReport) -> ReportContent | ProgramReport:
    """``content`` without labels, lines of the user's code and sentences that may contain paths."""
    known = content.environment.as_recorded
    environment = RecordedEnvironment({key: value for key, value in known.items() if key != "labels"})
    if isinstance(content, ReportContent):
        return replace(content, notes=[], environment=environment)
    groups = [replace(group, site=replace(group.site, source=""), notes=[]) for group in content.groups]
    program = replace(content.program, unfinished=[])
    return replace(content, groups=groups, notes=[], program=program, environment=environment)


def is_cut(text: str) -> bool:
    """Whether an explanation was too long, and lacks its end."""
    return text.endswith(_CUT)


def _cut(text: str) -> str:
    data = text.encode()
    if len(data) <= MOST_BYTES:
        return text
    kept = data[: MOST_BYTES - len(_CUT.encode())].decode(errors="ignore")
    return kept[: kept.rfind("\n") + 1] + _CUT
