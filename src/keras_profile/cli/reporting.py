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
    from ..output.reports import MARKDOWN_FILE, print_report
    from ..output.terminal import console as make_console

    folder, saved = write(report, options)
    if options.json:
        print_json(report.content)
        return
    assert report.opened is not None
    recording = report.opened.folder
    console = make_console(stream)
    print_report(report.content, console, options.full)
    name = recording.name if options.output == Path() else f"{recording.name} --output {options.output}"
    lines = [f"the page   keras-profile open {name}"] if options.html else []
    if options.full:
        lines += [f"recording  {recording}", f"report     {folder}"]
        if saved.log_folder is not None:
            lines.append(f"tensorboard  tensorboard --logdir {saved.log_folder}")
    else:
        lines.append(f"in full    {folder / MARKDOWN_FILE}, or: keras-profile report {name} --full")
    print_lines(console, lines)
