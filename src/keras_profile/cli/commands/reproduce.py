"""``keras-profile reproduce``: checks claims about predict and compile()."""

from __future__ import annotations

import argparse

from .. import options as shared


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "reproduce",
        parents=[common],
        help="check claims about predict and compile() by measuring",
        description="Runs the experiment of the Stack Overflow question why Keras models predict slower "
        "after compile(), and checks the claims of its answer.",
    )
    shared.add_interpreter(command)
    shared.add_seconds(command, 120.0, "how long to measure in all, beyond import, build and first calls")
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_json(command, "summary")
    command.set_defaults(function=reproduce)


def reproduce(options: argparse.Namespace) -> int:
    from ...features.experiments.compile_question import steps
    from ...features.experiments.compile_question.summary import print_reproduction
    from ..experiments import run_experiment

    python, extra_path = shared.interpreter(options)
    return run_experiment(
        options,
        "reproduce",
        steps.SUMMARY_FILES,
        print_reproduction,
        lambda traces, reports, listener: steps.reproduce(
            python, options.seconds, traces, reports, listener, extra_path
        ),
    )
