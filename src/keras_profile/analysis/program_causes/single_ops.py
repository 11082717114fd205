"""Single ops of TensorFlow or Keras are called one by one, in a loop."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_building, is_framework
from ..sampled_paths import SampledPath
from .program_rule import ProgramRule
from .program_view import ProgramView

#: Modules whose functions are not ops on values: input pipelines, checkpoints, start-up, and gradients,
#: whose ops the user's own code does not call.
_OTHER = (
    ".data.",
    ".saved_model",
    ".checkpoint",
    ".saving",
    ".eager.backprop",
    ".eager.context",
    ".summary",
    ".profiler",
)


def calls_an_op(path: SampledPath) -> bool:
    """Whether a line itself calls the framework, other than to make a model or read data."""
    return (
        bool(path.below)
        and is_framework(path.below[0])
        and not is_building(path.below)
        and not any(part in frame.module for frame in path.below for part in _OTHER)
    )


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"Single ops are called from Python in a loop at {place.where}: "
            f"{percent(view.share(place.total_ns))} of the program",
            ["outside a graph, each op has the overhead of Python and the runtime"],
            "put the loop, or its body, into a `tf.function`, or compute on all rows at once; on small "
            "arrays NumPy is faster than single ops",
        )
        for place in view.places(lambda path: path.looped and calls_an_op(path))
    ]


RULE = ProgramRule(
    id="single_ops",
    meaning=(
        "Your own loop calls TensorFlow or Keras ops one by one, eagerly. On small values, the overhead of "
        "Python takes most of the time."
    ),
    judge=judge,
)
