"""``keras-profile compare``: what differs between two ways to make a call, and how surely."""

from __future__ import annotations

import argparse
import shlex
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...api.options import ProfileOptions
from ...errors import KerasProfileError
from .. import options as shared

if TYPE_CHECKING:
    from ...features.comparing.comparing import Comparison, ProgramComparison
    from ...features.comparing.in_turn import SideToMeasure
    from ...launch.recorder_process import Listener

#: How long is measured if nothing else is asked for.
SECONDS = 60.0


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "compare",
        parents=[common],
        help="compare two interpreters, commits, models or recordings",
        description="Measures two ways to make a call in turn on this machine, and reports what differs: the "
        "call, each phase, counts, causes and outputs. Give one TARGET and what differs (--python OLD "
        "--python NEW, --base REF, or --before and --after), or two models. Two recordings or reports give "
        "an indication only.",
    )
    command.add_argument(
        "first",
        metavar="TARGET",
        help="a model as for profile, or the first of two; or a recording, or a report.json",
    )
    command.add_argument("second", metavar="OTHER", nargs="?", help="the second of two")
    command.add_argument(
        "--python",
        metavar="PATH",
        action="append",
        default=[],
        help="the interpreter or environment of both sides; given twice: of the first and of the second "
        "(default: this interpreter)",
    )
    command.add_argument(
        "--base",
        metavar="REF",
        help="compare this state of the git repository, such as main, with the files as they are; it gets a "
        "work tree of its own",
    )
    command.add_argument(
        "--setup",
        metavar="COMMAND",
        help="with --base: a shell command to run in the base's work tree first, such as one that makes its "
        "environment; a relative --python is then one in that work tree",
    )
    for name, which in (("before", "first"), ("after", "second")):
        command.add_argument(
            f"--{name}",
            metavar="OPTIONS",
            default="",
            help=f"options of the call for the {which} side only, such as --{name}='--no-compile'",
        )
    shared.add_call(command)
    shared.add_rules(command)
    shared.add_seconds(command, SECONDS, "how long to measure, beyond import, build and first calls")
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_full(command)
    shared.add_json(command, "comparison")
    shared.add_html(command)
    command.set_defaults(function=compare)


def compare(options: argparse.Namespace) -> int:
    from ...features.comparing.comparing import ProgramComparison
    from ...output.comparison import programs_to_text, to_terminal
    from ...output.comparison.comparison_files import HTML_FILE
    from ...output.terminal import console as make_console
    from ..printing import print_json, print_lines

    recorded = _recorded(options)
    made = _in_turn(options) if recorded is None else recorded
    if options.json:
        print_json(made.content)
        return 0
    console = make_console()
    if isinstance(made, ProgramComparison):
        programs_to_text.print_to(made.content, console, options.full)
    else:
        to_terminal.print_to(made.content, console, options.full)
    has_page = (made.folder / HTML_FILE).exists()
    lines = [f"page        keras-profile open {made.folder}"] if has_page else []
    print_lines(console, [*lines, f"comparison  {made.folder}"])
    return 0


def _recorded(options: argparse.Namespace) -> Comparison | ProgramComparison | None:
    """The comparison of two recordings or reports; None if models are to be measured."""
    from ...features.comparing.comparing import compare_stored
    from ...features.comparing.stored import is_stored, read_stored

    given = [options.first, options.second]
    stored = [one is not None and is_stored(one) for one in given]
    if not any(stored):
        return None
    if not all(stored):
        other = given[stored.index(False)]
        raise KerasProfileError(
            f"expected two recordings or two models, found the recording {given[stored.index(True)]} "
            f"and {'nothing' if other is None else other}",
            "a recording can only be compared with another recording or report",
        )
    rules = shared.chosen_rules(options)
    before, after = (read_stored(str(one), rules) for one in given)
    return compare_stored(before, after, options.output, html=options.html)


def _in_turn(options: argparse.Namespace) -> Comparison:
    from ...features.comparing.comparing import Place, compare_in_turn
    from ...features.comparing.in_turn import Plan
    from ...output.progress import ProgressDisplay

    rules = shared.chosen_rules(options)
    with ProgressDisplay(quiet=options.quiet or options.json) as display, ExitStack() as trees:
        sides = sides_of(options, display, trees)
        plan = Plan(options.seconds)
        return compare_in_turn(
            sides, plan, Place.new(options.output), display, rules=rules, html=options.html
        )


def sides_of(
    options: argparse.Namespace, listener: Listener, trees: ExitStack
) -> tuple[SideToMeasure, SideToMeasure]:
    """The two sides that the options ask for; work trees are removed when ``trees`` is closed."""
    from ...features.comparing.git_trees import state_here, work_tree
    from ...recorder.protocol import events

    targets = [options.first, options.second or options.first]
    pythons = [options.python[0], options.python[-1]] if options.python else [None, None]
    if len(options.python) > 2:
        raise KerasProfileError(
            f"expected --python once or twice, found it {len(options.python)} times",
            "for more than two interpreters: keras-profile history --python PATH PATH PATH",
        )
    if options.setup and not options.base:
        raise KerasProfileError("--setup is for --base", "add --base REF, or leave out --setup")
    _refuse_the_same(options)
    common = shared.given(options, ProfileOptions())
    calls = [call_options(options.before, "--before", common), call_options(options.after, "--after", common)]
    folders: list[Path | None] = [None, None]
    labels = _labels(options)
    if options.base:
        listener(events.Stage(f"preparing {options.base}"))
        folders[0], commit = trees.enter_context(work_tree(options.base, options.setup, Path()))
        labels = f"{options.base} ({commit})", state_here(Path())
    sides = [
        side_of(label, target, call, python, folder, listener)
        for target, python, call, folder, label in zip(targets, pythons, calls, folders, labels)
    ]
    return sides[0], sides[1]


def side_of(
    label: str, target: str, call: ProfileOptions, python: str | None, folder: Path | None, listener: Listener
) -> SideToMeasure:
    """A side that calls ``target`` in an interpreter, this one by default, in ``folder``.

    A relative path is that of an interpreter in ``folder``, if there is one.
    """
    from ...api.profiling import recording_request
    from ...features.comparing.git_trees import top_of
    from ...features.comparing.in_turn import CAPTURES, SideToMeasure
    from ...launch.interpreters import find_interpreter
    from ...recorder.protocol import events
    from ...recorder.protocol.requests import CompareRequest

    listener(events.Stage(f"starting {python or 'this interpreter'}"))
    if folder is not None:
        _refuse_paths_from_here(target, python, folder)
    own = folder / python if python and folder is not None and (folder / python).exists() else python
    path = find_interpreter(str(own)) if own else sys.executable
    request = CompareRequest(**vars(recording_request(Path(), target, replace(call, captures=CAPTURES))))
    not_from = None if folder is None else top_of(Path())
    return SideToMeasure(label, request, path, folder, is_interpreter=label == python, not_from=not_from)


def _refuse_paths_from_here(target: str, python: str | None, folder: Path) -> None:
    """Refuses what another state of the files would take from here instead of from its own ``folder``."""
    place = target.rpartition(":")[0] or target
    if Path(place).is_absolute() and Path(place).exists():
        raise KerasProfileError(
            f"{target}: expected a relative path, found an absolute one: both states would run the same file",
            "give the path from this folder",
        )
    if python and not Path(python).is_absolute() and Path(python).exists() and not (folder / python).exists():
        raise KerasProfileError(
            f"--python {python}: expected it in the other state's files too, found none",
            "make it there: --setup='python -m venv .venv && .venv/bin/pip install .'",
        )


def _refuse_the_same(options: argparse.Namespace) -> None:
    """Refuses two sides that do not differ, unless that is asked for by the same interpreter given twice."""
    differ = (
        options.base
        or len(options.python) == 2
        or (options.second is not None)
        or options.before
        or options.after
    )
    if not differ:
        raise KerasProfileError(
            "expected two sides to compare, found one",
            "give a second model or recording, --python OLD --python NEW, --base REF, or "
            "--after='--no-compile'",
        )


def _labels(options: argparse.Namespace) -> tuple[str, str]:
    """What distinguishes the sides."""
    if options.second is not None and options.second != options.first:
        return options.first, options.second
    if len(options.python) == 2:
        return options.python[0], options.python[1]
    return options.before or "as given", options.after or "as given"


def call_options(text: str, name: str, options: ProfileOptions) -> ProfileOptions:
    """``options`` with those of the call in ``text``, which is called ``name`` in an error."""
    parser = argparse.ArgumentParser(prog=f"keras-profile: {name}", add_help=False, exit_on_error=False)
    shared.add_call(parser)
    try:
        found, unknown = parser.parse_known_args(shlex.split(text))
    except (argparse.ArgumentError, ValueError) as error:
        raise KerasProfileError(f"{name}: {text!r}: {error}", "see keras-profile profile --help") from error
    if unknown:
        raise KerasProfileError(
            f"{name}: {text!r}: expected options of the call, found {unknown[0]}",
            "such as --entry, --rows, --batch-size, --compile, --no-compile, --eager",
        )
    return shared.given(found, options)
