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


def is_plain(path: SampledPath) -> bool:
    """Whether a path is in the user's loop and not in the framework."""
    return path.looped and not any(is_framework(frame) for frame in path.below)


def judge(view: ProgramView) -> list[ProgramCause]:
    found = []
    for place in view.places(is_plain, LEAST_LOOP):
        if _waits(view, place):
            continue
        title = (
            f"Your own loop in `{place.frame.function}` at {place.where} takes "
            f"{percent(view.share(place.total_ns))} of the program"
        )
        found.append(
            view.cause(
                RULE.id,
                place,
                title,
                ["it runs in Python, outside TensorFlow and Keras"],
                "if it handles single values, use whole arrays with NumPy, or move the work into the model "
                "or its dataset; what must stay in Python can run in other processes while the model runs",
            )
        )
    return found


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
