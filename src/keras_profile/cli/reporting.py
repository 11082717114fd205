"""Writes the files of a report that was made from its recording, and prints it."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .printing import print_json, print_lines, tell

if TYPE_CHECKING:
    from ..api.results import Program, Report
    from ..api.saving import SavedReport


def write(report: Report | Program, options: argparse.Namespace) -> tuple[Path, SavedReport]:
    """Writes a report into a folder of ``reports/`` that is named after its recording.

    A report that is the same as the one before is not kept twice: then it is the folder of that one.
    """
    from ..api.saving import save_report
    from ..recordings.folders import equal_before, new_report_folder
    from ..recordings.names import name_in_traces

    assert report.opened is not None
    name = name_in_traces(report.opened.folder)
    with new_report_folder(options.output, name) as folder:
        saved = save_report(report.content, folder, report.opened, tell=tell, html=options.html)
    before = equal_before(folder, Path(name).name)
    if before is None:
        return folder, saved
    shutil.rmtree(folder)
    return before, saved.in_folder(before, folder)


def write_and_print(
    report: Report | Program, options: argparse.Namespace, stream: TextIO | None = None
) -> None:
    """Writes a report; prints it to ``stream``, or as JSON, which always goes to standard output."""
    from ..output.reports import print_report
    from ..output.terminal import console as make_console

    folder, saved = write(report, options)
    if options.json:
        print_json(report.content)
        return
    assert report.opened is not None
    recording = report.opened.folder
    console = make_console(stream)
    print_report(report.content, console, options.full)
    print_lines(console, _where(recording, folder, options))
    if options.full and saved.log_folder is not None:
        print_lines(console, [f"tensorboard  tensorboard --logdir {saved.log_folder}"])


def _where(recording: Path, folder: Path, options: argparse.Namespace) -> list[str]:
    """Where to find more than was printed, and the commands that show it."""
    here, base = Path(), options.output
    elsewhere = "" if base == here else f" --output {base}"
    lines = [f"page       keras-profile open{_as_named(recording, base)}{elsewhere}"] if options.html else []
    if not options.full:
        lines.append(f"in full    keras-profile report{_as_named(recording, here)} --full")
    return [*lines, f"recording  {recording}", f"report     {folder}"]


def _as_named(recording: Path, base: Path) -> str:
    """How to name a recording to a command that looks in ``base``: not at all if it is the newest."""
    from ..recordings.finding import is_newest
    from ..recordings.names import TRACES, name_in_traces
    from ..recordings.regular_files import is_there

    name = name_in_traces(recording)
    if not is_there(base / TRACES / name):
        return f" {recording}"
    return "" if is_newest(name, base / TRACES) else f" {name}"
