"""``keras-profile environment``: records processes that something else starts."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from ...api.options import ProgramOptions
from ...errors import KerasProfileError
from ...launch import shells
from ...recorder.protocol.requests import WindowOptions
from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "environment",
        parents=[common],
        help="print variables that record programs started by a server or scheduler",
        description="Prints lines for a shell to evaluate. Python programs that are started with these "
        "variables, for example by a server or a scheduler, are recorded.",
    )
    shared.add_recorder(command)
    command.add_argument(
        "--every",
        type=shared.duration,
        metavar="TIME",
        help="record only a part of each such period, such as 90s, 5m, 1h or 1d (default: all the time)",
    )
    command.add_argument(
        "--for",
        type=shared.duration,
        dest="for_s",
        metavar="TIME",
        help="how much of each period to record, as a recording of its own",
    )
    command.add_argument(
        "--offset",
        type=shared.offset,
        metavar="TIME",
        help="when the first of these recordings begins, after the import of Keras (default: at a random "
        "moment of the first period)",
    )
    command.add_argument(
        "--keep",
        type=shared.positive,
        metavar="N",
        help=f"how many of these recordings to keep, the newest (default: {WindowOptions.keep})",
    )
    shared.add_output(command, "folder for traces/ (default: here)")
    command.add_argument(
        "--shell",
        choices=list(shells.SHELLS),
        default=shells.usual_shell().name,
        help="the shell that evaluates the lines (default: this system's usual one)",
    )
    shared.add_json(command, "variables")
    command.set_defaults(function=environment)


def environment(options: argparse.Namespace) -> int:
    from ...api import programs
    from ...launch import program_process
    from ...model.prepared import ENVIRONMENT_SCHEMA, PreparedEnvironment
    from ...recordings.json_files import write_program

    windows = windows_of(options)
    told = programs.recorder_options(
        shared.given(options, ProgramOptions()), looks_closer=False, windows=windows
    )
    folder, content = programs.new_program("program", [], "", options.output)
    write_program(folder, content)
    if options.json:
        variables = program_process.environment_for(folder, told)
        print_json(
            PreparedEnvironment(
                ENVIRONMENT_SCHEMA, str(folder), variables, {"PYTHONPATH": str(program_process.STARTUP)}
            )
        )
        return 0
    shell = shells.SHELLS[options.shell]
    for line in program_process.export_lines(folder, told, shell):
        print(line)
    print(
        "keras-profile: evaluate these lines in the shell that starts the program:\n"
        f"  {evaluating(shell, options.arguments)}\n"
        f"  then, at any time: keras-profile report {folder}",
        file=sys.stderr,
    )
    if windows is not None:
        print(
            f"{in_words(windows)};\n"
            f"  keras-profile list shows each time as a recording; the newest {windows.keep:,} are kept",
            file=sys.stderr,
        )
    return 0


def evaluating(shell: shells.Shell, arguments: Sequence[str]) -> str:
    """What to type to evaluate the lines: this command with its ``arguments``, if they are plain words."""
    if not all(re.fullmatch(r"[\w./:=-]+", word) for word in arguments):
        return shell.evaluate
    kept, given = [], iter(arguments[1:])
    for word in given:
        if word == "--shell":  # the line has it where it needs it
            next(given, None)
        elif not word.startswith("--shell="):
            kept.append(word)
    known = re.match(rf".*?keras-profile environment( --shell {shell.name})?", shell.evaluate)
    assert known is not None
    return " ".join([known[0], *kept]) + shell.evaluate[known.end() :]


def windows_of(options: argparse.Namespace) -> WindowOptions | None:
    """The windows that the options ask for, None for all the time.

    Raises :class:`KerasProfileError` if a part of them is missing.
    """
    given = {
        "--every": options.every,
        "--for": options.for_s,
        "--offset": options.offset,
        "--keep": options.keep,
    }
    if all(value is None for value in given.values()):
        return None
    lacking = [name for name in ("--every", "--for") if given[name] is None]
    if lacking:
        there = ", ".join(name for name, value in given.items() if value is not None)
        raise KerasProfileError(
            f"expected --every and --for together, found {there} without {lacking[0]}",
            "for example: --every 1h --for 60s",
        )
    keep = WindowOptions.keep if options.keep is None else options.keep
    return WindowOptions(options.every, options.for_s, options.offset, keep)


def in_words(windows: WindowOptions) -> str:
    """When each process is recorded, as a line without its end."""
    first = "at a random moment of the first period"
    if windows.offset_s is not None:
        first = f"{time_in_words(windows.offset_s)} after the import of Keras"
    return (
        f"  each process is recorded for {time_in_words(windows.for_s)} every "
        f"{time_in_words(windows.every_s)}, first {first}"
    )


def time_in_words(seconds: float) -> str:
    """A time with the largest unit that it is a whole number of.

    >>> time_in_words(3600.0), time_in_words(90.0), time_in_words(0.0), time_in_words(172800.0)
    ('1 h', '90 s', '0 s', '2 d')
    """
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,.6g} s"
