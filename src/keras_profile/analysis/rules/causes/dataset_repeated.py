"""A dataset that begins again is read for longer than it has rows."""

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
        return NotFound("the input is no dataset with a repeat")
    count, once = chain[at].count, known(chain[at + 1].elements) if at + 1 < len(chain) else None
    if not once or not isinstance(count, int) or count >= 0:
        return NotFound(
            "the dataset is repeated a number of times, or how many elements it repeats is not known"
        )
    wanted = taken(evidence, chain[:at])
    if wanted is None:
        return NotFound("nothing says where the repeated dataset ends")
    again = max(1 - once / wanted, 0.0)
    return claim(
        evidence,
        {phase: evidence.ns(phase) * again for phase in _OF_BATCHES},
        "rows that were read before are",
        title=(
            f"A call reads {number(wanted)} elements of a dataset that has {number(once)} and begins again "
            "({cost} ms a call)"
        ),
        lines=[
            (
                f"repeat() without a count makes {number(once)} elements endless, and the call stops after "
                f"{number(wanted)}"
            ),
            f"{percent(again)} of what it computes it has computed before",
            "where the second pass is meant, as for random augmentation, this is no fault",
        ],
    )


RULE = Rule(
    id="dataset_repeated",
    title="A dataset that begins again is read for longer than it has rows",
    meaning=(
        "repeat() without a count is for training, which counts its steps by itself. With more steps "
        "than one "
        "pass has batches, predict computes rows again that it has computed."
    ),
    recognised=(
        "The dataset is repeated without an end, the number of its elements is known, and the call's steps "
        "take more than that; the time of the batches beyond one pass has at least the least share."
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
