"""``keras-profile explain RECORDING``: a short report, for an issue or a coding assistant."""

from __future__ import annotations

import argparse
import sys

from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "explain",
        parents=[common],
        help="print a short report, for an issue or a coding assistant",
        description="Prints a report's answer as Markdown, at most 4 kB, and where to find more. Writes no "
        "files.",
    )
    shared.add_recording(command)
    command.add_argument(
        "--private",
        action="store_true",
        help="omit paths, the machine's own names and lines of code",
    )
    shared.add_rules(command)
    shared.add_json(command, "text")
    command.set_defaults(function=explain)


def explain(options: argparse.Namespace) -> int:
    from ...api.load import report_recorded
    from ...model.prepared import EXPLANATION_SCHEMA, Explained
    from ...output.explanation import explanation, is_cut

    name = shared.recording_or_newest(options.recording)
    report = report_recorded(name, shared.chosen_rules(options))
    assert report.opened is not None
    more = [
        f"In full: keras-profile report {name} --full; as JSON: keras-profile report {name} --json",
        f"Recording: {report.opened.folder.absolute()}",
    ]
    text = explanation(report.content, more, options.private)
    if options.json:
        recording = None if options.private else str(report.opened.folder.absolute())
        print_json(Explained(EXPLANATION_SCHEMA, recording, options.private, is_cut(text), text))
        return 0
    sys.stdout.write(text)
    return 0
