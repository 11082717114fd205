"""Options that several commands share, and how their values are used.

Options for a field of :mod:`..api.options` have no default here, and are in the namespace only if
they are given: :func:`given` puts them in place of the field's own.
"""

from __future__ import annotations

import argparse
import sys
from argparse import SUPPRESS
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..recorder.protocol import CAPTURES, ENTRY_POINTS

if TYPE_CHECKING:
    from ..analysis.rules.rule import Rule

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_Options = TypeVar("_Options")


def given(options: argparse.Namespace, defaults: _Options) -> _Options:
    """``defaults``, a dataclass, with the fields replaced that the command line gives."""
    values = vars(options)
    names = [field.name for field in fields(defaults)]  # type: ignore[arg-type]
    return replace(defaults, **{name: values[name] for name in names if name in values})  # type: ignore[type-var]


# What is called.


def add_target(
    command: argparse.ArgumentParser, nargs: Literal["?"] | None = None, default_words: str = ""
) -> None:
    """What is called; with ``nargs`` it may be left out, and ``default_words`` says what is called then."""
    command.add_argument(
        "target",
        metavar="TARGET",
        nargs=nargs,
        help="a model file (.keras, .h5), an exported folder, package.module:callable or "
        f"path/to/file.py:callable that returns a model or (model, inputs){default_words}",
    )


def add_commits(command: argparse.ArgumentParser, good: str, bad: str) -> None:
    """From which commit to which one, and how each one's files are prepared."""
    command.add_argument("--good", metavar="REF", help=good)
    command.add_argument("--bad", metavar="REF", default="HEAD", help=f"{bad} (default: HEAD)")
    command.add_argument(
        "--setup",
        metavar="COMMAND",
        help="a shell command to run in each commit's work tree first; a relative --python is then one in it",
    )


def add_call(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """How a model is called, and with what."""

    def add(*names: str, **settings: Any) -> argparse.Action:
        return command.add_argument(*names, default=SUPPRESS, **settings)

    return [
        add(
            "--input",
            metavar="INPUT",
            help="a .npy or .npz file, or path.py:callable (default: generated from the model's input "
            "specification)",
        ),
        add("--rows", type=positive, metavar="N", help="rows of input (default: 32)"),
        add("--batch-size", type=positive, metavar="N", help="predict's batch_size"),
        add("--steps", type=positive, metavar="N", help="predict's steps, for endless inputs"),
        add(
            "--vary-input",
            action="store_true",
            help="make the input again before each call, so that shapes can differ",
        ),
        add(
            "--callbacks",
            metavar="CALLABLE",
            help="path.py:callable that returns the callbacks for predict",
        ),
        add(
            "--entry",
            choices=ENTRY_POINTS,
            help="the entry point to call (default: predict; signature for an exported folder)",
        ),
        add(
            "--compile",
            action="store_true",
            dest="compiled",
            help="compile the model first if it is not compiled (default: as it is)",
        ),
        add(
            "--no-compile",
            action="store_false",
            dest="compiled",
            help="load the model uncompiled (default: as it is)",
        ),
        add("--eager", action="store_true", help="run the model eagerly (run_eagerly=True)"),
        add(
            "--verbose-predict",
            action="store_true",
            dest="verbose",
            help="show predict's progress bar, and measure its cost",
        ),
        add(
            "--trust-model",
            action="store_true",
            help="run code in the model file, such as Lambda layers, and ops that touch files",
        ),
    ]


# How it is recorded.


def add_captures(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--captures",
        type=_captures,
        default=SUPPRESS,
        metavar="A,B",
        help=f"which captures to take (default: {','.join(CAPTURES)})",
    )


def add_isolate(command: argparse.ArgumentParser) -> argparse.Action:
    return command.add_argument(
        "--isolate", action="store_true", default=SUPPRESS, help="run each capture in its own process"
    )


def add_recorder(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """How a program's calls are recorded while it runs."""
    return [
        command.add_argument(
            "--thorough",
            action="store_true",
            default=SUPPRESS,
            help="record calls in more detail; the program may take longer",
        ),
        command.add_argument(
            "--no-keep-inputs",
            action="store_false",
            default=SUPPRESS,
            dest="keep_inputs",
            help="do not keep the program's inputs; replay calls with generated inputs instead",
        ),
    ]


#: What ``--seconds`` means for most commands.
MEASURING = "how long to measure, beyond import and build"


def add_seconds(command: argparse.ArgumentParser, default: float | str, text: str) -> None:
    """``default`` is a number, or words for one that depends on the measurement: then no default is set."""
    command.add_argument(
        "--seconds",
        type=seconds,
        default=SUPPRESS if isinstance(default, str) else default,
        metavar="N",
        help=f"{text} (default: {default if isinstance(default, str) else format(default, 'g')})",
    )


def add_interpreter(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--python",
        metavar="PATH",
        help="record in this interpreter, environment (folder or name) or command; it needs TensorFlow 2.0 "
        "or later, but not keras-profile (default: this interpreter)",
    )
    command.add_argument(
        "--with-pyinstrument",
        action="store_true",
        help="provide pyinstrument if that interpreter lacks it; pip may download it",
    )


def interpreter(options: argparse.Namespace) -> tuple[str, str | None]:
    """The interpreter to record in, and the folder of the pyinstrument provided for it."""
    from ..launch.interpreters import bring_pyinstrument, find_interpreter
    from ..output.progress import ProgressDisplay
    from ..recorder.protocol import events

    python, extra_path = sys.executable, None
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        if options.python:
            display(events.Stage(f"starting {options.python}"))
            python = find_interpreter(options.python)
        if options.with_pyinstrument:
            display(events.Stage("installing pyinstrument"))
            extra_path = bring_pyinstrument(python)
    return python, extra_path


# What is tried.


def add_recipes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--recipes",
        type=_recipes,
        default=SUPPRESS,
        metavar="A,B",
        help="the recipes to try (default: all that fit; see docs/recipes.md)",
    )
    command.add_argument(
        "--allow-approximate",
        action="store_true",
        default=SUPPRESS,
        dest="approximate",
        help="also try recipes that alter the results, such as 8-bit weights, and show by how much",
    )


def add_no_recipes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-try",
        action="store_const",
        const=(),
        default=SUPPRESS,
        dest="recipes",
        help="try no recipes; spend all the time on the profile",
    )


# What is looked for.


def add_rules(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--select",
        type=_names,
        default=[],
        metavar="A,B",
        help="check only these causes (keras-profile rules lists them)",
    )
    command.add_argument(
        "--ignore",
        type=_names,
        default=[],
        metavar="A,B",
        help="skip these causes, and those in [tool.keras_profile] ignore of pyproject.toml",
    )


def chosen_rules(options: argparse.Namespace) -> list[Rule]:
    """The rules left by the options and the working folder's pyproject.toml."""
    from ..analysis.rules.catalogue import RULES
    from ..analysis.rules.engine import chosen
    from .pyproject import ignored_rules

    return chosen(RULES, options.select, [*options.ignore, *ignored_rules(Path())])


# What is written and printed.


def add_output(
    command: argparse.ArgumentParser, text: str = "folder for traces/ and reports/ (default: here)"
) -> None:
    command.add_argument("--output", type=Path, default=Path(), metavar="FOLDER", help=text)


def add_quiet(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", help="show no progress")


def add_json(command: argparse.ArgumentParser, what: str = "report") -> None:
    command.add_argument(
        "--json",
        action="store_true",
        help=f"print only the {what}, as JSON, to standard output",
    )


def add_full(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--full",
        action="store_true",
        help="print everything, not just one screen",
    )


def add_html(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-html", action="store_false", dest="html", help="write no report.html or pyinstrument.html"
    )


def add_recording(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "recording",
        metavar="RECORDING",
        nargs="?",
        default="",
        help="a folder, or a name in traces/ (see list) or the start of one (default: the newest)",
    )


def recording_or_newest(given: str, base: Path = Path()) -> str:
    """The given recording, or else the name of the newest one, which is then printed.

    Raises :class:`KerasProfileError` if there is none.
    """
    from ..recordings.finding import newest
    from ..recordings.names import TRACES
    from .printing import tell

    if given:
        return given
    name = newest(base / TRACES)
    tell(f"the newest recording: {name}")
    return name


# Values.


def positive(text: str) -> int:
    """A whole number, 1 or more."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, found {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """Seconds, more than 0."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"expected more than 0 seconds, found {text!r}")
    return value


#: The units of a duration, in seconds.
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> float:
    """Seconds, or a number followed by s, m, h or d.

    >>> duration("90"), duration("60s"), duration("5m"), duration("0.5h"), duration("1d")
    (90.0, 60.0, 300.0, 1800.0, 86400.0)
    """
    return _in_seconds(text, or_zero=False)


def offset(text: str) -> float:
    """A duration that may be 0.

    >>> offset("0"), offset("5m")
    (0.0, 300.0)
    """
    return _in_seconds(text, or_zero=True)


def _in_seconds(text: str, or_zero: bool) -> float:
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        value = float(number)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a time such as 90s, 5m, 1h or 1d, found {text!r}"
        ) from None
    if not (0 < value < 1e6 or (or_zero and value == 0)):
        wanted = "0 seconds or more" if or_zero else "more than 0 seconds"
        raise argparse.ArgumentTypeError(f"expected {wanted}, found {text!r}")
    return value * _UNITS[unit]


def _recipes(text: str) -> list[str]:
    from ..recipes.catalogue import RECIPES

    return _known(text, [recipe.id for recipe in RECIPES], "recipe")


def _captures(text: str) -> list[str]:
    names = _known(text, CAPTURES, "capture")
    return [name for name in CAPTURES if name in names]


def _known(text: str, known: Sequence[str], what: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown {what} {unknown[0]!r}; choose from: {', '.join(known)}")
    return names


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
