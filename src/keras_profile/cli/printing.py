"""Prints the command line's own lines, JSON and errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import KerasProfileError

if TYPE_CHECKING:
    from rich.console import Console


def print_lines(console: Console, lines: Iterable[str]) -> None:
    """Prints lines unwrapped, below what was printed before."""
    from ..output.terminal import plain

    console.print()
    for line in lines:
        console.print(plain(line), soft_wrap=True)


def print_json(content: object) -> None:
    """Prints a report, a summary or a checkup as JSON to standard output."""
    from ..recordings.writing import encode_json

    text = encode_json(content).decode()
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        text = json.dumps(json.loads(text), indent=1) + "\n"
    sys.stdout.write(text)
    sys.stdout.flush()


def tell(text: str) -> None:
    """Prints a message to standard error."""
    print(f"keras-profile: {text}", file=sys.stderr)


def tell_error(error: KerasProfileError) -> None:
    """Prints the error: the traceback if the user's own code raised it, the message, and what to do."""
    if error.trace:
        print(error.trace.rstrip(), file=sys.stderr)
    tell(error.message)
    if error.advice:
        print(f"  {error.advice}", file=sys.stderr)
