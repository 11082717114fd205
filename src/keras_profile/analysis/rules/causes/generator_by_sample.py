"""A dataset takes single samples from a Python generator."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.batches import batches
from ..shared.busiest_lines import busiest_lines, line_texts, place_of
from ..shared.claiming import claim
from ..shared.dataset_steps import BATCHING, map_steps, steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    if not any(step.generator for step in map_steps(evidence)):
        return NotFound("the input is not a dataset from a Python generator")
    batching = [step for step in steps(evidence) if step.kind in BATCHING]
    if not batching:
        return NotFound("the generator yields whole batches")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    waiting = sum(claims.values())
    lines = [
        (
            f"waiting for batches: {milliseconds(waiting)} ms for {number(batches(evidence))} batches, "
            f"{percent(evidence.of_call(waiting))} of the call"
        )
    ]
    busiest = busiest_lines(evidence)
    size = batching[0].batch_size
    if size:
        lines.append(f"the generator is called for each sample, {size} times a batch")
    return claim(
        evidence,
        claims,
        "waiting for batches is",
        title=(
            "The dataset takes single samples from a Python generator, then batches them ({cost} ms a call)"
        ),
        lines=lines + line_texts(evidence, busiest),
        where=place_of(busiest),
    )


RULE = Rule(
    id="generator_by_sample",
    title="A dataset takes single samples from a Python generator",
    meaning=(
        "Dataset.from_generator calls Python for each element. If an element is one sample, a batch of 500 "
        "costs 500 calls into Python."
    ),
    advice="yield whole batches from the generator, or stack the inputs into one array",
    recognised=(
        "The dataset comes from a generator and is batched after it, and waiting for batches takes at least "
        "LEAST_SHARE of the call."
    ),
    example=(
        "Dataset.from_generator(samples, ...).batch(500)\n\nDataset.from_generator(batches_of_500, ...)"
    ),
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/13101",
        "https://www.tensorflow.org/guide/data_performance",
    ),
    needs=("workload.dataset", "phases"),
    uses=("native", "layers", "workload.input_lines"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("input_stacked", "dataset_cached"),
)
