"""``keras-profile history``: measures the fixed cost of predict in several releases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .. import options as shared

if TYPE_CHECKING:
    from ...features.experiments.releases.history import History
    from ...launch.recorder_process import Listener


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "history",
        parents=[common],
        help="measure the fixed cost of predict in several releases",
        description="Measures predict on the demo's tiny model in several interpreters. A table and a figure "
        "show the cost of a call in each release, phase by phase.",
    )
    command.add_argument(
        "--python",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help="interpreters or environments (folder or name); can be given several times (default: this "
        "interpreter)",
    )
    shared.add_seconds(
        command,
        120.0,
        "how long to measure in all, beyond import, build and first calls; interpreters share it equally, at "
        "least 10 seconds each",
    )
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_json(command, "summary")
    command.set_defaults(function=history)


def history(options: argparse.Namespace) -> int:
    from ...features.experiments.releases import steps
    from ...features.experiments.releases.summary import print_history
    from ...launch.interpreters import find_interpreter
    from ...recorder.protocol import events
    from ..experiments import run_experiment

    interpreters = [steps.Interpreter(given, find_interpreter(given)) for given in options.python]

    def measure(traces: Path, reports: Path, listener: Listener) -> History:
        if not interpreters:
            listener(
                events.Announce(
                    "only this interpreter is measured; to compare releases, list their environments: "
                    "keras-profile history --python PATH PATH"
                )
            )
        return steps.measure_history(
            interpreters or [steps.Interpreter("this interpreter", sys.executable)],
            options.seconds,
            traces,
            reports,
            listener,
        )

    return run_experiment(options, "history", steps.SUMMARY_FILES, print_history, measure)
