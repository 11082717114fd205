"""``keras-profile sweep``: which configuration of a call is best, by measuring all of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .. import options as shared
from .compare import call_options

if TYPE_CHECKING:
    from ...features.sweep.sweeping import Sweep
    from ...model.sweep import PlanFile, SweepContent

#: Where sweeps go, below the output folder.
SWEEPS = "sweeps"
#: Options of a call that a plan has as factors.
_FACTORS = {"entry": "entry", "rows": "rows", "batch_size": "batch_size"}


def add(commands: shared.Commands, common: argparse.ArgumentParser) -> None:
    command = commands.add_parser(
        "sweep",
        parents=[common],
        help="measure all configurations of a plan, and name the best ones",
        description="Measures each cell of a plan's grid in a process of its own: models, entry points, "
        "rows, batch sizes, threads, interpreters, environment variables. Reports the best configuration of "
        "each model, who wins at which number of rows, and what each factor changes. The folder is all the "
        "state: start the same command again and it goes on.",
    )
    command.add_argument("plan", metavar="PLAN", type=Path, help="the plan, a TOML file: see docs/sweep.md")
    command.add_argument(
        "--on",
        metavar="ENGINE",
        help="where to measure: dask, dask://HOST:PORT, ray or ray://HOST:PORT; one cell at a time on each "
        "machine (default: this machine)",
    )
    command.add_argument("--retry-failed", action="store_true", help="measure failed cells again")
    command.add_argument(
        "--check", action="store_true", help="check the plan and load its models; measure nothing"
    )
    shared.add_output(command, f"folder for {SWEEPS}/ (default: here)")
    shared.add_quiet(command)
    shared.add_json(command, "answers")
    command.set_defaults(function=sweep)


def sweep(options: argparse.Namespace) -> int:
    from ...features.sweep.engines.choosing import engine_of
    from ...features.sweep.sweep_plan import read_plan
    from ...features.sweep.sweeping import Sweep, measure_cells
    from ...output.progress import ProgressDisplay
    from ...output.sweep.sweep_files import HTML_FILE, write_sweep
    from ...recorder.protocol import events
    from ...recordings.names import plain_name
    from ..printing import tell

    plan = read_plan(options.plan)
    _check_options(plan, options.plan)
    engine = engine_of(options.on)
    folder = options.output / SWEEPS / (plain_name(options.plan.stem) or "plan")
    made = Sweep.of(str(options.plan), plan, folder)
    try:
        with ProgressDisplay(quiet=options.quiet or options.json) as display:

            def on_change(so_far: SweepContent) -> None:
                write_sweep(so_far, folder)
                display(events.Announce(f"{folder / HTML_FILE} is written again after each cell"))

            content = measure_cells(
                made,
                engine,
                display,
                on_change,
                retry_failed=options.retry_failed,
                only_check=options.check,
            )
    except KeyboardInterrupt:
        content = made.content(made.stored())
        write_sweep(content, folder)
        tell(f"interrupted: {content.headline}")
        print("  to go on, start the same command again; nothing is measured twice", file=sys.stderr)
        return 130
    if options.check:
        return _checked(made, content, options)
    write_sweep(content, folder)
    _print(content, folder, options)
    return 0


def _check_options(plan: PlanFile, path: Path) -> None:
    """Refuses options that are none, or that the grid has as a factor."""
    from ...api.options import ProfileOptions
    from ...errors import KerasProfileError

    defaults = ProfileOptions()
    found = call_options(plan.options, f"{path}: options", defaults)
    for name, factor in _FACTORS.items():
        if getattr(found, name) != getattr(defaults, name):
            raise KerasProfileError(
                f"{path}: options: --{name.replace('_', '-')} is a factor",
                f"give it in [grid]: {factor} = [...]",
            )


def _checked(made: Sweep, content: SweepContent, options: argparse.Namespace) -> int:
    """Says what would be measured."""
    from ...number_words import duration, plural
    from ...output.terminal import console as make_console
    from ..printing import print_json, print_lines

    if options.json:
        print_json(content)
        return 0
    left = len(made.cells) - len(made.stored())
    seconds = sum(cell.seconds for cell in made.cells) * left / len(made.cells)
    twice = sum(cell.repeat for cell in made.cells)
    print_lines(
        make_console(),
        [
            f"{made.path}: the plan can be measured, all of its models load",
            f"cells       {len(content.cells):,}; {twice:,} of them twice, to see how much noise there is",
            f"to measure  {plural(left, 'measurement')}, {duration(seconds * 1e9)} beyond starts and imports",
        ],
    )
    return 0


def _print(content: SweepContent, folder: Path, options: argparse.Namespace) -> None:
    from ...output.sweep.sweep_files import BEST_FILE, HTML_FILE
    from ...output.sweep.to_terminal import print_to
    from ...output.terminal import console as make_console
    from ..printing import print_json, print_lines

    if options.json:
        print_json(content)
        return
    console = make_console()
    print_to(content, console)
    print_lines(console, [f"page  {folder / HTML_FILE}", f"best  {folder / BEST_FILE}"])
