"""A layer's or model's whole state is exported in each iteration of a loop."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: Methods of Keras that return or describe all of a layer or model, and what users call that.
EXPORTING = {
    "get_vocabulary": "the whole vocabulary",
    "get_config": "the configuration",
    "to_json": "the configuration",
    "summary": "the summary",
    "count_params": "the number of parameters",
}


def exports(path: SampledPath) -> str:
    """The method through which a path exports a state; empty if it does not."""
    called = (
        short_function(frame) for frame in path.below if is_framework(frame) and "keras" in frame.module
    )
    return next((name for name in called if name in EXPORTING), "")


def judge(view: ProgramView) -> list[ProgramCause]:
    return [cause for method in EXPORTING for cause in _causes(view, method)]


def _causes(view: ProgramView, method: str) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"`{method}()` makes {EXPORTING[method]} again in each iteration at {place.where}: "
            f"{percent(view.share(place.total_ns))} of the program",
            ["it reads all of the layer's state, however little of the result is used"],
            f"call `{method}()` once, before the loop or where the model is made, and keep its result",
        )
        for place in view.places(lambda path: path.looped and exports(path) == method)
    ]


RULE = ProgramRule(
    id="state_exported",
    meaning=(
        "A loop calls `get_vocabulary()`, `get_config()` or the like. Each call makes a Python object of "
        "the layer's whole state again, such as all words of a vocabulary to read one."
    ),
    judge=judge,
)
