"""A call reads a repeated dataset beyond its last row."""

from __future__ import annotations

from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared.batches import PER_BATCH
from ..shared.claiming import claim
from ..shared.dataset_rows import known, taken
from ..shared.dataset_steps import steps
from ..shared.thresholds import LEAST_SHARE

#: Phases whose time grows with the batches of a call.
_OF_BATCHES = (*PER_BATCH, "batch_fetching", "execution", "eager_execution")


def judge(evidence: View) -> Answer:
    chain = steps(evidence)
    at = next((place for place, step in enumerate(chain) if step.kind == "Repeat"), None)
    if at is None:
        return NotFound("the input is not a dataset with a repeat")
    count, once = chain[at].count, known(chain[at + 1].elements) if at + 1 < len(chain) else None
    if not once or not isinstance(count, int) or count >= 0:
        return NotFound(
            "the dataset is repeated a fixed number of times, or its number of elements is not known"
        )
    wanted = taken(evidence, chain[:at])
    if wanted is None:
        return NotFound("nothing limits how much of the repeated dataset a call reads")
    again = max(1 - once / wanted, 0.0)
    return claim(
        evidence,
        {phase: evidence.ns(phase) * again for phase in _OF_BATCHES},
        "reading rows again is",
        title=(
            f"A call reads {number(wanted)} elements of a repeated dataset that has {number(once)} "
            "({cost} ms a call)"
        ),
        lines=[
            (
                f"repeat() without a count repeats the {number(once)} elements without end, and the call "
                f"stops after {number(wanted)}"
            ),
            f"{percent(again)} of what the call computes was computed before",
            "ignore this if further passes are intended, as for random augmentation",
        ],
    )


RULE = Rule(
    id="dataset_repeated",
    title="A call reads a repeated dataset beyond its last row",
    meaning=(
        "repeat() without a count is for training, which counts its own steps. With more steps than one "
        "pass has batches, predict computes the same rows again."
    ),
    advice="remove `repeat()` from the dataset, or pass the `steps` of one pass",
    recognised=(
        "The dataset is repeated without end, its number of elements is known, and the call's steps read "
        "more than that. The batches beyond one pass take at least LEAST_SHARE of the call."
    ),
    example=(
        "model.predict(rows.repeat().batch(32), steps=1000)      # rows has 3,200 of the 32,000\n\n"
        "model.predict(rows.batch(32))"
    ),
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#repeat",
        "https://github.com/keras-team/keras/issues/18994",
    ),
    needs=("workload.dataset", "workload.steps", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
