"""A dataset yields single elements or tiny batches."""

from __future__ import annotations

from ....number_words import milliseconds, number
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.batches import batches, per_batch_claims
from ..shared.claiming import claim
from ..shared.dataset_steps import batch_size, steps
from ..shared.thresholds import LEAST_SHARE, MANY_BATCHES, PER_BATCH_NS

TINY_BATCH = Threshold(
    "TINY_BATCH",
    8,
    "rows in a batch at most: up to here a batch costs about as much as a single row",
)


def judge(evidence: View) -> Answer:
    if not steps(evidence):
        return NotFound("the input is not a dataset")
    runs, size = batches(evidence), batch_size(evidence)
    if runs < MANY_BATCHES or size is None or size > TINY_BATCH:
        of_size = "" if size is None else f" of {size}"
        return NotFound(f"the dataset yields {number(runs)} batches{of_size}")
    claims = per_batch_claims(evidence)
    cost = sum(claims.values())
    return claim(
        evidence,
        claims,
        f"the cost of {number(runs)} batches beside the model is",
        title=(
            f"The dataset yields {number(runs)} batches of {size}, which cost more than their rows "
            "({cost} ms a call)"
        ),
        lines=[
            (
                f"{milliseconds(evidence.total_ns / runs)} ms a batch, {milliseconds(cost / runs)} ms of it "
                "outside the model's kernels"
            )
        ],
    )


RULE = Rule(
    id="dataset_unbatched",
    title="A dataset yields single elements or tiny batches",
    meaning=(
        "Each element of a dataset costs a fetch, a call of the traced function, callbacks and a "
        "conversion. Rows one at a time therefore cost a hundred times as much as rows in batches."
    ),
    advice="add `.batch(32)` or more to the dataset",
    recognised=(
        "The input is a dataset with tiny batches, a call runs many of them, and their cost beside "
        "kernels is at least LEAST_SHARE of the call."
    ),
    example="dataset.batch(1)\n\ndataset.batch(256).prefetch(tf.data.AUTOTUNE)",
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/13101",
        "https://www.tensorflow.org/guide/data_performance",
    ),
    needs=("workload.dataset", "phases"),
    uses=("layers",),
    judge=judge,
    thresholds=(LEAST_SHARE, PER_BATCH_NS, MANY_BATCHES, TINY_BATCH),
    recipes=("dataset_batched", "input_stacked", "steps_per_execution"),
    multiplies=True,
)
