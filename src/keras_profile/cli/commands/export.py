"""``keras-profile export RECORDING``: writes a recording for another viewer, or sends it to a collector."""

from __future__ import annotations

import argparse
import re
from functools import partial
from pathlib import Path

from ...output.exports import format_names
from ...recordings.names import name_in_traces
from .. import options as shared
from ..printing import print_json, tell

#: The format that is sent and not written.
OTLP = "otlp"


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "export",
        parents=[common],
        help="write a recording for another viewer",
        description="Writes a recording as a file that another program opens, or sends its calls to an "
        "OpenTelemetry collector. Needs no TensorFlow.",
    )
    shared.add_recording(command)
    command.add_argument(
        "--format",
        choices=sorted([*format_names(), OTLP]),
        help="the file format, or otlp to send calls as spans (required)",
    )
    command.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the file to write; it must not exist (default: the recording's name, here)",
    )
    command.add_argument(
        "--to",
        metavar="URL",
        help="with otlp: the collector's address, such as http://localhost:4318 (default: "
        "$OTEL_EXPORTER_OTLP_ENDPOINT)",
    )
    shared.add_json(command, "file's path and how to load it")
    command.set_defaults(function=partial(export, command))


def export(command: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from ...recordings.finding import find_recording

    if options.format is None:
        command.error(f"expected --format FORMAT, one of: {', '.join([*format_names(), OTLP])}")
    if options.format == OTLP and options.output is not None:
        command.error("--output is for a file; with otlp give --to URL")
    if options.format != OTLP and options.to is not None:
        command.error(f"--to is for otlp; {options.format} is a file: give --output FILE")

    recording = find_recording(shared.recording_or_newest(options.recording))
    tell_member(options.recording, recording)
    if options.format == OTLP:
        send_spans(recording, options.to, options.json)
    else:
        write_export(recording, options.format, options.output, options.json)
    return 0


def tell_member(asked: str, recording: Path) -> None:
    """Tells which line of a program was taken, if a program was asked for."""
    member = re.search(r"process-[^/\\]+[/\\]groups[/\\]\d+$", str(recording))
    if member and not str(asked).endswith(member[0]):
        tell(f"taken: the line of the program with the most time, {name_in_traces(recording)}")


def send_spans(recording: Path, to: str | None, as_json: bool) -> None:
    """Sends a recording's calls to a collector, and prints how many they were."""
    from ...features.telemetry.call_spans import call_spans
    from ...features.telemetry.collector import address_of, send
    from ...model.prepared import SENT_SCHEMA, Sent
    from ...number_words import plural
    from ...output.progress import ProgressDisplay
    from ...recorder.protocol import events

    address = address_of(to)
    with ProgressDisplay(quiet=as_json) as display:
        display(events.Stage("reading the recording"))
        found = call_spans(recording)
        whole = len(found.calls)
        send(found.calls, address, lambda done: display(events.Stage(f"sending calls: {done} of {whole}")))
    if as_json:
        print_json(Sent(SENT_SCHEMA, str(recording), address, whole, found.spans, found.notes))
        return
    for note in found.notes:
        tell(note)
    print(f"{plural(whole, 'call')} sent to {address}")
    print(f"  {plural(found.spans, 'span')}: each call is a trace, and its phases are the spans below it")


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
