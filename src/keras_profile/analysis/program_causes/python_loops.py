"""A loop in plain Python takes much of the program."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..program_parts import IDLE
from ..sampled_paths import SampledPath
from .program_rule import ProgramRule
from .program_view import Place, ProgramView

#: The user's own loops are nothing unusual: one is named if it has at least this share.
LEAST_LOOP = 0.1
#: A line or a library function that takes this part of the loop is what to look at.
MOST = 0.8
#: What to do about it.
_ARRAYS = "if it handles single values, use whole arrays with NumPy"
_KEEP = (
    "if the result stays the same, keep it; if it searches, as in a database, give it an index, or ask for "
    "several things at once; if it rewrites a whole file each time, append to it"
)
_BESIDE = "what must stay in Python can run in other processes while the model runs"
#: Packages whose functions take whole arrays.
_OF_ARRAYS = ("numpy", "pandas", "scipy")


def is_plain(path: SampledPath) -> bool:
    """Whether a path is in the user's loop and not in the framework."""
    return path.looped and not any(is_framework(frame) for frame in path.below)


def judge(view: ProgramView) -> list[ProgramCause]:
    found = []
    for place in view.places(is_plain, LEAST_LOOP):
        if _waits(view, place):
            continue
        where, (package, function) = f"`{place.frame.function}` at {place.where}", _one_function(place)
        share = percent(view.share(place.total_ns))
        if function:
            title = f"{where} calls `{function}` of {package} in a loop: {share} of the program"
            arrays = f"{_ARRAYS}; " if package in _OF_ARRAYS else ""
            advice = f"{arrays}{_KEEP}; {_BESIDE}"
        elif _is_one_line(place):
            title = f"A line of {where}, in a loop, takes {share} of the program"
            advice = f"{_ARRAYS}; {_KEEP}; {_BESIDE}"
        else:
            title = f"Your own loop in {where} takes {share} of the program"
            advice = f"{_ARRAYS}, or move the work into the model or its dataset; {_BESIDE}"
        evidence = ["it runs in Python, outside TensorFlow and Keras"]
        found.append(view.cause(RULE.id, place, title, evidence, advice))
    return found


def _one_function(place: Place) -> tuple[str, str]:
    """The package and the library function that nearly all of the time is in; empty if there is none."""
    name, ns = place.called[0]
    package, _, function = name.partition(": ")
    return (package, function) if ns >= MOST * place.total_ns else ("", "")


def _is_one_line(place: Place) -> bool:
    """Whether one line takes nearly all of the time: what it calls is no Python, as a database is not."""
    return place.lines[0][1] >= MOST * place.total_ns


def _waits(view: ProgramView, place: Place) -> bool:
    """Whether the process was nearly idle during that time."""
    paths = [view.divided.paths[number][0] for number in place.paths]
    return sum(path.cpu_ns for path in paths) < IDLE * sum(path.wall_ns for path in paths)


RULE = ProgramRule(
    id="python_loops",
    meaning=(
        "Your own loop takes much of the program's time, in plain Python or in small calls of other "
        "libraries."
    ),
    judge=judge,
)
