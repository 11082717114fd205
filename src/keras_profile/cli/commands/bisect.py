"""``keras-profile bisect``: finds the commit or the release since which a call is slower or faster."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from .. import options as shared

if TYPE_CHECKING:
    from ...model.comparison import ComparisonContent

#: How long two states are measured if nothing else is asked for.
SECONDS = 30.0
_FILE = "bisection.json"


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "bisect",
        parents=[common],
        help="find the commit or release since which a call is slower",
        description="Measures states between a good and a bad one in turn with the good one, halving what is "
        "between, and compares the two neighbours between which the call changed: commits with --good and "
        "--bad, or interpreters with --python, the oldest first.",
    )
    shared.add_target(command)
    shared.add_commits(
        command, "a commit, tag or branch in which the call was as it should be", "one in which it is not"
    )
    command.add_argument(
        "--python",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help="the interpreter of all commits; or, without --good, at least two to look through, oldest first",
    )
    shared.add_call(command)
    shared.add_seconds(
        command,
        SECONDS,
        "how long to measure each state, beyond import, build and first calls; longer if not clear",
    )
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_full(command)
    shared.add_json(command, "result")
    command.set_defaults(function=bisect)


def bisect(options: argparse.Namespace) -> int:
    from ...features.comparing.bisecting import bisect as find
    from ...features.comparing.comparing import Place
    from ...output.comparison.bisection_to_text import print_to
    from ...output.progress import ProgressDisplay
    from ...output.terminal import console as make_console
    from ...recordings.folders import new_folder
    from ...recordings.names import REPORTS, dated
    from ...recordings.writing import encode_json, write_files
    from ..printing import print_json, print_lines
    from ..states import states_of

    quiet = options.quiet or options.json
    with ProgressDisplay(quiet=quiet) as display, states_of(options) as states:

        def measure(first: int, second: int, times: int) -> ComparisonContent:
            seconds = times * options.seconds
            made = states.measure(first, second, seconds, Place.new(options.output), display)
            if made.interrupted:
                raise KeyboardInterrupt
            return made.content

        found = find(states.names, measure)
    folder = new_folder(options.output / REPORTS, dated("bisect", datetime.now()))
    write_files(folder, [(_FILE, encode_json(found))])
    if options.json:
        print_json(found)
        return 0
    console = make_console()
    print_to(found, console, options.full)
    print_lines(console, [f"bisection  {folder}"])
    return 0
