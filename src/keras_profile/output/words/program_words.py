"""How the report of a program is put into words."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import UNSET

from ...analysis.comparisons.verdicts import best_of
from ...analysis.program_time import longest_run
from ...model.program_report import GroupReport, ProcessFigures, ProgramFigures, ProgramReport, ThreadCalls
from ...model.workload import InProgram
from ...number_words import milliseconds, percent, plural
from ...recorder.protocol import ENTRY_POINT_OF
from . import recipe_words, report_words

#: The lines of a program that are named beside the calls, and its other work.
MOST_SAMPLES, MOST_BETWEEN = 5, 8
#: The threads and shapes of a group that are listed one by one.
MOST_THREADS, MOST_SHAPES = 6, 8
#: A line between calls that has less of them is not worth a row.
LEAST_SAMPLE = 0.01


def duration(ns: float) -> str:
    """A time in seconds, in ms where it is below one.

    >>> duration(63_123_000_000), duration(2_300_000_000), duration(52_100_000), duration(4_200_000_000_000)
    ('63.1 s', '2.30 s', '52.1 ms', '4,200 s')
    """
    if ns < 1e9:
        return f"{milliseconds(ns)} ms"
    return f"{ns / 1e9:,.0f} s" if ns >= 99.95e9 else f"{milliseconds(ns / 1000)} s"


def title(report: ProgramReport) -> str:
    """What the program is called: its script or module, else what its first process ran."""
    command = report.program.command
    if command[:1] == ["-m"] and len(command) > 1:
        return f"python -m {command[1]}"
    if command:
        return os.path.basename(command[0])
    return _argv(report.program.processes[0]) or report.recording


def headline(report: ProgramReport) -> str:
    """The answer in one line: how long it took, and how much of that was inference."""
    program = report.program
    return (
        f"{title(report)}: {duration(program.wall_ns)}, {percent(program.inference_share)} of it in "
        "Keras inference"
    )


def counts(report: ProgramReport) -> str:
    """How many calls there were, from how many lines, and how the program ended."""
    program, sites = report.program, len({(one.site.file, one.site.line) for one in report.groups})
    parts = [f"{plural(program.calls, 'call')} from {plural(sites, 'line')}"]
    if len(program.processes) > 1:
        parts.append(plural(len(program.processes), "process", "processes"))
    if program.exit_code is not None:
        parts.append(f"exit code {program.exit_code}")
    return ", ".join(parts)


def place(report: ProgramReport, group: GroupReport) -> str:
    """The user's line, by its file's name alone, and which process where there are several."""
    site = group.site
    within = "" if site.function in ("", "<module>") else f" in {site.function}"
    through = site.through
    by = "" if through is None else f", through {os.path.basename(through.file)}:{through.line}"
    process = ""
    if len(report.program.processes) > 1:
        process = f", process {group.process}"
        if len(group.processes) > 1:
            process = f", {plural(len(group.processes), 'process', 'processes')}"
    return f"{os.path.basename(site.file)}:{site.line}{within}{by}{process}"


def entry(group: GroupReport) -> str:
    """The call as a user writes it."""
    return ENTRY_POINT_OF[group.entry].short if group.entry in ENTRY_POINT_OF else group.entry


def group_name(report: ProgramReport, group: GroupReport) -> str:
    """What is called, and where."""
    return f"{entry(group)} at {place(report, group)}"


def group_line(report: ProgramReport, group: GroupReport) -> str:
    """One group in one line: where, how many calls, how long, what share, on what."""
    return f"{group_name(report, group)}: {group_figures(group)}"


def group_figures(group: GroupReport) -> str:
    """The figures of a group in one line."""
    steady = group.regularity
    calls = plural(group.count, "call")
    if steady is not None:
        calls += f" of {duration(steady.median_ns)}"
        if group.count >= report_words.LEAST_CALLS_FOR_PERCENTILE:
            calls += f" (p5–p95 {milliseconds(steady.p5_ns)}–{milliseconds(steady.p95_ns)})"
    inputs = report_words.inputs_words(group.workload.facts.inputs, row_range(group))
    batch = f"; {inputs}" if inputs else ""
    return f"{calls}, {duration(group.total_ns)}, {percent(group.share_of_wall)} of the program{batch}"


def group_details(group: GroupReport) -> list[str]:
    """What else is known of a group's calls, a line each."""
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
    waiting = group.waiting
    if waiting is not None:
        alone = (
            ""
            if waiting.alone_median_ns is None
            else (f", against {duration(waiting.alone_median_ns)} alone")
        )
        lines.append(
            f"{plural(waiting.together_calls, 'call')} ran beside those of other threads: "
            f"{duration(waiting.together_median_ns)} each{alone}"
        )
    return lines


def _again(group: GroupReport, again: InProgram) -> str:
    """What was made again after the program's end, and what of it is shown."""
    calls = f"{plural(again.again_calls, 'call')} made again after the program's end"
    if group.regularity is None or again.again_ns is None:
        return f"{calls}: the figures below are of these"
    return f"{calls}, {duration(again.again_ns)} each, alone"


def row_range(group: GroupReport) -> Sequence[int] | None:
    """The fewest and the most rows of a call, None where that is not known."""
    sites = group.workload.facts.call_sites or ()
    return next((site.row_range for site in sites if site.row_range), None)


def shape_lines(group: GroupReport) -> list[str]:
    """The calls of each shape, the most time first, where there are several that do not vary at will."""
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
    """The threads with their calls; of very many, as a server has them, how many there are."""
    if len(threads) <= MOST_THREADS:
        return ", ".join(f"{one.thread} {plural(one.calls, 'call')}" for one in threads)
    counts = [one.calls for one in threads]
    least, most = min(counts), max(counts)
    each = plural(most, "call") if least == most else f"{least}–{most} calls"
    return f"{len(threads)}, {each} each"


def best_line(group: GroupReport) -> str:
    """The recommended change in one line; nothing where none is surely faster."""
    best = best_of(group.comparisons)
    return "" if best is None else f"{best.title}: {recipe_words.speedup(best)}"


def between_rows(program: ProgramFigures) -> list[tuple[str, str, str, str]]:
    """What Keras did beside inference: kind, what, how often, how long."""
    return [
        (
            one.kind,
            f"{one.name}{f' at {one.where}' if one.where else ''}",
            f"{one.count:,}×",
            duration(one.total_ns),
        )
        for one in program.between[:MOST_BETWEEN]
    ]


def sample_rows(program: ProgramFigures) -> list[tuple[str, str]]:
    """Where the program was between calls: the line, and its share of that time."""
    return [
        (f"{os.path.basename(one.file)}:{one.line} in {one.function}", percent(one.share))
        for one in program.samples[:MOST_SAMPLES]
        if one.share >= LEAST_SAMPLE
    ]


def process_rows(program: ProgramFigures) -> list[Sequence[str]]:
    """Each process: its number and program, how long, calls, inference."""
    return [
        [
            f"{one.pid}{' (forked)' if one.forked else ''}",
            _argv(one),
            duration(one.wall_ns),
            f"{one.calls:,}",
            duration(one.inference_ns),
        ]
        for one in program.processes
    ]


def _argv(process: ProcessFigures) -> str:
    return os.path.basename(process.argv[0]) if process.argv else ""


def overhead_line(program: ProgramFigures) -> str:
    """What recording cost, estimated."""
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
