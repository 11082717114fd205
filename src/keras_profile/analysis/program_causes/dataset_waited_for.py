"""The program's own loop over a dataset waits for its batches."""

from __future__ import annotations

import re
from collections.abc import Collection

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import Place, ProgramView

#: A loop that waits less than this part of the program is fed well enough.
LEAST_WAITING = 0.1
_NEXT = ("__next__", "get_next", "get_next_as_optional", "_next_internal")
#: A loop over ``dataset.skip(n)`` starts the whole pipeline: it does so again and again if making iterators
#: takes this part of its time.
STARTED_AGAIN = 0.05
_SKIPS = re.compile(r"\.skip\(")


def waits(path: SampledPath) -> bool:
    """Whether a path takes the next element of a ``tf.data`` dataset."""
    return _calls(path, _NEXT)


def starts(path: SampledPath) -> bool:
    """Whether a path makes an iterator over a ``tf.data`` dataset."""
    return _calls(path, ("__iter__",))


def _calls(path: SampledPath, names: Collection[str]) -> bool:
    return any(
        is_framework(frame) and ".data." in frame.module and short_function(frame) in names
        for frame in path.below
    )


def judge(view: ProgramView) -> list[ProgramCause]:
    places = view.places(lambda path: waits(path) or starts(path), LEAST_WAITING)
    again = [cause for cause in (_started_again(view, place) for place in places) if cause is not None]
    return [*again, *(_slow(view, place) for place in view.places(waits, LEAST_WAITING))]


def _started_again(view: ProgramView, place: Place) -> ProgramCause | None:
    """The cause if each turn skips to a part of the dataset, which starts the pipeline from its beginning."""
    paths = [view.divided.paths[number] for number in place.paths]
    starting = sum(ns for path, ns in paths if starts(path))
    if not any(_SKIPS.search(frame.source) for frame, _ in place.lines):
        return None
    if starting < STARTED_AGAIN * place.total_ns:
        return None
    return view.cause(
        RULE.id,
        place,
        f"{place.where} restarts its pipeline for each part of the dataset: "
        f"{percent(view.share(place.total_ns))} of the program",
        [
            f"making iterators is {percent(starting / place.total_ns)} of that",
            "`skip(n)` still produces the first n elements, then discards them: the time grows with n",
        ],
        "go through the dataset once, in one loop, or keep what it gives in a list; if only single elements "
        "are needed, `skip` before the expensive `map`, or `cache()` after it",
    )


def _slow(view: ProgramView, place: Place) -> ProgramCause:
    return view.cause(
        RULE.id,
        place,
        f"The loop at {place.where} waits for the batches of its dataset: "
        f"{percent(view.share(place.total_ns))} of the program",
        ["the pipeline takes longer to make a batch than the program to use it"],
        "let the pipeline do less for each batch: `shuffle`, `filter` and `take` before an expensive "
        "`map`; `map` with `num_parallel_calls=tf.data.AUTOTUNE`; `cache()` what is the same each time; "
        "`prefetch` last",
    )


RULE = ProgramRule(
    id="dataset_waited_for",
    meaning=(
        "Your own loop over a `tf.data` dataset waits for its next batch. The model, and all else in the "
        "loop, stands still meanwhile. A loop over a part, such as `dataset.skip(n).take(1)`, restarts "
        "the pipeline and produces the elements that it skips."
    ),
    judge=judge,
)
