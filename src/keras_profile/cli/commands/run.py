"""``keras-profile run PROGRAM``: runs a program unchanged, and profiles all inference in it.

If a model is given instead, it is profiled as by ``keras-profile profile``.
"""

from __future__ import annotations

import argparse
import sys
from argparse import REMAINDER, SUPPRESS
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...api.options import ProgramOptions
from ...errors import KerasProfileError
from ...recorder.protocol import LEAST_S, MOST_S
from .. import options as shared
from ..printing import tell, tell_error
from ..targets import STANDARD_INPUT, is_program
from . import profile

if TYPE_CHECKING:
    from ...analysis.rules.rule import Rule

#: Names of recordings of programs that have no name.
_NAMES = {"-c": "code", STANDARD_INPUT: "stdin"}


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "run",
        parents=[common],
        help="run a program and profile all inference in it",
        usage="%(prog)s [options] PROGRAM.py [ARGUMENTS] | -m MODULE [ARGUMENTS] | -c CODE [ARGUMENTS]",
        description="Runs a Python program unchanged and profiles all inference in it. Arguments after the "
        "program go to it. If a model is given instead, this is keras-profile profile, with the options of "
        "that command.",
        # An abbreviation of one of our options may be an option of the program.
        allow_abbrev=False,
    )
    command.add_argument(
        "program",
        metavar="PROGRAM",
        nargs=REMAINDER,
        help="the program and its arguments: a script, a folder or archive with __main__.py, or - for "
        "standard input",
    )
    command.add_argument(
        "-m",
        nargs=REMAINDER,
        metavar="MODULE",
        dest="module",
        default=SUPPRESS,
        help="run a module as python -m MODULE does; arguments after it go to it",
    )
    command.add_argument(
        "-c",
        nargs=REMAINDER,
        metavar="CODE",
        dest="code",
        default=SUPPRESS,
        help="run code as python -c CODE does; arguments after it go to it",
    )
    of_programs = [
        *_add_options_of_python(command),
        command.add_argument(
            "--for",
            type=shared.duration,
            metavar="TIME",
            dest="time_limit",
            default=SUPPRESS,
            help="interrupt the program after this time, in seconds or as 60s, 5m, 1h",
        ),
        command.add_argument(
            "--no-replay",
            action="store_false",
            default=SUPPRESS,
            dest="replay",
            help="do not replay calls after the program ends",
        ),
        *shared.add_recorder(command),
    ]
    of_models = [*shared.add_call(command), shared.add_isolate(command)]
    for action in of_models:
        action.help = SUPPRESS
    shared.add_captures(command)
    profile.add_measuring(
        command,
        "how long to replay calls and try recipes after the program ends",
        f"as long as the program took, longer if calls are long, at least {LEAST_S:g} and at most {MOST_S:g}",
    )
    names = [text for action in command._actions for text in action.option_strings if text != "--help"]
    command.set_defaults(function=partial(_run, command, common, of_programs, of_models), names=names)


def _run(
    command: argparse.ArgumentParser,
    common: argparse.ArgumentParser,
    of_programs: Sequence[argparse.Action],
    of_models: Sequence[argparse.Action],
    options: argparse.Namespace,
) -> int:
    program = _program(options)
    if not program or program in (["-m"], ["-c"]):
        command.error("expected PROGRAM.py, -m MODULE or -c CODE")
    name = program[1] if program[0] == "-m" else program[0]
    if program[0] in ("-m", "-c") or is_program(name):
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
    model = type(command)(prog=command.prog, parents=[common])
    profile.add_options(model)
    return profile.profile(model.parse_args(options.arguments[1:]))


class _OptionOfPython(argparse.Action):
    """An option that goes to the interpreter as it stands."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        options: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option: str | None = None,
    ) -> None:
        assert option is not None
        given = [option, values] if isinstance(values, str) else [option]
        setattr(options, self.dest, [*getattr(options, self.dest), *given])


def _add_options_of_python(command: argparse.ArgumentParser) -> list[argparse.Action]:
    def add(name: str, nargs: int | None, text: str) -> argparse.Action:
        return command.add_argument(
            name,
            action=_OptionOfPython,
            nargs=nargs,
            dest="options_of_python",
            default=[],
            metavar="OPTION",
            help=text,
        )

    shown = add("-X", None, "goes to Python, as -W and its options of one letter without a value do")
    with_value, alone = ["-W"], [f"-{letter}" for letter in "bBdEiIOPqsSuvx"]
    return [
        shown,
        *(add(name, None, SUPPRESS) for name in with_value),
        *(add(name, 0, SUPPRESS) for name in alone),
    ]


def _program(options: argparse.Namespace) -> list[str]:
    """What the plain interpreter is given: a script, ``-m MODULE`` or ``-c CODE``, and arguments.

    It is empty where there is none, and begins with the target where that is a model.
    """
    rest: list[str] = options.program
    if hasattr(options, "module"):
        return ["-m", *options.module, *rest]
    if hasattr(options, "code"):
        return ["-c", *options.code, *rest]
    return rest[1:] if rest[:1] == ["--"] else rest


def _refuse(options: argparse.Namespace, actions: Sequence[argparse.Action], why: str, advice: str) -> None:
    """Raises for an option that was given and has no use here."""
    for action in actions:
        given = getattr(options, action.dest, None)
        if given is not None and given != [] and action.const in (None, given):
            name = given[0] if isinstance(given, list) else action.option_strings[0]
            raise KerasProfileError(f"{name} {why}", advice)


def _run_program(options: argparse.Namespace, command: Sequence[str], name: str) -> int:
    from ...analysis.program_report import WITHOUT_CALLS
    from ...api.programs import run_program
    from ...api.results import Program
    from ...launch.other_processes import DEAF_OPTIONS
    from ...output.progress import ProgressDisplay
    from ...recordings.opened import OpenedProgram
    from ..reporting import write_and_print

    rules = shared.chosen_rules(options)
    if command[0] not in ("-m", "-c", STANDARD_INPUT) and not Path(name).exists():
        raise KerasProfileError(
            f"{name}: expected a Python program, but there is no such file",
            _did_you_mean(Path(name)) or "give the path of a script, or -m MODULE",
        )
    deaf = sorted({f"-{letter}" for letter in DEAF_OPTIONS} & set(options.options_of_python))
    if deaf:
        raise KerasProfileError(
            f"{deaf[0]}: expected a Python that reads its environment, where the recorder is named; with it "
            "nothing is recorded",
            "omit it",
        )
    python, extra_path = shared.interpreter(options)
    _tell_misplaced(options, command, name)
    ran = run_program(
        command,
        shared.given(options, ProgramOptions()),
        python=python,
        extra_path=extra_path,
        options_of_python=options.options_of_python,
        name=_NAMES.get(command[0]) or Path(name).resolve().name,
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
        if ran.exit_code and not ran.going_on:
            tell(f"the program ended with exit code {ran.exit_code} before a call of a Keras model returned")
        else:
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


def _did_you_mean(path: Path) -> str:
    """The script beside it whose name is closest; empty if none is close."""
    near = get_close_matches(path.name, [one.name for one in path.parent.glob("*.py")], n=1)
    return f"did you mean {path.parent / near[0]}?" if near else ""


def _tell_misplaced(options: argparse.Namespace, command: Sequence[str], name: str) -> None:
    """Says which options behind the program are called like ours: they go to the program."""
    behind = [text.partition("=")[0] for text in command[2 if command[0] in ("-m", "-c") else 1 :]]
    ours = [text for text in dict.fromkeys(behind) if text in options.names and text.startswith("--")]
    if ours and not options.quiet:
        given = f"{', '.join(ours)} {'goes' if len(ours) == 1 else 'go'}"
        tell(f"note: {given} to the program; options of keras-profile go before {name}")


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
