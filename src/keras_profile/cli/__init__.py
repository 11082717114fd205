"""The command line."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence

from ..errors import KerasProfileError
from ..output.streams import ReaderGoneError, UnwritableError, doors
from .parser import make_parser
from .printing import tell_error


def program() -> int:
    """:func:`main` as a program: a traceback is printed like everything else."""
    with doors():
        try:
            return main()
        except Exception:
            traceback.print_exc()
            return 2  # 1 is an answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line; the exit code is 0, 1 for a negative answer, 2 for bad input."""
    with doors():
        try:
            try:
                return _run(list(sys.argv[1:] if arguments is None else arguments))
            finally:
                sys.stdout.flush()
        except ReaderGoneError:
            return 0
        except UnwritableError as error:
            tell_error(error)
            return 2


def _run(given: list[str]) -> int:
    parser = make_parser()
    options = parser.parse_args(given, argparse.Namespace(arguments=given))
    if not hasattr(options, "function"):
        parser.print_help()
        return 2
    if options.color != "auto":
        from ..output.terminal import choose_colours

        choose_colours(options.color)
    try:
        code: int = options.function(options)
        return code
    except UnwritableError:
        raise
    except KerasProfileError as error:
        if options.debug:
            raise
        tell_error(error)
        return 2
    except KeyboardInterrupt:
        print("keras-profile: interrupted", file=sys.stderr)
        return 130
