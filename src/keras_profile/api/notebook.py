"""The notebook's ``%%keras_profile`` for cells and ``%keras_profile`` for lines: watches and reports."""

from __future__ import annotations

import argparse
import importlib
import shlex
import sys
from typing import Any, NoReturn

from ..errors import KerasProfileError
from ..recordings.folders import new_folder
from ..recordings.names import REPORTS
from .options import ProgramOptions
from .watch import watch

#: Options that have a value.
_WITH_VALUES = ("--seconds",)


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise KerasProfileError(f"%%keras_profile: {message}", self.format_usage().strip())


def load_extension(shell: Any) -> None:
    """Registers ``%%keras_profile`` and ``%keras_profile`` in an IPython ``shell``."""

    def run(line: str, cell: str | None = None) -> None:
        """Watches the inference calls of the cell or line, and shows where their time goes."""
        if cell is None:
            line, cell = split_line(line)
        watch_cell(shell, line, cell)

    shell.register_magic_function(run, "line_cell", "keras_profile")


def split_line(line: str) -> tuple[str, str]:
    """The options of ``%keras_profile``, and the code after them.

    >>> split_line("--no-try --seconds 5 model.predict(x, verbose='auto')")
    ('--no-try --seconds 5', "model.predict(x, verbose='auto')")
    """
    options, rest = [], line.strip()
    while rest.startswith("--"):
        option, _, rest = rest.partition(" ")
        options.append(option)
        if option in _WITH_VALUES:
            value, _, rest = rest.lstrip().partition(" ")
            options.append(value)
        rest = rest.lstrip()
    return " ".join(options), rest


def watch_cell(shell: Any, line: str, cell: str) -> None:
    """Runs ``cell`` in ``shell``, watched, and shows the report; ``line`` has the options.

    An exception of the cell is raised as usual, after the report of the calls made until then.
    """
    display = importlib.import_module("IPython.display").display  # a shell implies IPython
    try:
        options = _parser().parse_args(shlex.split(line))
    except KerasProfileError as error:
        _tell(error)
        return
    with watch(
        name="notebook",
        seconds=options.seconds,
        recipes=[] if options.no_try else None,
        replay=not options.no_replay,
        thorough=options.thorough,
        quiet=True,
    ) as watching:
        result = _run_quietly(shell, cell)
    try:
        report = watching.report()
        report.save(new_folder(REPORTS, report.recording))
        display(report)
    except KerasProfileError as error:
        _tell(error)
    result.raise_error()


def _run_quietly(shell: Any, cell: str) -> Any:
    """Runs a cell without showing its exception, which is shown when the result's error is raised."""
    shown = ("showtraceback", "showsyntaxerror")
    for name in shown:
        setattr(shell, name, _show_nothing)
    try:
        return shell.run_cell(cell)
    finally:
        for name in shown:
            delattr(shell, name)  # the class has the shell's own


def _show_nothing(*arguments: Any, **options: Any) -> None:
    pass


def _parser() -> argparse.ArgumentParser:
    parser = _Arguments(prog="%%keras_profile", add_help=False)
    parser.add_argument("--no-try", action="store_true", help="try no recipes")
    parser.add_argument("--no-replay", action="store_true", help="do not replay calls")
    parser.add_argument(
        "--seconds",
        type=float,
        default=ProgramOptions.seconds,
        help="how long to replay calls and try recipes",
    )
    parser.add_argument("--thorough", action="store_true", help="spend more of the time on instruments")
    return parser


def _tell(error: KerasProfileError) -> None:
    print(f"keras-profile: {error.message}", file=sys.stderr)
    if error.advice:
        print(f"  {error.advice}", file=sys.stderr)
