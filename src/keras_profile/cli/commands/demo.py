"""``keras-profile demo``: profiles a tiny model, whose predict is slow all the same."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...api.options import ProfileOptions
from .. import options as shared
from . import profile

_MODEL = Path(__file__).parents[2] / "features" / "experiments" / "models" / "tiny.py"


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "demo",
        parents=[common],
        help="profile a tiny model, whose predict is slow all the same",
        description="Profiles predict on a tiny model: 13 parameters, 32 rows of 4 numbers. It is from the "
        "Stack Overflow question why Keras models predict slower after compile().",
    )
    profile.add_measuring(command)
    command.set_defaults(function=demo)


def demo(options: argparse.Namespace) -> int:
    return profile.profile_target(
        options,
        f"{_MODEL}:build",
        shared.given(options, ProfileOptions()),
        shared.chosen_rules(options),
        name="demo",
    )
