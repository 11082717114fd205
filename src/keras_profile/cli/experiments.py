"""Commands that record several workloads and sum them up."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .printing import print_json, print_lines

if TYPE_CHECKING:
    from rich.console import Console

    from ..features.experiments.compile_question.reproduction import Reproduction
    from ..features.experiments.releases.history import History
    from ..launch.recorder_process import Listener

    _Summary = TypeVar("_Summary", Reproduction, History)


def run_experiment(
    options: argparse.Namespace,
    command: str,
    formats: Mapping[str, Callable[[_Summary], bytes]],
    show: Callable[[_Summary, Console], None],
    measure: Callable[[Path, Path, Listener], _Summary],
) -> int:
    """Records what ``measure`` does into folders of the ``command``; writes and prints its summary."""
    from ..features.experiments import runner
    from ..output.progress import ProgressDisplay
    from ..output.terminal import console as make_console
    from ..recordings.folders import new_folder
    from ..recordings.names import REPORTS, TRACES, dated

    traces = new_folder(options.output / TRACES, dated(command, datetime.now()))
    reports = options.output / REPORTS / traces.name
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        content = measure(traces, reports, display)
    runner.write_summary(content, reports, formats)
    if options.json:
        print_json(content)
        return 0
    console = make_console()
    show(content, console)
    print_lines(console, [f"recordings  {traces}", f"reports     {reports} ({', '.join(formats)})"])
    return 0
