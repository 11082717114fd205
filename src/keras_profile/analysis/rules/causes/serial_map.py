"""A dataset's map runs on one thread, and the call waits for it."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim, time_line
from ..shared.dataset_steps import map_steps, steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    serial = [
        step for step in map_steps(evidence) if step.kind == "Map" and not step.python and not step.generator
    ]
    if not serial:
        return NotFound("the input is not a dataset with a map on one thread")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    names = ", ".join(str(step.function) for step in serial)
    lines = [
        f"map({names}) has no num_parallel_calls",
        time_line(evidence, "waiting for batches", sum(claims.values())),
    ]
    if not any(step.kind == "Prefetch" for step in steps(evidence)):
        lines.append("the dataset has no prefetch: the next batch is not made while the model runs")
    return claim(
        evidence,
        claims,
        "waiting for batches is",
        title="The call waits for a dataset whose map runs on one thread ({cost} ms a call)",
        lines=lines,
    )


RULE = Rule(
    id="serial_map",
    title="A dataset's map runs on one thread, and the call waits for it",
    meaning=(
        "map without num_parallel_calls makes one element after the other; without prefetch, the model waits "
        "meanwhile."
    ),
    advice=(
        "pass `num_parallel_calls=tf.data.AUTOTUNE` to `map`, and end the dataset with "
        "`.prefetch(tf.data.AUTOTUNE)`"
    ),
    recognised=(
        "The dataset has a map without num_parallel_calls, and waiting for batches takes at least "
        "LEAST_SHARE of the call. Keras 2 fetches batches within execution: there, waiting is the time of "
        "the pipeline's last stage, or the time that no layer's kernel accounts for."
    ),
    example=(
        "files.map(decode).batch(32)\n\n"
        "files.map(decode, num_parallel_calls=tf.data.AUTOTUNE).batch(32).prefetch(tf.data.AUTOTUNE)"
    ),
    sources=(
        "https://www.tensorflow.org/guide/data_performance",
        "https://github.com/tensorflow/tensorflow/issues/37178",
    ),
    needs=("workload.dataset", "phases"),
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("dataset_parallel_map", "dataset_prefetched", "dataset_cached"),
)
