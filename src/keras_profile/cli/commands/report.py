"""``keras-profile report RECORDING``: attributes a recording again and reports."""

from __future__ import annotations

import argparse
import sys

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
    shared.add_json(command)
    shared.add_html(command)
    command.set_defaults(function=report)


def report(options: argparse.Namespace) -> int:
    from ...analysis import program_report
    from ...analysis.report import make_report
    from ...api.results import Report
    from ...recordings import store
    from ...recordings.opened import open_recording
    from ..reporting import write_and_print, write_and_print_program

    rules = shared.chosen_rules(options)
    program = store.find_program(options.recording)
    if program is not None:
        made = program_report.make_program_report(program, rules)
        write_and_print_program(made, program, options, sys.stdout)
        return 0
    opened = open_recording(store.find_recording(options.recording))
    write_and_print(Report(make_report(opened, rules), opened), options)
    return 0
