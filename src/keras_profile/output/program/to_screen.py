"""The answer of a program's report on one screen: where its time goes, and what each line could take."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ...analysis.comparisons.verdicts import best_of
from ...analysis.program_conclusions import inference_matters, share_of_inference
from ...analysis.program_gains import keeps_no_model
from ...model.program_report import GroupReport, ProgramCause, ProgramReport
from ...model.report import Comparison
from ...number_words import percent, plural
from ..terminal import indented, marked, plain
from ..words import finding_words, program_words, recipe_words, report_words

#: The most lines of code with their own block, the least share for one, and the most lines listed.
_BLOCKS, _LEAST_SHARE, _LISTED = 3, 0.05, 3
#: The most shown of each.
_PARTS, _CAUSES, _CAUSES_OF_CALLS, _PHASES, _CODE_LINES, _NOTES = 4, 3, 2, 4, 8, 2
#: Lines of code in a block if there is more than one block.
_FEW_CODE_LINES = 3
#: Columns of a bar of 100%, and of the label of a block's line.
_BAR, _LABEL = 20, 11
#: A phase with less is not named.
_LEAST_PHASE = 0.01


def print_to(report: ProgramReport, console: Console) -> None:
    """Prints the answer of ``report`` to ``console``, which determines colour and width."""
    console.print(plain(program_words.answer(report), "bold"))
    console.print(plain(program_words.counts(report)))
    for line in report.program.unfinished:
        console.print(plain(line, "yellow"))
    _print_whole(report, console)
    first, later = _causes(report)
    _print_causes(first, console)
    blocks = _blocks(report)
    for group in blocks:
        console.print()
        _print_block(report, group, len(blocks), console)
    if any(best_of(group.comparisons) is not None for group in blocks):
        console.print(plain(recipe_words.NAMES, "dim"))
    _print_causes(later, console)
    _print_others(report, [group for group in report.groups if group not in blocks], console)
    for note in report.notes[:_NOTES]:
        marked(console, "note: ", note, "yellow", "yellow")


def _print_whole(report: ProgramReport, console: Console) -> None:
    """Where the time goes, a line for each large part."""
    rows = [
        row
        for row in program_words.part_rows(report, _PARTS)
        if row.share >= _LEAST_SHARE and row.kind != "other"
    ]
    for row in rows:
        bar = f" {'█' * round(_BAR * row.share):{_BAR}}" if console.is_terminal else ""
        _clipped(console, f"  {row.took:>8} {row.of_program:>5}{bar}  {row.name}")
    if report.whole is not None and not inference_matters(report.whole):
        console.print(plain(share_of_inference(report.whole), "bold"))


def _causes(report: ProgramReport) -> tuple[list[ProgramCause], list[ProgramCause]]:
    """The causes outside calls: those that take at least as much as any in calls, and the others."""
    in_calls = max((one.total_ns for one in report.reasons if one.group is not None), default=0)
    causes = report.causes[:_CAUSES]
    # A cause without its own time, such as a fork that hangs, comes first.
    first = [cause for cause in causes if not cause.total_ns or cause.total_ns >= in_calls]
    return first, [cause for cause in causes if cause not in first]


def _print_causes(causes: Sequence[ProgramCause], console: Console) -> None:
    for cause in causes:
        console.print()
        console.print(plain(program_words.cause_line(cause), "bold"))
        indented(console, f"what helps: {cause.advice}")


def _blocks(report: ProgramReport) -> list[GroupReport]:
    """The groups that are worth more than a line: none if calls do not take much of the time."""
    if report.whole is not None and not inference_matters(report.whole):
        return []
    return [
        group
        for number, group in enumerate(report.groups[:_BLOCKS])
        if number == 0 or group.share_of_wall >= _LEAST_SHARE
    ]


def _print_block(report: ProgramReport, group: GroupReport, blocks: int, console: Console) -> None:
    _clipped(console, program_words.group_heading(report, group, console.width), "bold")
    if group.site.source:
        _clipped(console, f"  {group.site.source.strip()}", "dim")
    usual = report.of_group(group)
    if usual is None:
        _print_notes(group, console)
        return
    causes = finding_words.found(usual)
    for number, cause in enumerate(causes[:_CAUSES_OF_CALLS]):
        _labelled(console, "why" if number == 0 else "", cause.title)
    if not causes:
        _labelled(console, "why", finding_words.nothing_found(usual))
    advice = finding_words.advice_without_change(usual)
    if advice:
        _labelled(console, "what helps", advice)
    best = best_of(group.comparisons)
    if best is not None:
        _print_change(report, group, best, _CODE_LINES if blocks == 1 else _FEW_CODE_LINES, console)
    phases = ", ".join(
        f"{one.phase} {percent(one.share)}"
        for one in usual.attribution.phases[:_PHASES]
        if one.share >= _LEAST_PHASE
    )
    _labelled(console, "time", phases)
    layers = report_words.layers_text(usual)
    if layers:
        _labelled(console, "layers", layers)
    _print_notes(group, console)


def _print_notes(group: GroupReport, console: Console) -> None:
    for note in group.notes[:_NOTES]:
        _labelled(console, "note", note, "yellow")


def _print_change(
    report: ProgramReport, group: GroupReport, best: Comparison, most: int, console: Console
) -> None:
    """Prints the code to use instead, at most ``most`` lines, and its gain."""
    label = "and then" if keeps_no_model(group) else "change to"
    lines = [line for line in best.code.splitlines() if line.strip()]
    for number, line in enumerate(lines[:most]):
        margin = f"  {label if number == 0 else '':{_LABEL}}"
        console.print(Text.assemble((margin, "dim"), plain(line, "bold")), soft_wrap=True)
    if len(lines) > most:
        _labelled(console, "", f"… {plural(len(lines) - most, 'more line')}, all in report.md")
    _labelled(console, "gain", program_words.gain(report, group, best), "green")
    others = recipe_words.others(group.comparisons)
    if others:
        _labelled(console, "also", others)


def _labelled(console: Console, label: str, text: str, style: str = "") -> None:
    """Prints a line of a block: its label, and the text wrapped beside it."""
    marked(console, f"  {label:{_LABEL}}", text, style, "dim")


def _clipped(console: Console, text: str, style: str = "") -> None:
    """Prints a line, cut at the width of the terminal."""
    line = plain(text, style)
    line.truncate(console.width, overflow="ellipsis")
    console.print(line, no_wrap=True)


def _print_others(report: ProgramReport, groups: list[GroupReport], console: Console) -> None:
    if not groups:
        return
    console.print()
    for group in groups[:_LISTED]:
        _clipped(console, program_words.group_heading(report, group, console.width))
    rest = len(groups) - _LISTED
    if rest > 0:
        console.print(plain(f"and {plural(rest, 'more group')} of calls", "dim"))
    for reason in report.shared_reasons[:1]:
        indented(console, program_words.shared_reason(reason), by=0)
