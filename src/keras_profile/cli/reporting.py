"""Writes the files of a report, and prints it: the end of every command that makes one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .printing import print_json, print_lines, tell

if TYPE_CHECKING:
    from ..api.results import Report
    from ..model.program_report import ProgramReport


def write_and_print(report: Report, options: argparse.Namespace) -> None:
    """Writes the report of a recording below ``reports/``, and prints it."""
    from rich.console import Console

    from ..api.saving import save_report
    from ..output.terminal import print_report
    from ..recordings import store

    assert report.opened is not None, "a report that was made here has its recording"
    recording = report.opened.folder
    place = options.output / store.REPORTS / store.name_in_traces(recording)
    folder = store.new_folder(place.parent, place.name)
    saved = save_report(report.content, folder, report.opened, tell=tell, html=options.html)
    if options.json:
        print_json(report.content)
        return
    console = Console()
    print_report(report.content, console)
    print_lines(
        console,
        [
            f"recording  {recording}",
            _files_line(folder, saved.files),
            *([] if saved.log_folder is None else [f"tensorboard  tensorboard --logdir {saved.log_folder}"]),
        ],
    )


def write_and_print_program(
    content: ProgramReport,
    recording: Path,
    options: argparse.Namespace,
    stream: TextIO,
) -> None:
    """Writes a program's report; prints it to ``stream``, or as JSON to standard output."""
    from rich.console import Console

    from ..output import report_files
    from ..output.program_terminal import print_program
    from ..recordings import store

    place = store.new_folder(options.output / store.REPORTS, recording.name)
    written = report_files.write_program_report(content, place, recording, options.html)
    if options.json:
        print_json(content)
        return
    console = Console(file=stream)
    print_program(content, console)
    name = recording.name if options.output == Path() else f"{recording.name} --output {options.output}"
    print_lines(
        console,
        [
            f"recording  {recording}",
            _files_line(place, written),
            *([f"open it    keras-profile open {name}"] if options.html else []),
        ],
    )


def _files_line(folder: Path, files: list[Path]) -> str:
    return f"report     {folder} ({', '.join(path.name for path in files)})"
