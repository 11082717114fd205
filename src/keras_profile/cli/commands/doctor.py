"""``keras-profile doctor``: checks whether profiling works here."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import options as shared
from ..printing import print_json


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "doctor",
        parents=[common],
        help="check whether profiling works here, and how to fix it",
        description="Checks the environment, from the interpreter to the opened page, with a short "
        "recording. Also checks a TensorBoard log folder. The exit code is 1 if something would not work.",
    )
    command.add_argument(
        "log_folder",
        metavar="LOGDIR",
        type=Path,
        nargs="?",
        help="a folder for tensorboard --logdir: check whether TensorBoard will show its traces",
    )
    command.add_argument(
        "--python",
        metavar="PATH",
        help="check this interpreter, environment (folder or name) or command (default: this interpreter)",
    )
    shared.add_quiet(command)
    shared.add_json(command, "checkup")
    command.set_defaults(function=doctor, with_pyinstrument=False)


def doctor(options: argparse.Namespace) -> int:
    from ...features.doctor import gathering
    from ...features.doctor.summary import print_checkup
    from ...output.progress import ProgressDisplay
    from ...output.terminal import console

    python, _ = shared.interpreter(options)
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        checkup = gathering.examine(python, options.log_folder, display)
    if options.json:
        print_json(checkup)
    else:
        print_checkup(checkup, console())
    return 0 if checkup.works else 1
