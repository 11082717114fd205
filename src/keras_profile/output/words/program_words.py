"""Wording of the report of a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET

from ...analysis.comparisons.verdicts import best_of
from ...analysis.program_conclusions import inference_matters, part_name
from ...analysis.program_gains import keeps_no_model
from ...analysis.program_time import longest_run
from ...model.file_names import file_name
from ...model.program_report import (
    GroupReport,
    ProcessFigures,
    ProgramCause,
    ProgramFigures,
    ProgramReport,
    SharedReason,
    ThreadCalls,
)
from ...model.report import Comparison
from ...model.workload import InProgram
from ...number_words import duration, milliseconds, percent, plural
from ...recorder.protocol import ENTRY_POINT_OF
from . import recipe_words, report_words

#: The most parts of a program that have a row, and the least share of one.
MOST_PARTS, LEAST_PART = 8, 0.01
#: The headline skips a gain below this share of the program.
LEAST_GAIN = 0.05
#: What a share is of; dropped where a line has no space for it.
_OF_PROGRAM = " of the program"
#: Calls that sum to this many times the time in which any ran are said to be simultaneous.
_AT_ONCE = 1.05
#: The most packages named in the row of imports.
MOST_PACKAGES = 3
#: The most threads and shapes of a group that are listed one by one.
MOST_THREADS, MOST_SHAPES = 6, 8


def title(report: ProgramReport) -> str:
    """The program's name: its script or module, else the one that its first process ran."""
    command = report.program.command
    if command[:1] == ["-m"] and len(command) > 1:
        return f"python -m {command[1]}"
    if command[:1] == ["-c"]:
        return "python -c"
    if command:
        return file_name(command[0].rstrip("/\\") or command[0])
    return _argv(report.program.processes[0]) or report.recording


def headline(report: ProgramReport) -> str:
    """The answer in one line: how long it took, and how much of that was inference."""
    program = report.program
    return (
        f"{title(report)}: {duration(program.wall_ns)}, {percent(program.inference_share)} of it in "
        "Keras inference"
    )


def answer(report: ProgramReport) -> str:
    """The headline, and the program's time with the changes of all lines, if calls matter."""
    could_ns, whole = report.could_take_ns, report.whole
    if could_ns is None and report.gains:  # a report of an earlier version
        could_ns = report.gains[0].program_ns
    if could_ns is None or whole is None or not inference_matters(whole):
        return headline(report)
    if whole.wall_ns - could_ns < LEAST_GAIN * whole.wall_ns:
        return headline(report)
    return f"{headline(report)}; could take {duration(could_ns)}"


def gain(report: ProgramReport, group: GroupReport, best: Comparison) -> str:
    """The gain of a group's recommended change per call, and for the program."""
    found = next((one for one in report.gains if report.groups[one.group] is group), None)
    kept = "of a model that is kept: " if keeps_no_model(group) else ""
    of_call = f"{kept}{recipe_words.gain(best)}"
    if found is None or report.whole is None:
        return of_call
    both = " with both" if kept else ""
    return f"{of_call}; the program {duration(report.whole.wall_ns)} → {duration(found.program_ns)}{both}"


def counts(report: ProgramReport) -> str:
    """How many calls there were, from how many lines, and how the program ended."""
    program, sites = report.program, len({(one.site.file, one.site.line) for one in report.groups})
    parts = [f"{plural(program.calls, 'call')} from {plural(sites, 'line')}"]
    if len(program.processes) > 1:
        parts.append(plural(len(program.processes), "process", "processes"))
    if program.exit_code is not None:
        parts.append(f"exit code {program.exit_code}")
    return ", ".join(parts)


def place(report: ProgramReport, group: GroupReport, with_function: bool = True) -> str:
    """The user's line, with its file's name only, and the process if there are several."""
    site = group.site
    within = "" if site.function in ("", "<module>") or not with_function else f" in {site.function}"
    through = site.through
    by = "" if through is None else f", through {file_name(through.file)}:{through.line}"
    process = ""
    if len(report.program.processes) > 1:
        process = f", process {group.process}"
        if len(group.processes) > 1:
            process = f", {plural(len(group.processes), 'process', 'processes')}"
    return f"{file_name(site.file)}:{site.line}{within}{by}{process}"


def entry(group: GroupReport) -> str:
    """The call as a user writes it."""
    return ENTRY_POINT_OF[group.entry].short if group.entry in ENTRY_POINT_OF else group.entry


def group_name(report: ProgramReport, group: GroupReport) -> str:
    """What is called, and where."""
    return f"{entry(group)} at {place(report, group)}"


def group_line(report: ProgramReport, group: GroupReport) -> str:
    """One group in one line: where, how many calls, how long, what share, on what."""
    return f"{group_name(report, group)}: {group_figures(group)}"


def group_heading(report: ProgramReport, group: GroupReport, width: int) -> str:
    """A group in one line of at most ``width`` columns: what matters least is dropped first."""
    place_alone = f"{entry(group)} at {place(report, group, with_function=False)}"
    lines = (
        f"{group_name(report, group)}: {group_figures(group, spread=False)}",
        f"{group_name(report, group)}: {group_figures(group, spread=False, inputs=False)}",
        f"{place_alone}: {group_figures(group, spread=False, inputs=False)}",
        f"{place_alone}: {group_figures(group, spread=False, inputs=False).replace(_OF_PROGRAM, '')}",
    )
    return next((line for line in lines if len(line) <= width), lines[-1])


def group_figures(group: GroupReport, spread: bool = True, inputs: bool = True) -> str:
    """The figures of a group in one line, with the ``spread`` of its calls and its ``inputs`` or without."""
    steady = group.regularity
    share = f"{percent(group.share_of_wall)}{_OF_PROGRAM}"
    figures = f"{plural(group.count, 'call')}, {duration(took_ns(group))} ({share})"
    if steady is not None and group.count > 1:
        figures += f", median {duration(steady.median_ns)}"
        if spread and group.count >= report_words.LEAST_CALLS_FOR_PERCENTILE:
            figures += f" (p5–p95 {milliseconds(steady.p5_ns)}–{milliseconds(steady.p95_ns)})"
    words = report_words.inputs_words(group.workload.facts.inputs, row_range(group)) if inputs else ""
    return f"{figures}; {words}" if words else figures


def took_ns(group: GroupReport) -> int:
    """The time in which at least one of its calls ran: simultaneous calls count once."""
    return group.total_ns if group.union_ns is None else group.union_ns


def shared_reason(reason: SharedReason) -> str:
    """A cause that several lines of code share, with what it has in all."""
    return (
        f"The same at {reason.lines} lines, {duration(reason.total_ns)} ({percent(reason.share)} of the "
        f"program): {reason.title}"
    )


def group_details(group: GroupReport) -> list[str]:
    """More facts about a group's calls, a line each."""
    lines = []
    run = longest_run(group)
    if run > 1:
        lines.append(f"up to {plural(run, 'call')} in a row, as in a loop")
    if group.cold_ns is not None:
        once = group.once_ns
        mostly = "" if not once else f", {duration(once)} of it to build, trace and compile, once"
        lines.append(f"first call {duration(group.cold_ns)}{mostly}")
    again = group.workload.facts.in_program
    if again is not UNSET and again.again_calls:
        lines.append(_again(group, again))
    lines += shape_lines(group)
    if len(group.threads) > 1:
        lines.append(f"threads: {_threads(group.threads)}")
    if group.total_ns > _AT_ONCE * took_ns(group):
        lines.append(f"{duration(group.total_ns)} if simultaneous calls are counted each")
    waiting = group.waiting
    if waiting is not None:
        alone = "" if waiting.alone_median_ns is None else (f", {duration(waiting.alone_median_ns)} alone")
        lines.append(
            f"{plural(waiting.together_calls, 'call')} overlapped calls of other threads: "
            f"{duration(waiting.together_median_ns)} each{alone}"
        )
    return lines


def _again(group: GroupReport, again: InProgram) -> str:
    """The calls replayed after the program ended, and which of their figures are shown."""
    calls = f"{plural(again.again_calls, 'call')} replayed after the program ended"
    left_out = ", without its callbacks" if again.without_callbacks else ""
    if group.regularity is None or again.again_ns is None:
        return f"{calls}{left_out}; the figures below come from them"
    return f"{calls}{left_out}, {duration(again.again_ns)} each, alone"


def row_range(group: GroupReport) -> Sequence[int] | None:
    """The fewest and the most rows of a call, None if they are not known."""
    sites = group.workload.facts.call_sites or ()
    return next((site.row_range for site in sites if site.row_range), None)


def shape_lines(group: GroupReport) -> list[str]:
    """The calls of each shape, the most time first, if there are several but not arbitrary ones."""
    if len(group.shapes) < 2 or group.workload.facts.varying is True:
        return []
    lines = []
    for shape in group.shapes[:MOST_SHAPES]:
        each = "" if shape.median_ns is None else f" of {duration(shape.median_ns)}"
        lines.append(f"{report_words.inputs_words(shape.inputs)}: {plural(shape.calls, 'call')}{each}")
    rest = group.shapes[MOST_SHAPES:]
    if rest:
        lines.append(f"{len(rest)} more shapes: {plural(sum(one.calls for one in rest), 'call')}")
    return lines


def _threads(threads: Sequence[ThreadCalls]) -> str:
    """The threads with their calls; only their number if there are many, as in a server."""
    if len(threads) <= MOST_THREADS:
        return ", ".join(f"{one.thread} {plural(one.calls, 'call')}" for one in threads)
    counts = [one.calls for one in threads]
    least, most = min(counts), max(counts)
    each = plural(most, "call") if least == most else f"{least}–{most} calls"
    return f"{len(threads)}, {each} each"


def best_line(group: GroupReport) -> str:
    """The recommended change in one line; empty if none is surely faster."""
    best = best_of(group.comparisons)
    return "" if best is None else f"{best.title}: {recipe_words.speedup(best)}"


@dataclass(frozen=True)
class PartRow:
    """A row of the table of where the time goes."""

    kind: str
    name: str
    took: str
    of_program: str
    share: float


def part_rows(report: ProgramReport, most: int = MOST_PARTS) -> list[PartRow]:
    """Where the time goes: the largest parts, with imports as one, and the rest as one more."""
    whole = report.whole
    if whole is None:
        return []
    parts: list[tuple[str, str, int]] = []
    imports = [part for part in whole.parts if part.kind == "import"]
    if imports:
        names = ", ".join(
            f"{part.what} {duration(part.total_ns)}" for part in imports[:MOST_PACKAGES] if part.what
        )
        together = sum(part.total_ns for part in imports)
        parts.append(("import", f"importing packages{f' ({names})' if names else ''}", together))
    parts += [(part.kind, part_name(part), part.total_ns) for part in whole.parts if part.kind != "import"]
    parts.sort(key=lambda one: -one[2])
    shown = [one for one in parts if one[0] == "inference" or one[2] >= LEAST_PART * whole.wall_ns][:most]
    left = whole.wall_ns - sum(ns for _, _, ns in shown)
    if left > 0:
        shown.append(("other", "everything else", left))
    return [
        PartRow(kind, name, duration(ns), percent(ns / max(whole.wall_ns, 1)), ns / max(whole.wall_ns, 1))
        for kind, name, ns in shown
    ]


def whole_line(report: ProgramReport) -> str:
    """The basis of the table of parts, in one line."""
    whole = report.whole
    if whole is None:
        return ""
    process = f" of process {whole.process}" if len(report.program.processes) > 1 else ""
    return (
        f"the {duration(whole.wall_ns)} of the main thread{process}: calls and other work of Keras were "
        f"timed, the rest is from {whole.samples:,} samples"
    )


def cause_line(cause: ProgramCause) -> str:
    """A cause outside the calls in one line."""
    took = f" ({duration(cause.total_ns)})" if cause.total_ns else ""
    return f"{cause.title}{took}"


def process_rows(program: ProgramFigures) -> list[Sequence[str]]:
    """Each process: its number and program, how long, calls, inference."""
    return [
        [
            f"{one.name or one.pid}{' (forked)' if one.forked else ''}",
            _argv(one),
            duration(one.wall_ns),
            f"{one.calls:,}",
            duration(one.inference_ns),
        ]
        for one in program.processes
    ]


def _argv(process: ProcessFigures) -> str:
    return file_name(process.argv[0]) if process.argv else ""


def overhead_line(program: ProgramFigures) -> str:
    """The estimated cost of recording."""
    overhead = program.overhead
    parts = ", ".join(
        f"{name} {duration(ns)}"
        for name, ns in sorted(overhead.parts.items(), key=lambda item: -item[1])
        if ns
    )
    return (
        f"recording took about {duration(overhead.total_ns)}, {percent(overhead.share)} of the program"
        f"{f' ({parts})' if parts else ''}"
    )
