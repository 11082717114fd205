"""The model waits while batches are made, and the pipeline waits while the model runs."""

from __future__ import annotations

from ....number_words import milliseconds, percent
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, Found, NotFound, Rule
from ..shared.batches import batches
from ..shared.dataset_steps import steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    found = steps(evidence)
    if not found:
        return NotFound("the input is not a dataset")
    if any(step.kind == "Prefetch" for step in found):
        return NotFound("the dataset has a prefetch")
    if batches(evidence) < 1.5:
        return NotFound("a call has one batch: there is nothing to prefetch")
    if not evidence.has("native"):
        return CannotTell(missing_text("native"))
    if any(event.event.startswith("Iterator::") and "Prefetch" in event.event for event in evidence.native):
        return NotFound("tf.data adds its own prefetch to the dataset")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    waiting = sum(claims.values())
    running = evidence.ns("execution") + evidence.ns("eager_execution") - claims.get("execution", 0.0)
    # At best the longer of the two hides the shorter.
    saved = min(waiting, running)
    if evidence.of_call(saved) < LEAST_SHARE:
        return NotFound(
            f"waiting for batches is {percent(evidence.of_call(waiting))} of the call, the model "
            f"{percent(evidence.of_call(running))}: little of it could overlap"
        )
    return Found(
        "The dataset has no prefetch: no batch is made while the model runs ({cost} ms a call)",
        {phase: ns * saved / waiting for phase, ns in claims.items()},
        [
            f"waiting for batches: {milliseconds(waiting)} ms; running the model: {milliseconds(running)} ms",
            (
                "with prefetch, the longer of the two would hide the shorter, if there are enough processors "
                "for both"
            ),
        ],
    )


RULE = Rule(
    id="dataset_unprefetched",
    title="A dataset without prefetch: the model waits while batches are made",
    meaning=(
        "Without prefetch, the model asks for a batch, waits until it is made, and runs; meanwhile nothing "
        "makes the next one. With prefetch, both go on at once. Newer releases of tf.data add one themselves."
    ),
    advice="end the dataset with `.prefetch(tf.data.AUTOTUNE)`",
    recognised=(
        "The dataset has no prefetch, and events of tf.data show that it added none. Waiting for batches and "
        "running the model each take at least LEAST_SHARE of the call."
    ),
    example="files.map(load).batch(32)\n\nfiles.map(load).batch(32).prefetch(tf.data.AUTOTUNE)",
    sources=("https://www.tensorflow.org/guide/data_performance#prefetching",),
    needs=("workload.dataset", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("dataset_prefetched",),
)
