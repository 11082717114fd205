"""Makes the report that fits a recording: of one workload, or of a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

from ..errors import RecordingError
from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from ..recordings.opened import OpenedProgram, OpenedRecording
from .possible_figures import impossible_figure
from .program_report import program_report
from .rules.catalogue import RULES
from .rules.rule import Rule
from .workload_report import workload_report


@overload
def make_report(opened: OpenedRecording, rules: Sequence[Rule] = RULES) -> ReportContent: ...
@overload
def make_report(opened: OpenedProgram, rules: Sequence[Rule] = RULES) -> ProgramReport: ...
@overload
def make_report(
    opened: OpenedRecording | OpenedProgram, rules: Sequence[Rule] = RULES
) -> ReportContent | ProgramReport: ...
def make_report(
    opened: OpenedRecording | OpenedProgram,
    rules: Sequence[Rule] = RULES,
) -> ReportContent | ProgramReport:
    """The report of a recording, with what ``rules`` find. Raises :class:`RecordingError`."""
    report: ReportContent | ProgramReport
    if isinstance(opened, OpenedProgram):
        report = program_report(opened, rules)
    else:
        report = workload_report(opened, rules)
    wrong = impossible_figure(report)
    if wrong and isinstance(report, ProgramReport) and report.whole is not None:
        report = _without_whole(report, wrong)
        wrong = impossible_figure(report)
    if wrong:
        raise RecordingError(
            f"{opened.folder}: the recording is damaged: it gives impossible figures: {wrong}",
            "record again",
        )
    return report


def _without_whole(report: ProgramReport, wrong: str) -> ProgramReport:
    """``report`` without where the program's time goes, and what follows from that."""
    note = f"the breakdown of the program's time is left out: impossible figure: {wrong}"
    return replace(
        report, whole=None, conclusions=[], gains=[], causes=[], reasons=[], notes=[*report.notes, note]
    )
