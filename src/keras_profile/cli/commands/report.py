"""``keras-profile report RECORDING``: attributes a recording again and reports."""

from __future__ import annotations

import argparse

from .. import options as shared


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "report",
        parents=[common],
        help="attribute a recording again and report",
        description="Attributes a recording again and writes its report. Needs no TensorFlow.",
    )
    shared.add_recording(command)
    shared.add_output(command, "where reports/ is made (default: here)")
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
