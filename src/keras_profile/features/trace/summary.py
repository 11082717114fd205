"""Shows what a trace's steps are divided into, for a terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ...analysis.attribution.vocabulary import RUNS_THE_MODEL
from ...model.devices import busiest
from ...model.report import Finding
from ...number_words import milliseconds, number, percent, plural
from ...output.report.device_tables import MOST_DEVICES, print_devices, print_rest
from ...output.terminal import figures_table, indented, marked, plain, wrapped
from ...output.words.device_words import busy_line
from .profile_summary import print_profiles
from .trace_report import HostTrace, TraceDivision, TraceEvent, TraceReport

#: How many rows are shown of kernels and of kinds of threads; all are in the JSON.
_KERNELS, _THREADS = 12, 8
_NAMED_EVENTS = 2
#: The same for several files, for their notes, and for the phases in which each spends most time.
_FILES, _NOTES, _NAMED_PHASES = 20, 3, 2
#: The width of the summary next to a name, the minimum width of a name, and the width of its phases.
_SUMMARY_WIDTH, _LEAST_NAME, _MOSTLY_WIDTH = 44, 14, 50
#: The width that a table needs for all columns but its last, and the minimum width of the last.
_FIGURES_WIDTH, _LEAST_WIDTH = 60, 12


def print_trace(report: TraceReport, console: Console, full: bool = False) -> None:
    """Prints the tables of the one file, or a line for each and the tables of all; ``full`` prints all."""
    if full or report.joint is None:
        for host in report.hosts:
            console.print(plain(_headline(host), "bold"))
            console.print(plain(host.file, "dim"), soft_wrap=True)
            _print_division(host.division, console)
            print_devices(host.devices, console, "a step")
            _print_findings(host.findings, console)
            for note in host.notes:
                console.print(plain(f"note: {note}", "yellow"))
            console.print()
    else:
        _print_files(report.hosts, console)
    print_profiles(report.profiles, console, full)
    for failed in report.failed:
        console.print(plain(f"not read: {failed.file}: {failed.reason}", "yellow"), soft_wrap=True)
    if report.other_formats:
        are = (
            "1 file is the trace of another"
            if len(report.other_formats) == 1
            else f"{len(report.other_formats)} files are the traces of others"
        )
        console.print(plain(f"note: {are} in another format and left out", "yellow"))
    if report.copies:
        are = "1 file is a copy" if len(report.copies) == 1 else f"{len(report.copies)} files are copies"
        console.print(plain(f"note: {are} of another and left out", "yellow"))
    if report.joint is not None:
        steps = report.joint.steps
        console.print(
            plain(
                f"all {len(report.hosts)} files together: {plural(steps, 'step')}, {_step(report.joint)}",
                "bold",
            )
        )
        _print_division(report.joint, console)
        console.print()
    if not all(host.annotated for host in report.hosts):
        console.print(
            plain(
                f"in python and single_ops here, shown only by a recording: {', '.join(report.not_told)}",
                "dim",
            )
        )


def _print_files(hosts: Sequence[HostTrace], console: Console) -> None:
    """Prints a line for each file, and the notes of all."""
    table = figures_table(["file", "steps", "ms per step", "runs the model"])
    room = console.width - _SUMMARY_WIDTH
    has_phases = room >= _MOSTLY_WIDTH + _LEAST_NAME
    if has_phases:
        table.add_column("mostly", no_wrap=True)
        room -= _MOSTLY_WIDTH
    names = _short_names([host.file for host in hosts], max(room, _LEAST_NAME))
    for name, host in zip(names, hosts[:_FILES]):
        phases = host.division.phases
        model = sum(phase.share for phase in phases if phase.phase in RUNS_THE_MODEL)
        mostly = ", ".join(f"{phase.phase} {percent(phase.share)}" for phase in phases[:_NAMED_PHASES])
        table.add_row(
            plain(name),
            f"{host.division.steps:,}",
            milliseconds(host.division.step_ns),
            percent(model),
            *([plain(mostly)] if has_phases else []),
        )
    console.print(table)
    print_rest(len(hosts) - _FILES, "file", console)
    for name, host in [(name, host) for name, host in zip(names, hosts) if host.devices][:MOST_DEVICES]:
        wrapped(console, f"{name}: {busy_line(busiest(host.devices), 'a step')}")
    for note in list(dict.fromkeys(note for host in hosts for note in host.notes))[:_NOTES]:
        console.print(plain(f"note: {note}", "yellow"))
    console.print(plain("for the tables of each file: --full", "dim"))
    console.print()


def _short_names(files: Sequence[str], width: int) -> list[str]:
    """Shortens paths by what all have in common, and by what every log folder has; the end is kept.

    >>> _short_names(["/a/x/plugins/profile/r1/vm.xplane.pb", "/a/y/plugins/profile/r1/vm.xplane.pb"], 20)
    ['x/r1/vm', 'y/r1/vm']
    """
    above = os.path.commonpath([os.path.dirname(os.path.abspath(file)) for file in files])
    names = [
        os.path.relpath(os.path.abspath(file), above)
        .replace(os.path.join("plugins", "profile", ""), "")
        .removesuffix(".gz")
        .removesuffix(".xplane.pb")
        .removesuffix(".trace.json")
        for file in files
    ]
    return [name if len(name) <= width else f"…{name[1 - width :]}" for name in names]


def _headline(host: HostTrace) -> str:
    """Returns which steps were divided, and how long one takes."""
    division = host.division
    if not host.step_names:
        return (
            f"{host.host}: no steps, thread {host.thread} from its first event to its last: "
            f"{milliseconds(division.step_ns)} ms"
        )
    return (
        f"{host.host}: {plural(division.steps, 'step')} ({', '.join(host.step_names)}) "
        f"of thread {host.thread}, {_step(division)}"
    )


def _step(division: TraceDivision) -> str:
    return f"{milliseconds(division.step_ns)} ms per step (median {milliseconds(division.median_step_ns)})"


def _print_division(division: TraceDivision, console: Console) -> None:
    console.print()
    room = console.width - _FIGURES_WIDTH
    table = figures_table(["phase", "ms", "share", "Python between"])
    if room >= _LEAST_WIDTH:
        table.add_column("mostly in", no_wrap=True)
    for phase in division.phases:
        between = milliseconds(phase.between_ns) if phase.between_ns else ""
        row: list[str | Text] = [
            phase.phase,
            milliseconds(phase.self_ns),
            percent(phase.share),
            between,
        ]
        table.add_row(*row, *_events(phase.events, room))
    table.add_section()
    table.add_row("total", milliseconds(division.step_ns), "100%", "")
    console.print(table)
    if division.kernels:
        console.print()
        table = figures_table(["kernels by op, on all threads", "ms", "share of kernels", "a step"])
        for kernel in division.kernels[:_KERNELS]:
            table.add_row(
                plain(kernel.op),
                milliseconds(kernel.self_ns),
                percent(kernel.share),
                f"{number(kernel.count_per_step)}×",
            )
        console.print(table)
        print_rest(len(division.kernels) - _KERNELS, "op", console)
    if division.other_threads:
        console.print()
        table = figures_table(["other threads meanwhile", "threads", "busy ms"])
        if room >= _LEAST_WIDTH:
            table.add_column("mostly in", no_wrap=True)
        for work in division.other_threads[:_THREADS]:
            table.add_row(
                plain(work.kind),
                str(work.threads),
                milliseconds(work.busy_ns),
                *_events(work.events, room),
            )
        console.print(table)
        print_rest(len(division.other_threads) - _THREADS, "kind of thread", console)


def _print_findings(findings: Sequence[Finding], console: Console) -> None:
    """Prints why a device waits or takes long, and what helps."""
    if not findings:
        return
    console.print()
    console.print(plain("why it is slow", "bold"))
    for place, finding in enumerate(findings, 1):
        indented(console, f"{place}. {finding.title}")
        marked(console, "   what helps: ", finding.advice)


def _events(events: Sequence[TraceEvent], room: int) -> list[Text]:
    """Returns the events with most of a row's time, if there is room for them."""
    if room < _LEAST_WIDTH:
        return []
    named = [f"{one.event} ×{number(one.count_per_step)}" for one in events[:_NAMED_EVENTS] if one.self_ns]
    text = plain(", ".join(named))
    text.truncate(room, overflow="ellipsis")
    return [text]
