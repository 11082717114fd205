"""``keras-profile environment``: what makes processes that others start be recorded."""

from __future__ import annotations

import argparse
import sys

from ...api.options import ProgramOptions
from ...launch import shells
from .. import options as shared


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "environment",
        parents=[common],
        help="print what makes processes that others start be recorded",
        description="Prints lines for a shell to evaluate: Python programs that are started with these "
        "variables, by a server or a scheduler, are recorded.",
    )
    shared.add_recorder(command)
    shared.add_output(command, "where traces/ is made (default: here)")
    command.add_argument(
        "--shell",
        choices=list(shells.SHELLS),
        default=shells.usual_shell().name,
        help="the shell that is to evaluate the lines (default: the usual one of this system)",
    )
    command.set_defaults(function=environment)


def environment(options: argparse.Namespace) -> int:
    from ...api import programs
    from ...launch import program_process
    from ...recordings.json_files import write_program

    folder, content = programs.new_program("program", [], "", options.output)
    write_program(folder, content)
    told = programs.recorder_options(shared.given(options, ProgramOptions()), looks_closer=False)
    shell = shells.SHELLS[options.shell]
    for line in program_process.export_lines(folder, told, shell):
        print(line)
    print(
        "keras-profile: these lines are for the shell that starts the program to evaluate, as in\n"
        f"  {shell.evaluate}\n"
        f"  then, at any time: keras-profile report {folder}",
        file=sys.stderr,
    )
    return 0
