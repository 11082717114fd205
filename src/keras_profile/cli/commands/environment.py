"""``keras-profile environment``: records processes that something else starts."""

from __future__ import annotations

import argparse
import sys

from ...api.options import ProgramOptions
from ...launch import shells
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

    folder, content = programs.new_program("program", [], "", options.output)
    write_program(folder, content)
    told = programs.recorder_options(shared.given(options, ProgramOptions()), looks_closer=False)
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
        f"  {shell.evaluate}\n"
        f"  then, at any time: keras-profile report {folder}",
        file=sys.stderr,
    )
    return 0
