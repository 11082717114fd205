"""Parts a command line that runs a program: options before the script are ours, the rest is the program's."""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def split_program(
    arguments: Sequence[str],
    parser: argparse.ArgumentParser,
) -> tuple[list[str], list[str]] | None:
    """Our own options and the program's command, or None where no program is to be run.

    ``parser`` knows which of its options take a value. A program is ``-m MODULE`` or a file
    that ends in ``.py``; with a colon behind it, it is a callable of that file that makes a model.

    >>> parser = argparse.ArgumentParser()
    >>> _ = parser.add_argument("--seconds"), parser.add_argument("--quiet", action="store_true")
    >>> split_program(["--seconds", "5", "--quiet", "app.py", "--seconds", "7"], parser)
    (['--seconds', '5', '--quiet'], ['app.py', '--seconds', '7'])
    >>> split_program(["--quiet", "-m", "package.app", "x"], parser)
    (['--quiet'], ['-m', 'package.app', 'x'])
    >>> split_program(["net.py:build", "--seconds", "5"], parser)
    """
    own: list[str] = []
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        rest = list(arguments[place + 1 :])
        if argument == "-m":
            return (own, ["-m", *rest]) if rest else None
        if argument.startswith("-m") and argument[2:].isidentifier():  # as Python takes it too
            return own, ["-m", argument[2:], *rest]
        if argument == "--":
            return (own, rest) if rest and _is_script(rest[0]) else None
        if not argument.startswith("-") or argument == "-":
            return (own, [argument, *rest]) if _is_script(argument) else None
        action = _option(argument, parser)
        if action is None:  # the parser tells what is wrong with it
            return None
        takes_next = action.nargs != 0 and "=" not in argument
        own += arguments[place : place + 1 + takes_next]
        place += 1 + takes_next
    return None


def _is_script(argument: str) -> bool:
    return argument.endswith(".py") and ":" not in argument


def _option(argument: str, parser: argparse.ArgumentParser) -> argparse.Action | None:
    """The option that an argument means, which may be shortened as far as it is one alone."""
    table = parser._option_string_actions  # argparse has no other way to ask
    name = argument.partition("=")[0]
    if name in table:
        return table[name]
    meant = {
        id(action): action
        for option, action in table.items()
        if name.startswith("--") and option.startswith(name)
    }
    return next(iter(meant.values())) if len(meant) == 1 else None
