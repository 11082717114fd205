"""A dataset takes single samples from a Python generator."""

from __future__ import annotations

from ....wording import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, CannotTell, Found, NotFound, Rule
from ..shared.batches import batches
from ..shared.dataset_steps import BATCHING, map_steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    steps = evidence.workload("dataset") or []
    if not any(step["generator"] for step in map_steps(evidence)):
        return NotFound("the input is no dataset from a Python generator")
    kinds = [step["kind"] for step in steps]
    if not any(kind in BATCHING for kind in kinds):
        return NotFound("the generator gives whole batches")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    waiting = sum(claims.values())
    share = waiting / max(evidence.total_ns, 1)
    if share < LEAST_SHARE:
        return NotFound(f"waiting for batches is {percent(share)} of the call")
    size = next((step.get("batch_size") for step in steps if step["kind"] in BATCHING), None)
    lines = [
        (
            f"waiting for batches: {milliseconds(waiting)} ms for {number(batches(evidence))} batches, "
            f"{percent(share)} of the call"
        )
    ]
    if size:
        lines.append(f"from_generator is called for each sample, {size} times for a batch")
    return Found(
        "The dataset takes single samples from a Python generator, and batches them after ({cost} ms a call)",
        claims,
        lines,
    )


RULE = Rule(
    id="generator_by_sample",
    title="A dataset takes single samples from a Python generator",
    meaning=(
        "Dataset.from_generator calls Python for each element. Where an element is one sample, "
        "a batch of 500 costs 500 calls into Python."
    ),
    recognised=(
        "The dataset is from a generator and batched after it, and waiting for batches has at least the "
        "least share of the call."
    ),
    example=(
        "Dataset.from_generator(samples, ...).batch(500)\n\nDataset.from_generator(batches_of_500, ...)"
    ),
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/13101",
        "https://www.tensorflow.org/guide/data_performance",
    ),
    needs=("workload.dataset", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("input_stacked", "dataset_cached"),
)
