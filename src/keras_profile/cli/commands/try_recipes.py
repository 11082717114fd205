"""``keras-profile try TARGET``: measures which changes make a model's inference faster."""

from __future__ import annotations

import argparse

from ...api.options import ProfileOptions
from .. import options as shared
from . import profile

#: The original calls get little of the time, and nothing is attributed.
DEFAULTS = ProfileOptions(seconds=60.0, captures=("bare",), recording_share=0.1, processes=True)


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "try",
        parents=[common],
        help="measure which changes make a model's inference faster",
        description="Tries the recipes that fit the model and the call, and reports how much each gains and "
        "whether the outputs stay the same. Your model is not changed.",
    )
    shared.add_target(command)
    shared.add_call(command)
    shared.add_seconds(
        command, DEFAULTS.seconds, "how long to measure, beyond import, building and comparing"
    )
    shared.add_output(command)
    shared.add_interpreter(command)
    shared.add_quiet(command)
    shared.add_full(command)
    shared.add_json(command)
    shared.add_recipes(command)
    shared.add_html(command)
    command.set_defaults(function=try_recipes)


def try_recipes(options: argparse.Namespace) -> int:
    return profile.profile_target(
        options, profile.target_of(options), shared.given(options, DEFAULTS), rules=[]
    )
