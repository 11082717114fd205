"""``keras-profile history``: what a call costs in several releases or commits, and where that stepped."""

from __future__ import annotations

import argparse
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from ...api.options import ProfileOptions
from ...errors import KerasProfileError
from .. import options as shared

if TYPE_CHECKING:
    from ...features.comparing.comparing import Comparison
    from ...features.experiments.releases.history import History
    from ...features.experiments.releases.measured_in_turn import MeasureInTurn
    from ...launch.recorder_process import Listener
    from ..states import States


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "history",
        parents=[common],
        help="measure what a call costs in several releases or commits",
        description="Measures a call in several interpreters or commits: what it costs in each, phase by "
        "phase, and since which one the call or a phase is slower or faster. Give interpreters with "
        "--python, or a TARGET and the first commit with --good.",
    )
    shared.add_target(command, "?", " (default: the demo's tiny model)")
    shared.add_commits(command, "the first commit, tag or branch to measure", "the last one")
    command.add_argument(
        "--python",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help="interpreters or environments (folder or name), with a TARGET the oldest first; with --good, "
        "the one for all commits (default: this interpreter)",
    )
    of_a_call = [action.dest for action in shared.add_call(command)]
    shared.add_seconds(
        command,
        120.0,
        "how long to measure in all, beyond import, build and first calls; shared equally, at least 10 "
        "seconds for each interpreter and for each two neighbours; two that differ are measured twice",
    )
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_json(command, "summary")
    command.set_defaults(function=history, of_a_call=of_a_call)


def history(options: argparse.Namespace) -> int:
    from ...features.experiments.releases.measured_in_turn import measure_states
    from ...features.experiments.releases.measured_releases import SUMMARY_FILES
    from ...features.experiments.releases.summary import print_history
    from ..experiments import run_experiment

    with _states(options) as states:

        def measure(traces: Path, reports: Path, listener: Listener) -> History:
            in_turn = _in_turn(states, traces, reports, listener)
            if options.target is None:
                return _of_releases(options, traces, reports, listener, in_turn)
            return measure_states(
                states.names, options.seconds, traces.name, in_turn, are_commits=states.are_commits
            )

        return run_experiment(options, "history", SUMMARY_FILES, print_history, measure)


def _states(options: argparse.Namespace) -> States:
    """What is measured. Without a target, that is the demo's model in each interpreter."""
    from ...features.experiments.releases.measured_releases import TARGET
    from ...launch.interpreters import find_interpreter
    from ..states import States, states_of

    if options.target is not None:
        return states_of(options)
    if options.good is not None or options.setup is not None:
        raise KerasProfileError(
            "expected a TARGET to call in each commit, found none",
            "give what to measure: keras-profile history package.module:build --good REF",
        )
    if any(name in vars(options) for name in options.of_a_call):
        raise KerasProfileError(
            "options of a call are for a TARGET, found none",
            "give what to measure: keras-profile history model.keras --python OLD NEW",
        )
    for python in options.python:
        find_interpreter(python)
    return States(TARGET, ProfileOptions(), options.python)


def _of_releases(
    options: argparse.Namespace, traces: Path, reports: Path, listener: Listener, in_turn: MeasureInTurn
) -> History:
    """The demo's model in each interpreter, then each in turn with the one before it."""
    from ...features.experiments.releases.measured_releases import Interpreter, measure_history
    from ...launch.interpreters import find_interpreter
    from ...recorder.protocol import events

    interpreters = [Interpreter(given, find_interpreter(given)) for given in options.python]
    if not interpreters:
        listener(
            events.Announce(
                "only this interpreter is measured; to compare releases, list their environments: "
                "keras-profile history --python PATH PATH"
            )
        )
        interpreters = [Interpreter("this interpreter", sys.executable)]
    return measure_history(interpreters, options.seconds, traces, reports, listener, in_turn)


def _in_turn(states: States, traces: Path, reports: Path, listener: Listener) -> MeasureInTurn:
    """Measures two states by their names; each two get a name of their own in the history's folders."""
    from ...features.comparing.comparing import Place

    numbers = count(1)

    def measure(before: str, after: str, seconds: float) -> Comparison:
        place = Place(traces, reports, f"step-{next(numbers)}")
        first, second = states.names.index(before), states.names.index(after)
        return states.measure(first, second, seconds, place, listener)

    return measure
