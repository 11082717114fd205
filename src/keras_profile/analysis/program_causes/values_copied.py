"""Weights or tensors are copied to NumPy repeatedly."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

_COPYING = ("numpy", "_numpy", "__array__", "get_weights", "convert_to_numpy", "batch_get_value")


def copies(path: SampledPath) -> bool:
    """Whether a path converts a tensor or weights to an array."""
    return any(is_framework(frame) and short_function(frame) in _COPYING for frame in path.below)


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"Values are copied out of TensorFlow in a loop at {place.where}: "
            f"{percent(view.share(place.total_ns))} of the program",
            ["`numpy()` or `get_weights()` copies in each iteration; on a GPU it also waits for the result"],
            "read the values once before the loop, or keep tensors and copy the result once after it",
        )
        for place in view.places(lambda path: path.looped and copies(path))
    ]


RULE = ProgramRule(
    id="values_copied",
    meaning=(
        "`numpy()`, `np.array(tensor)` or `get_weights()` in a loop: each copies, and also waits if the "
        "framework computes on another device."
    ),
    judge=judge,
)
