"""Batches are made while the model waits, and the model runs while the pipeline waits."""

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
        return NotFound("the input is no dataset")
    if any(step.kind == "Prefetch" for step in found):
        return NotFound("the dataset has a prefetch")
    if batches(evidence) < 1.5:
        return NotFound("a call has one batch: there is nothing to make ahead")
    if not evidence.has("native"):
        return CannotTell(missing_text("native"))
    if any(event.event.startswith("Iterator::") and "Prefetch" in event.event for event in evidence.native):
        return NotFound("tf.data adds a prefetch to the dataset by itself")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    waiting = sum(claims.values())
    running = evidence.ns("execution") + evidence.ns("eager_execution") - claims.get("execution", 0.0)
    # At best the shorter of the two disappears behind the longer.
    saved = min(waiting, running)
    if evidence.of_call(saved) < LEAST_SHARE:
        return NotFound(
            f"waiting for batches is {percent(evidence.of_call(waiting))} of the call, the model "
            f"{percent(evidence.of_call(running))}: little of it could overlap"
        )
    return Found(
        "The dataset has no prefetch: the next batch is not made while the model runs ({cost} ms a call)",
        {phase: ns * saved / waiting for phase, ns in claims.items()},
        [
            f"waiting for batches: {milliseconds(waiting)} ms; running the model: {milliseconds(running)} ms",
            (
                "with prefetch the shorter of the two would be hidden by the longer, as far as there are "
                "processors for both"
            ),
        ],
    )


RULE = Rule(
    id="dataset_unprefetched",
    title="A dataset without prefetch: its batches are made while the model waits",
    meaning=(
        "Without prefetch the model asks for a batch, waits until it is made, and runs; meanwhile nothing "
        "makes the next one. With prefetch both go on at once. Newer releases of tf.data add a prefetch by "
        "themselves."
    ),
    recognised=(
        "The dataset has no prefetch and tf.data has added none, as its events show; waiting for batches and "
        "running the model both have at least the least share of the call."
    ),
    example="files.map(load).batch(32)\n\nfiles.map(load).batch(32).prefetch(tf.data.AUTOTUNE)",
    sources=("https://www.tensorflow.org/guide/data_performance#prefetching",),
    needs=("workload.dataset", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("dataset_prefetched",),
)
