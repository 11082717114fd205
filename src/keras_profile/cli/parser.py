"""The parser of the whole command line, made of the commands' own."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .. import __version__
from .commands import COMMANDS

if TYPE_CHECKING:
    from .options import Commands


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="keras-profile",
        description="Tells why your Keras inference is slow and how much of the time each Keras "
        "internal takes.",
        epilog="First steps: keras-profile demo, then keras-profile run app.py or keras-profile profile "
        "model.keras",
    )
    parser.add_argument("--version", action="version", version=f"keras-profile {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the full traceback of an error")
    commands: Commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands, common)
    return parser
