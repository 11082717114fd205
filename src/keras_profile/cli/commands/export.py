"""``keras-profile export RECORDING``: writes a recording for another viewer."""

from __future__ import annotations

import argparse
import re
from functools import partial
from pathlib import Path

from ...output.exports import format_names
from ...recordings.names import name_in_traces
from .. import options as shared
from ..printing import print_json, tell


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "export",
        parents=[common],
        help="write a recording for another viewer",
        description="Writes a recording as a file that another program opens. Needs no TensorFlow.",
    )
    shared.add_recording(command)
    command.add_argument("--format", choices=format_names(), help="the file format (required)")
    command.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the file to write; it must not exist (default: the recording's name, here)",
    )
    shared.add_json(command, "file's path and how to load it")
    command.set_defaults(function=partial(export, command))


def export(command: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from ...recordings.finding import find_recording

    if options.format is None:
        command.error(f"expected --format FORMAT, one of: {', '.join(format_names())}")

    recording = find_recording(shared.recording_or_newest(options.recording))
    tell_member(options.recording, recording)
    write_export(recording, options.format, options.output, options.json)
    return 0


def tell_member(asked: str, recording: Path) -> None:
    """Tells which line of a program was taken, if a program was asked for."""
    member = re.search(r"process-[^/\\]+[/\\]groups[/\\]\d+$", str(recording))
    if member and not str(asked).endswith(member[0]):
        tell(f"taken: the line of the program with the most time, {name_in_traces(recording)}")


def write_export(recording: Path, name: str, output: Path | None, as_json: bool) -> None:
    """Writes a recording in the format ``name``, and prints how to load it."""
    from ...features.viewers import opening
    from ...model.prepared import EXPORT_SCHEMA, Exported
    from ...output.exporting import export_format

    path, notes = opening.export(recording, name, output)
    loading = export_format(name).loading.format(path=path)
    if as_json:
        print_json(Exported(EXPORT_SCHEMA, str(recording), name, str(path), loading, notes))
        return
    for note in notes:
        tell(note)
    print(path)
    print(f"  {loading}")
