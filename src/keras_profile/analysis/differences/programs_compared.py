"""Compares two recordings of programs, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from ...errors import KerasProfileError
from ...model.comparison import PROGRAM_COMPARISON_SCHEMA, ComparedLine, ProgramComparisonContent
from ...model.program_report import GroupReport, ProgramReport
from ...number_words import duration
from ...recordings.opened import OpenedProgram
from .compared import compare
from .counts import Compared
from .matched_lines import matched

_INDICATION = "the two programs ran at different times: differences are an indication only"


@dataclass(frozen=True)
class ComparedProgram:
    """The report of a program, and its recording if it is there."""

    report: ProgramReport
    opened: OpenedProgram | None

    def call_of(self, group: GroupReport) -> Compared | None:
        """A group as a side of a comparison; None if no warm call was timed."""
        report = self.report.of_group(group)
        if report is None:
            return None
        opened = None
        if self.opened is not None:
            opened = self.opened.open_member(self.opened.folder / group.recording)
        return Compared(report, opened)


def compare_programs(
    before: ComparedProgram, after: ComparedProgram, labels: tuple[str, str]
) -> ProgramComparisonContent:
    """The comparison of two programs, line by line."""
    pairs = matched(before.report.groups, after.report.groups)
    lines = [_line(before, after, mine, its, labels) for mine, its in pairs]
    lines.sort(key=lambda one: -abs(one.after_ns - one.before_ns))
    known = [id(group) for pair in pairs for group in pair]
    walls = before.report.program.wall_ns, after.report.program.wall_ns
    return ProgramComparisonContent(
        schema=PROGRAM_COMPARISON_SCHEMA,
        headline=_headline(walls, lines),
        labels=labels,
        before_wall_ns=walls[0],
        after_wall_ns=walls[1],
        before_inference_ns=before.report.program.inference_ns,
        after_inference_ns=after.report.program.inference_ns,
        lines=lines,
        only_before=[_name(one) for one in before.report.groups if id(one) not in known],
        only_after=[_name(one) for one in after.report.groups if id(one) not in known],
        notes=[_INDICATION],
    )


def _line(
    before: ComparedProgram,
    after: ComparedProgram,
    mine: GroupReport,
    its: GroupReport,
    labels: tuple[str, str],
) -> ComparedLine:
    comparison, reason = None, ""
    first, second = before.call_of(mine), after.call_of(its)
    if first is None or second is None:
        reason = "no warm call was timed"
    else:
        try:
            comparison = compare(first, second, labels)
        except KerasProfileError as error:
            reason = error.message
    return ComparedLine(
        name=_name(its),
        before_line=mine.site.line,
        after_line=its.site.line,
        before_calls=mine.count,
        after_calls=its.count,
        before_ns=_took(mine),
        after_ns=_took(its),
        comparison=comparison,
        reason=reason,
    )


def _took(group: GroupReport) -> int:
    return group.total_ns if group.union_ns is None else group.union_ns


def _name(group: GroupReport) -> str:
    return f"{group.entry} at {PurePath(group.site.file).name}:{group.site.line}"


def _headline(walls: tuple[int, int], lines: list[ComparedLine]) -> str:
    whole = f"an indication only: the program took {duration(walls[1])} instead of {duration(walls[0])}"
    if not lines:
        return f"{whole}; no line is in both"
    most = lines[0]
    took = f"{duration(most.after_ns)} instead of {duration(most.before_ns)}"
    return f"{whole}; the largest difference: {most.name}, {took}"
