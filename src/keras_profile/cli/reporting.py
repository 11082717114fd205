"""Writes the files of a report that was made of its recording, and prints it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .printing import print_json, print_lines, tell

if TYPE_CHECKING:
    from ..api.results import Program, Report


def write_and_print(report: Report, options: argparse.Namespace) -> None:
    """Writes the report of a recording below ``reports/``, and prints it."""
    from rich.console import Console

    from ..api.saving import save_report
    from ..output.terminal import print_report
    from ..recordings.folders import new_folder
    from ..recordings.names import REPORTS, name_in_traces

    assert report.opened is not None
    recording = report.opened.folder
    place = options.output / REPORTS / name_in_traces(recording)
    folder = new_folder(place.parent, place.name)
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


def write_and_print_program(report: Program, options: argparse.Namespace, stream: TextIO) -> None:
    """Writes a program's report; prints it to ``stream``, or as JSON to standard output."""
    from rich.console import Console

    from ..output.program_terminal import print_program

    place, written = write_program(report, options)
    if options.json:
        print_json(report.content)
        return
    console = Console(file=stream)
    print_program(report.content, console)
    assert report.opened is not None
    recording = report.opened.folder
    name = recording.name if options.output == Path() else f"{recording.name} --output {options.output}"
    print_lines(
        console,
        [
            f"recording  {recording}",
            _files_line(place, written),
            *([f"open it    keras-profile open {name}"] if options.html else []),
        ],
    )


def write_program(report: Program, options: argparse.Namespace) -> tuple[Path, list[Path]]:
    """Writes a program's report below ``reports/``: the folder, and the program's own files in it."""
    from ..output.report_files import write_program_report
    from ..recordings.folders import new_folder
    from ..recordings.names import REPORTS

    assert report.opened is not None
    place = new_folder(options.output / REPORTS, report.opened.folder.name)
    return place, write_program_report(report.content, place, report.opened, options.html)


def _files_line(folder: Path, files: list[Path]) -> str:
    return f"report     {folder} ({', '.join(path.name for path in files)})"
