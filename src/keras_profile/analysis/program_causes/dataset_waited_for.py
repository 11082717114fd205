"""The program's own loop over a dataset waits for its batches."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: A loop that waits less than this part of the program is fed well enough.
LEAST_WAITING = 0.1
_NEXT = ("__next__", "get_next", "get_next_as_optional", "_next_internal")


def waits(path: SampledPath) -> bool:
    """Whether a path takes the next element of a ``tf.data`` dataset."""
    return any(
        is_framework(frame) and ".data." in frame.module and short_function(frame) in _NEXT
        for frame in path.below
    )


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"The loop at {place.where} waits for the batches of its dataset: "
            f"{percent(view.share(place.total_ns))} of the program",
            ["the pipeline takes longer to make a batch than the program to use it"],
            "let the pipeline do less for each batch: `shuffle`, `filter` and `take` before an expensive "
            "`map`; `map` with `num_parallel_calls=tf.data.AUTOTUNE`; `cache()` what is the same each time; "
            "`prefetch` last",
        )
        for place in view.places(waits, LEAST_WAITING)
    ]


RULE = ProgramRule(
    id="dataset_waited_for",
    meaning=(
        "Your own loop over a `tf.data` dataset waits for its next batch. The model, and all else in the "
        "loop, stands still meanwhile."
    ),
    judge=judge,
)
