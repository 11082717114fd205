"""``keras-profile report RECORDING``: makes the report of a recording again."""

from __future__ import annotations

import argparse

from .. import options as shared


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "report",
        parents=[common],
        help="make the report of a recording again",
        description="Analyses a recording again and writes its report. Does not need TensorFlow.",
    )
    shared.add_recording(command)
    shared.add_output(command, "folder for reports/ (default: here)")
    shared.add_rules(command)
    shared.add_full(command)
    shared.add_json(command)
    shared.add_html(command)
    command.set_defaults(function=report)


def report(options: argparse.Namespace) -> int:
    from ...api.load import report_recorded
    from ..reporting import write_and_print

    recording = shared.recording_or_newest(options.recording)
    write_and_print(report_recorded(recording, shared.chosen_rules(options)), options)
    return 0
