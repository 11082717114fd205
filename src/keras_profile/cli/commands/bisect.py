"""``keras-profile bisect``: finds the commit or the release since which a call is slower or faster."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ...api.options import ProfileOptions
from ...errors import KerasProfileError
from .. import options as shared
from .compare import side_of

if TYPE_CHECKING:
    from ...features.comparing.in_turn import SideToMeasure
    from ...launch.recorder_process import Listener
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
    command.add_argument(
        "--good", metavar="REF", help="a commit, tag or branch in which the call was as it should be"
    )
    command.add_argument(
        "--bad", metavar="REF", default="HEAD", help="one in which it is not (default: HEAD)"
    )
    command.add_argument(
        "--python",
        metavar="PATH",
        nargs="+",
        action="extend",
        default=[],
        help="the interpreter of all commits; or, without --good, at least two to look through, oldest first",
    )
    command.add_argument(
        "--setup",
        metavar="COMMAND",
        help="a shell command to run in each commit's work tree first; a relative --python is then one in it",
    )
    shared.add_call(command)
    shared.add_seconds(
        command, SECONDS, "how long to measure each state, beyond import, build and first calls"
    )
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_full(command)
    shared.add_json(command, "result")
    command.set_defaults(function=bisect)


def bisect(options: argparse.Namespace) -> int:
    from ...features.comparing.bisecting import bisect as find
    from ...output.comparison.bisection_to_text import print_to
    from ...output.progress import ProgressDisplay
    from ...output.terminal import console as make_console
    from ...recordings.folders import new_folder
    from ...recordings.names import REPORTS, dated
    from ...recordings.writing import encode_json, write_files
    from ..printing import print_json, print_lines

    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        states = _States(options, display)
        found = find(states.names, states.measure)
    if options.json:
        print_json(found)
        return 0
    folder = new_folder(options.output / REPORTS, dated("bisect", datetime.now()))
    write_files(folder, [(_FILE, encode_json(found))])
    console = make_console()
    print_to(found, console, options.full)
    print_lines(console, [f"bisection  {folder}"])
    return 0


class _States:
    """The states to look through: commits, or interpreters."""

    def __init__(self, options: argparse.Namespace, listener: Listener) -> None:
        from ...features.comparing.git_trees import commits_between

        self._options = options
        self._listener = listener
        self._call = shared.given(options, ProfileOptions())
        self._commits = [] if options.good is None else commits_between(options.good, options.bad, Path())
        if options.good is None and len(options.python) < 2:
            raise KerasProfileError(
                "expected states to look through, found none",
                "give --good REF, or at least two interpreters: --python OLD NEWER NEWEST",
            )
        if options.good is not None and len(options.python) > 1:
            raise KerasProfileError(
                f"expected one --python for all commits, found {len(options.python)}",
                "leave out --good to look through interpreters",
            )
        self.names = [f"{name} {subject}" for name, subject in self._commits] or list(options.python)

    def measure(self, good: int, other: int) -> ComparisonContent:
        """Measures two states in turn. Raises :class:`KerasProfileError`."""
        from ...features.comparing.comparing import compare_in_turn
        from ...features.comparing.in_turn import Plan

        with ExitStack() as trees:
            sides = self._side(good, trees), self._side(other, trees)
            plan = Plan(self._options.seconds)
            made = compare_in_turn(sides, plan, self._options.output, self._listener, html=False)
        if made.interrupted:
            raise KeyboardInterrupt
        return made.content

    def _side(self, number: int, trees: ExitStack) -> SideToMeasure:
        from ...features.comparing.git_trees import work_tree
        from ...recorder.protocol import events

        options = self._options
        if not self._commits:
            python = options.python[number]
            return side_of(python, options.target, self._call, python, None, self._listener)
        name, subject = self._commits[number]
        self._listener(events.Stage(f"preparing {name} {subject}"))
        folder, _ = trees.enter_context(work_tree(name, options.setup, Path()))
        python = options.python[0] if options.python else None
        return side_of(f"{name} {subject}", options.target, self._call, python, folder, self._listener)
