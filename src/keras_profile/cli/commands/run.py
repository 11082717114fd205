"""``keras-profile run PROGRAM``: runs a program as it is, and profiles all inference in it.

A model in place of the program is profiled as by ``keras-profile profile``.
"""

from __future__ import annotations

import argparse
import sys
from argparse import REMAINDER, SUPPRESS
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...api.options import ProgramOptions
from ...errors import KerasProfileError
from ...recorder.protocol import LEAST_S, MOST_S
from .. import options as shared
from ..printing import tell, tell_error
from . import profile

if TYPE_CHECKING:
    from ...analysis.rules.rule import Rule


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "run",
        parents=[common],
        help="run a program, and profile all inference in it",
        usage="%(prog)s [options] PROGRAM.py [ARGUMENTS] | -m MODULE [ARGUMENTS]",
        description="Runs a Python program as it is and profiles all inference in it. What follows the "
        "program goes to it. A model in its place is profiled as by keras-profile profile, with the options "
        "of that command.",
        # What is short for an option of ours may be one of the program's.
        allow_abbrev=False,
    )
    command.add_argument(
        "program",
        metavar="PROGRAM",
        nargs=REMAINDER,
        help="a script that ends in .py, and its own arguments",
    )
    command.add_argument(
        "-m",
        nargs=REMAINDER,
        metavar="MODULE",
        dest="module",
        default=SUPPRESS,
        help="run a module as a program, as python -m MODULE does; what follows it is its own",
    )
    of_programs = [
        command.add_argument(
            "--for",
            type=shared.duration,
            metavar="TIME",
            dest="time_limit",
            default=SUPPRESS,
            help="interrupt the program after so many seconds, or as 60s, 5m, 1h",
        ),
        command.add_argument(
            "--no-replay",
            action="store_false",
            default=SUPPRESS,
            dest="replay",
            help="make no call again after the program's end",
        ),
        *shared.add_recorder(command),
    ]
    of_models = [*shared.add_call(command), shared.add_isolate(command)]
    for action in of_models:
        action.help = SUPPRESS
    shared.add_captures(command)
    profile.add_measuring(
        command,
        "how long to make its calls again and to try changes, after the program's end",
        f"as long as the program took, at least {LEAST_S:g} and at most {MOST_S:g}",
    )
    command.set_defaults(function=partial(_run, command, common, of_programs, of_models))


def _run(
    command: argparse.ArgumentParser,
    common: argparse.ArgumentParser,
    of_programs: Sequence[argparse.Action],
    of_models: Sequence[argparse.Action],
    options: argparse.Namespace,
) -> int:
    program = _program(options)
    if not program or program == ["-m"]:
        command.error("expected PROGRAM.py or -m MODULE")
    name = program[1] if program[0] == "-m" else program[0]
    if program[0] == "-m" or shared.is_script(name):
        _refuse(
            options,
            of_models,
            f"is for a model, and {name} is a program",
            "omit it; to profile a model that a function of the file makes: keras-profile profile "
            f"{name}:function",
        )
        return _run_program(options, program, name)
    _refuse(
        options,
        of_programs,
        f"is for a program, and {name} is a model",
        "omit it, or give a script: keras-profile run [options] script.py",
    )
    model = argparse.ArgumentParser(prog=command.prog, parents=[common])
    profile.add_options(model)
    return profile.profile(model.parse_args(options.arguments[1:]))


def _program(options: argparse.Namespace) -> list[str]:
    """What the plain interpreter is given: a script or ``-m`` and a module, and the program's arguments.

    It is empty where there is none, and begins with the target where that is a model.
    """
    rest: list[str] = options.program
    if hasattr(options, "module"):
        return ["-m", *options.module, *rest]
    return rest[1:] if rest[:1] == ["--"] else rest


def _refuse(options: argparse.Namespace, actions: Sequence[argparse.Action], why: str, advice: str) -> None:
    """Raises for an option that was given and has no use here."""
    for action in actions:
        if hasattr(options, action.dest) and action.const in (None, getattr(options, action.dest)):
            raise KerasProfileError(f"{action.option_strings[0]} {why}", advice)


def _run_program(options: argparse.Namespace, command: Sequence[str], name: str) -> int:
    from ...analysis.program_report import WITHOUT_CALLS
    from ...api.programs import run_program
    from ...api.results import Program
    from ...output.progress import ProgressDisplay
    from ...recordings.opened import OpenedProgram
    from ..reporting import write_and_print

    rules = shared.chosen_rules(options)
    if command[0] != "-m" and not Path(name).is_file():
        raise KerasProfileError(
            f"{name}: expected a Python program, found no such file",
            "give the path of a script, or -m MODULE",
        )
    python, extra_path = shared.interpreter(options)
    ran = run_program(
        command,
        shared.given(options, ProgramOptions()),
        python=python,
        extra_path=extra_path,
        name=name,
        output=options.output,
        display=ProgressDisplay(quiet=options.quiet or options.json, from_the_start=False),
        time_limit=getattr(options, "time_limit", None),
        stdout=sys.stderr if options.json else None,
        asked=partial(_report_until_now, options, rules),
    )
    if ran.going_on:
        numbers = ", ".join(map(str, ran.going_on))
        tell(f"still running, and recorded: process {numbers}")
        print(f"  report on it at any time with: keras-profile report {ran.folder.name}", file=sys.stderr)
    if ran.recording is None:
        tell("no call of a Keras model was recorded" + (" until now" if ran.going_on else ""))
        if not ran.going_on:
            print(f"  {WITHOUT_CALLS}", file=sys.stderr)
        for one in ran.not_recorded:
            tell(f"process {one.pid} was not recorded: {one.reason} ({one.command})")
        return ran.exit_code
    try:
        write_and_print(Program.of(OpenedProgram(ran.recording), rules), options, sys.stderr)
    except KerasProfileError as error:  # the exit code is the program's all the same
        if options.debug:
            raise
        tell_error(error)
    return ran.exit_code


def _report_until_now(options: argparse.Namespace, rules: Sequence[Rule], recording: Path) -> None:
    """Writes the report while the program goes on."""
    from ...api.results import Program
    from ...recordings.opened import OpenedProgram
    from ..reporting import write

    try:
        place, _ = write(Program.of(OpenedProgram(recording), rules), options)
        tell(f"a report of the program until now: {place}")
    except KerasProfileError as error:
        tell_error(error)
