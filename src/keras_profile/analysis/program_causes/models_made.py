"""Models are built, cloned, loaded or compiled repeatedly, or their weights are set."""

from __future__ import annotations

from ...model.file_names import file_name
from ...model.program_report import ProgramCause
from ...number_words import number, percent
from ..library_functions import is_building, is_framework
from ..program_parts import ACTIVITY_KINDS, activities_at
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: A model made at least this often is made in a loop.
_OFTEN = 3
#: Keras functions that set a model's weights.
_SETTING = ("set_weights", "load_weights", "load_own_variables")
_ADVICE = (
    "build the model once, before the loop, and keep it; to change weights, set them on that model; to get "
    "other outputs, build one model that returns them all"
)


def makes(path: SampledPath) -> bool:
    """Whether a path makes a model or layers, or sets weights."""
    return is_building(path.below) or any(
        is_framework(frame) and short_function(frame) in _SETTING for frame in path.below
    )


def judge(view: ProgramView) -> list[ProgramCause]:
    found = _counted(view)
    for place in view.places(lambda path: path.looped and makes(path)):
        title = (
            f"A model is built, or its weights are set, in a loop at {place.where}: "
            f"{percent(view.share(place.total_ns))} of the program"
        )
        found.append(view.cause(RULE.id, place, title, [], _ADVICE))
    return found


def _counted(view: ProgramView) -> list[ProgramCause]:
    """Loading, cloning and compiling, by line, as the recorder watched them."""
    found = []
    for (file, line), activities in activities_at(view.process.activities).items():
        made = [one for one in activities if ACTIVITY_KINDS.get(one.kind) in ("loading", "compiling")]
        total_ns = sum(one.wall_ns for one in made)
        if len(made) < _OFTEN or not view.is_much(total_ns):
            continue
        names = ", ".join(sorted({one.name for one in made}))
        found.append(
            view.cause_at(
                RULE.id,
                (file, line),
                total_ns,
                f"`{names}` is called {number(len(made))} times at {file_name(file)}:{line}: "
                f"{percent(view.share(total_ns))} of the program",
                [f"counted: {number(len(made))} calls"],
                _ADVICE,
            )
        )
    return found


RULE = ProgramRule(
    id="models_made",
    meaning=(
        "A model is built, cloned, loaded or compiled in a loop, or its weights are set there. Each new "
        "model is also traced and built again in its first call."
    ),
    judge=judge,
)
