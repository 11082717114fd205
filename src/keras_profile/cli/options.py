"""Options that several commands have, and what becomes of their values.

Options that stand for a field of :mod:`..api.options` have no default here, and are not in the
namespace unless they are given: :func:`given` puts them in place of the field's own.
"""

from __future__ import annotations

import argparse
import sys
from argparse import SUPPRESS
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..recorder.protocol import CAPTURES, ENTRY_POINTS

if TYPE_CHECKING:
    from ..analysis.rules.rule import Rule

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_Options = TypeVar("_Options")


def given(options: argparse.Namespace, defaults: _Options) -> _Options:
    """``defaults``, a dataclass, with what the command line gives in place of its fields."""
    values = vars(options)
    names = [field.name for field in fields(defaults)]  # type: ignore[arg-type]
    return replace(defaults, **{name: values[name] for name in names if name in values})  # type: ignore[type-var]


# What is called.


def add_target(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "target",
        metavar="TARGET",
        help="a model file (.keras, .h5), an exported folder, package.module:callable or "
        "path/to/file.py:callable that returns a model or (model, inputs)",
    )


def add_call(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """How a model is called, and with what."""

    def add(*names: str, **settings: Any) -> argparse.Action:
        return command.add_argument(*names, default=SUPPRESS, **settings)

    return [
        add(
            "--input",
            metavar="INPUT",
            help="a file.npy or file.npz, or path.py:callable (default: made from the model's input "
            "specification)",
        ),
        add("--rows", type=positive, metavar="N", help="rows of input (default: 32)"),
        add("--batch-size", type=positive, metavar="N", help="predict's batch_size"),
        add("--steps", type=positive, metavar="N", help="predict's steps, for inputs without an end"),
        add(
            "--vary-input",
            action="store_true",
            help="call the input's callable again before each call, so that shapes may differ",
        ),
        add(
            "--callbacks",
            metavar="CALLABLE",
            help="what returns the callbacks given to predict, as path.py:callable",
        ),
        add(
            "--entry",
            choices=ENTRY_POINTS,
            help="what is called (default: predict, for exported folders signature)",
        ),
        add(
            "--compile",
            action="store_true",
            dest="compiled",
            help="compile the model first, if it is not (default: as it is)",
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
            help="let predict show its progress bar, and measure it",
        ),
        add(
            "--trust-model",
            action="store_true",
            help="run the code that the model file brings, such as Lambda layers, and ops that touch files",
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
        "--isolate", action="store_true", default=SUPPRESS, help="give each capture a process of its own"
    )


def add_recorder(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """How a program's calls are recorded while it runs."""
    return [
        command.add_argument(
            "--thorough",
            action="store_true",
            default=SUPPRESS,
            help="record calls in more detail, and let the program take longer",
        ),
        command.add_argument(
            "--no-keep-inputs",
            action="store_false",
            default=SUPPRESS,
            dest="keep_inputs",
            help="keep none of the program's inputs; after its end calls are made again with generated ones",
        ),
    ]


#: What most commands take their time for.
MEASURING = "how long to measure, beyond import and build"


def add_seconds(command: argparse.ArgumentParser, default: float | str, text: str) -> None:
    """``default`` is a number, or words for one that depends on what is measured: then it is not given."""
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
        help="record in this interpreter, environment's folder, environment by name or command, which "
        "needs TensorFlow 2.0 or later and nothing of keras-profile (default: this interpreter)",
    )
    command.add_argument(
        "--with-pyinstrument",
        action="store_true",
        help="bring pyinstrument along where that interpreter has none; pip may download it",
    )


def interpreter(options: argparse.Namespace) -> tuple[str, str | None]:
    """The interpreter to record in, and the folder of the pyinstrument brought along."""
    from ..launch.interpreters import bring_pyinstrument, find_interpreter
    from ..output.progress import ProgressDisplay
    from ..recorder.protocol import events

    python, extra_path = sys.executable, None
    with ProgressDisplay(quiet=options.quiet or options.json) as display:
        if options.python:
            display(events.Stage(f"starting {options.python}"))
            python = find_interpreter(options.python)
        if options.with_pyinstrument:
            display(events.Stage("bringing pyinstrument along"))
            extra_path = bring_pyinstrument(python)
    return python, extra_path


# What is tried.


def add_recipes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--recipes",
        type=_recipes,
        default=SUPPRESS,
        metavar="A,B",
        help="which changes to try (default: all that fit; docs/recipes.md lists them)",
    )
    command.add_argument(
        "--allow-approximate",
        action="store_true",
        default=SUPPRESS,
        dest="approximate",
        help="also try changes that alter the results, such as 8-bit weights, and show by how much",
    )


def add_no_recipes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-try",
        action="store_const",
        const=(),
        default=SUPPRESS,
        dest="recipes",
        help="try no changes; spend all the time on the profile",
    )


# What is looked for.


def add_rules(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--select",
        type=_names,
        default=[],
        metavar="A,B",
        help="look for these causes only (keras-profile rules lists them)",
    )
    command.add_argument(
        "--ignore",
        type=_names,
        default=[],
        metavar="A,B",
        help="look for all causes but these, and but those of [tool.keras_profile] ignore in pyproject.toml",
    )


def chosen_rules(options: argparse.Namespace) -> list[Rule]:
    """The rules that the options and the working folder's pyproject.toml leave."""
    from ..analysis.rules.catalogue import RULES
    from ..analysis.rules.engine import chosen
    from .pyproject import ignored_rules

    return chosen(RULES, options.select, [*options.ignore, *ignored_rules(Path())])


# What is written and printed.


def add_output(
    command: argparse.ArgumentParser, text: str = "where traces/ and reports/ are made (default: here)"
) -> None:
    command.add_argument("--output", type=Path, default=Path(), metavar="FOLDER", help=text)


def add_quiet(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", help="show no progress")


def add_json(command: argparse.ArgumentParser, what: str = "report") -> None:
    command.add_argument(
        "--json",
        action="store_true",
        help=f"print the {what} as JSON, and nothing else, to standard output",
    )


def add_full(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--full",
        action="store_true",
        help="print everything, not only the answer on one screen",
    )


def add_html(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-html", action="store_false", dest="html", help="write no report.html and no pyinstrument.html"
    )


def add_recording(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "recording",
        metavar="RECORDING",
        nargs="?",
        default="",
        help="a folder, or a name in traces/ as list shows it, or how it begins (default: the newest)",
    )


def recording_or_newest(given: str, base: Path = Path()) -> str:
    """What is given, or the name of the newest recording, which is said then.

    Raises :class:`KerasProfileError` where there is none.
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
    """A number from 1 on."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, found {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """Seconds, more than 0."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"expected seconds, more than 0, found {text!r}")
    return value


def duration(text: str) -> float:
    """Seconds, or a number with s, m or h behind it.

    >>> duration("90"), duration("60s"), duration("5m"), duration("0.5h")
    (90.0, 60.0, 300.0, 1800.0)
    """
    number, unit = (text[:-1], text[-1]) if text[-1:] in ("s", "m", "h") else (text, "s")
    return seconds(number) * {"s": 1, "m": 60, "h": 3600}[unit]


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
        raise argparse.ArgumentTypeError(f"there is no {what} {unknown[0]!r}; there are: {', '.join(known)}")
    return names


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
