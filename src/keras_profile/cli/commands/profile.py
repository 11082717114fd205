"""``keras-profile profile TARGET``: profiles a model's inference."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ...api.options import ProfileOptions
from ...errors import KerasProfileError
from .. import options as shared
from ..targets import is_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...analysis.rules.rule import Rule


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "profile",
        parents=[common],
        help="profile a model's inference",
        description="Calls a model many times, and reports where the time goes and what makes it faster.",
    )
    add_options(command)
    command.set_defaults(function=profile)


def add_options(command: argparse.ArgumentParser) -> None:
    shared.add_target(command)
    shared.add_call(command)
    shared.add_captures(command)
    shared.add_isolate(command)
    add_measuring(command)


def add_measuring(
    command: argparse.ArgumentParser,
    seconds: str = shared.MEASURING,
    default: float | str = ProfileOptions.seconds,
) -> None:
    """The options of every command that records and then tries recipes; ``seconds`` is the help."""
    shared.add_rules(command)
    shared.add_seconds(command, default, seconds)
    shared.add_output(command)
    shared.add_interpreter(command)
    shared.add_quiet(command)
    shared.add_full(command)
    shared.add_json(command)
    shared.add_no_recipes(command)
    shared.add_recipes(command)
    shared.add_html(command)


def profile(options: argparse.Namespace) -> int:
    return profile_target(
        options, target_of(options), shared.given(options, ProfileOptions()), shared.chosen_rules(options)
    )


def target_of(options: argparse.Namespace) -> str:
    """The target, which must not be a program."""
    target: str = options.target
    program = is_program(target)
    if program and not Path(target).exists():
        raise KerasProfileError(
            f"{target}: expected a model, found no such file",
            "give a model file, an exported folder, or FILE.py:FUNCTION that makes one",
        )
    if program:
        raise KerasProfileError(
            f"{target}: expected a model, found a program",
            f"to run it: keras-profile run {target}; to profile a model made by one of its functions: "
            f"keras-profile profile {target}:function",
        )
    return target


def profile_target(
    options: argparse.Namespace,
    target: str,
    profiling: ProfileOptions,
    rules: Sequence[Rule],
    name: str | None = None,
) -> int:
    """Profiles ``target`` in the interpreter of the options; writes and prints the report."""
    from ...api.profiling import InInterpreter, profile_at
    from ..reporting import write_and_print

    python, extra_path = shared.interpreter(options)
    report = profile_at(
        InInterpreter(python, extra_path, getattr(options, "isolate", InInterpreter.isolate)),
        target,
        profiling,
        name=name or target,
        output=options.output,
        quiet=options.quiet or options.json,
        rules=rules,
    )
    write_and_print(report, options)
    return 0
