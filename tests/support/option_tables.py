"""The option tables of ``docs/commands.md``, as the parser says them."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from keras_profile.cli.parser import make_parser

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"

_BEGIN, _END = "<!-- options: {} -->", "<!-- end of options -->"
_TABLE = re.compile(r"<!-- options: ([a-z]+) -->\n.*?<!-- end of options -->", re.DOTALL)


def command_parsers() -> dict[str, argparse.ArgumentParser]:
    """Each command's parser by its name."""
    (commands,) = (
        action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return dict(commands.choices)


def option_table(command: str) -> str:
    """What a command takes, arguments first, as a table."""
    rows = ["| option | meaning |", "|---|---|"]
    parser = command_parsers()[command]
    actions = sorted(parser._actions, key=lambda action: (bool(action.option_strings), action.dest == "help"))
    for action in actions:
        if action.help != argparse.SUPPRESS:
            rows.append(f"| `{_written(action)}` | {_sentence(action.help or '')} |")
    return "\n".join(rows)


def with_tables(page: str) -> str:
    """The page, with the table of each command between its marks as the parser says it."""

    def table(found: re.Match[str]) -> str:
        return "\n".join([_BEGIN.format(found[1]), option_table(found[1]), _END])

    return _TABLE.sub(table, page)


def _written(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar).replace("|", "\\|")
    name = action.option_strings[-1]
    if action.nargs == 0:
        return name
    value = str(action.metavar) if action.choices is None else "\\|".join(action.choices)
    return f"{name} {value}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
