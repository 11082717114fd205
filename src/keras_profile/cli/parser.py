"""The parser of the whole command line, built from the commands' parsers."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn, cast

from .. import __version__
from .commands import COMMANDS

if TYPE_CHECKING:
    from .options import Commands


#: How alike a misspelled word must be to the one that is suggested.
_NEAR = 0.75


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are two lines: what was found, and what to do."""

    def error(self, message: str) -> NoReturn:
        """Ends the process with exit code 2."""
        found = re.search(r"unrecognized arguments: (\S+)|invalid choice: '([^']*)'", message)
        near: list[str] = []
        if found:
            word = (found[1] or found[2]).partition("=")[0]
            words = set(self._words())
            # A word that is there belongs to another command, or stands in the wrong place.
            near = [] if word in words else difflib.get_close_matches(word, words, 1, _NEAR)
            if word.endswith(".py") and not found[1]:
                near = [f"{self.prog} run {word}"]
        advice = f"did you mean {near[0]}?" if near else f"see {self.prog} --help"
        self.exit(2, f"keras-profile: {message}\n  {advice}\n")

    def _words(self) -> Iterator[str]:
        """All options and commands, including those of its commands."""
        for action in self._actions:
            yield from action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                for name, parser in action.choices.items():
                    yield name
                    yield from parser._words()
            elif action.choices:
                yield from map(str, action.choices)


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _Parser(
        prog="keras-profile",
        description="Finds out why your Keras inference is slow, shows where the time goes, and measures "
        "what makes it faster.",
        epilog="First steps: keras-profile demo, then keras-profile run app.py or keras-profile profile "
        "model.keras",
    )
    parser.add_argument("--version", action="version", version=f"keras-profile {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the full traceback of an error")
    common.add_argument(
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="when to print in colour (default: on a terminal, unless NO_COLOR is set)",
    )
    commands = cast("Commands", parser.add_subparsers(title="commands", metavar="COMMAND"))
    for command in COMMANDS:
        command.add(commands, common)
    return parser
