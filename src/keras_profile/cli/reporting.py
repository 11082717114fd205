"""Writes the files of a report that was made of its recording, and prints it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .printing import print_json, print_lines, tell

if TYPE_CHECKING:
    from ..api.results import Program, Report
    from ..api.saving import SavedReport


def write(report: Report | Program, options: argparse.Namespace) -> tuple[Path, SavedReport]:
    """Writes a report below ``reports/``, into a folder called after its recording."""
    from ..api.saving import save_report
    from ..recordings.folders import new_report_folder
    from ..recordings.names import name_in_traces

    assert report.opened is not None
    with new_report_folder(options.output, name_in_traces(report.opened.folder)) as folder:
        return folder, save_report(report.content, folder, report.opened, tell=tell, html=options.html)


def write_and_print(
    report: Report | Program, options: argparse.Namespace, stream: TextIO | None = None
) -> None:
    """Writes a report; prints it to ``stream``, or as JSON, which always goes to standard output."""
    from ..api.results import Program
    from ..output.reports import print_report
    from ..output.terminal import console as make_console

    folder, saved = write(report, options)
    if options.json:
        print_json(report.content)
        return
    assert report.opened is not None
    recording = report.opened.folder
    console = make_console(stream)
    print_report(report.content, console)
    lines = [
        f"recording  {recording}",
        f"report     {folder} ({', '.join(path.name for path in saved.files)})",
    ]
    if saved.log_folder is not None:
        lines.append(f"tensorboard  tensorboard --logdir {saved.log_folder}")
    if isinstance(report, Program) and options.html:
        name = recording.name if options.output == Path() else f"{recording.name} --output {options.output}"
        lines.append(f"open it    keras-profile open {name}")
    print_lines(console, lines)
