"""``keras-profile gate``: fails in CI if a call does more than is locked, or is slower than its base."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import KerasProfileError
from .. import options as shared
from .compare import call_options, side_of

if TYPE_CHECKING:
    from ...features.gate.gating import CallToGate
    from ...features.gate.settings import GateSettings
    from ...launch.recorder_process import Listener
    from ...model.gate import GateContent


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "gate",
        parents=[common],
        help="check calls in CI: counts against a lock, times against a base",
        description="Checks the calls of [tool.keras_profile.gate] in pyproject.toml: counts against "
        "keras_profile.lock, and the time against a base that is measured in turn in the same job. Exit code "
        "0: passed; 1: regressed; 2: not measured; 3: not known, or the machine is too unsteady.",
    )
    command.add_argument(
        "--update", action="store_true", help="write what is counted now into the lock, and check nothing"
    )
    command.add_argument("--base", metavar="REF", help="measure times against this git ref")
    command.add_argument(
        "--counts-only", action="store_true", help="check counts alone, which takes seconds for each call"
    )
    command.add_argument(
        "--seconds",
        type=shared.seconds,
        metavar="N",
        help="the longest time to measure each call (default: 120)",
    )
    for name, what in (
        ("summary", "Markdown, such as $GITHUB_STEP_SUMMARY; appended to"),
        ("junit", "JUnit XML"),
        ("sarif", "SARIF"),
    ):
        command.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write the answer as {what}")
    shared.add_output(command)
    shared.add_quiet(command)
    shared.add_json(command, "answer")
    command.set_defaults(function=gate)


def gate(options: argparse.Namespace) -> int:
    from ...features.gate.gating import counted, not_measured
    from ...features.gate.gating import gate as check
    from ...features.gate.lock_file import read_lock, write_lock
    from ...output.gate.to_terminal import print_to
    from ...output.progress import ProgressDisplay
    from ...output.streams import ReaderGoneError
    from ...output.terminal import console as make_console
    from ..printing import print_json, print_lines

    settings = _settings(options)
    lock = Path(settings.lock)
    with ProgressDisplay(quiet=options.quiet or options.json) as display, ExitStack() as trees:
        if options.update:
            write_lock(lock, counted(_calls(settings, None, display), display))
        else:
            try:
                locked = read_lock(lock)
                base = None if settings.base is None else _base(settings, trees, display)
                calls = _calls(settings, base, display)
            except (KerasProfileError, KeyboardInterrupt) as error:
                # What CI reads says so, too.
                _write(not_measured(settings, error), options)
                raise
            found = check(calls, settings, locked, options.output, display)
    if options.update:
        print_lines(make_console(), [f"lock  {lock}"])
        return 0
    _write(found, options)
    # A reader that stops early, such as head, does not turn the answer into a good one.
    with suppress(ReaderGoneError):
        if options.json:
            print_json(found)
        else:
            print_to(found, make_console())
    return found.exit_code


def _settings(options: argparse.Namespace) -> GateSettings:
    from dataclasses import replace

    from ..pyproject import gate_of

    settings = gate_of(Path())
    if options.base:
        settings = replace(settings, base=options.base)
    if options.counts_only:
        settings = replace(settings, base=None)
    return settings if options.seconds is None else replace(settings, seconds=options.seconds)


def _base(settings: GateSettings, trees: ExitStack, listener: Listener) -> Path:
    from ...features.comparing.git_trees import work_tree
    from ...recorder.protocol import events

    assert settings.base is not None
    listener(events.Stage(f"preparing {settings.base}"))
    return trees.enter_context(work_tree(settings.base, settings.setup, Path()))[0]


def _calls(settings: GateSettings, base: Path | None, listener: Listener) -> list[CallToGate]:
    from ...api.options import ProfileOptions
    from ...features.gate.gating import CallToGate

    found = []
    for call in settings.calls:
        wanted = call_options(call.options, f"options of {call.name}", ProfileOptions())
        now = side_of(call.name, call.target, wanted, settings.python, None, listener)
        before = None
        if base is not None:
            label = f"{call.name} of {settings.base}"
            before = side_of(label, call.target, wanted, settings.python, base, listener)
        found.append(CallToGate(call.name, now, before, call.options))
    return found


def _write(found: GateContent, options: argparse.Namespace) -> None:
    """Writes the files that were asked for. A summary is appended to, since other steps write to it too."""
    from ... import __version__
    from ...features.comparing.git_trees import prefix_of
    from ...output.gate import to_junit, to_markdown, to_sarif

    try:
        if options.summary is not None:
            with options.summary.open("a", encoding="utf-8") as file:
                file.write(to_markdown.render(found))
        if options.junit is not None:
            options.junit.write_bytes(to_junit.render(found))
        if options.sarif is not None:
            options.sarif.write_bytes(to_sarif.render(found, __version__, prefix_of(Path())))
    except OSError as error:
        raise KerasProfileError(f"{error.filename}: cannot be written: {error.strerror}") from error
