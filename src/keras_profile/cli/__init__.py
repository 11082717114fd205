"""The command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..errors import KerasProfileError
from .parser import make_parser
from .printing import tell_error


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line; the exit code is 0, 1 for a negative answer, 2 for bad input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = make_parser()
    options = parser.parse_args(given, argparse.Namespace(arguments=given))
    if not hasattr(options, "function"):
        parser.print_help()
        return 2
    try:
        code: int = options.function(options)
        return code
    except KerasProfileError as error:
        if options.debug:
            raise
        tell_error(error)
        return 2
    except KeyboardInterrupt:
        print("keras-profile: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
