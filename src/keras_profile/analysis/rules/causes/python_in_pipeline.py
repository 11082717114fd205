"""The input pipeline runs Python for each element."""

from __future__ import annotations

from ....number_words import milliseconds
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.busiest_lines import busiest_lines, line_texts, place_of
from ..shared.claiming import claim, time_line
from ..shared.dataset_steps import map_steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    python = [step for step in map_steps(evidence) if step.python and not step.generator]
    if not python:
        return NotFound("the input is not a dataset with a py_function or numpy_function")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    busiest = busiest_lines(evidence)
    names = ", ".join(sorted({str(step.function) for step in python}))
    return claim(
        evidence,
        claims,
        "waiting for batches is",
        title="The call waits for Python that the input pipeline runs for each element ({cost} ms a call)",
        lines=[
            f"the dataset maps {names}, which calls Python for each element, under the GIL",
            time_line(evidence, "waiting for batches", sum(claims.values())),
            *_traced(evidence),
            *line_texts(evidence, busiest),
        ],
        where=place_of(busiest),
    )


def _traced(evidence: View) -> list[str]:
    """The most expensive op that calls Python, if it was traced."""
    if not evidence.has("native"):
        return []
    calling = [event for event in evidence.native if "PyFunc" in event.event]
    return [
        f"{event.event.partition(':')[2] or event.event}: {milliseconds(event.self_ns)} ms on other "
        f"threads, {event.count_per_call:g} times a call"
        for event in calling[:1]
    ]


RULE = Rule(
    id="python_in_pipeline",
    title="The input pipeline runs Python for each element",
    meaning=(
        "py_function and numpy_function call back into Python from the pipeline's threads. Only one thread "
        "runs Python at a time, so such a map is serial whatever num_parallel_calls says."
    ),
    advice=(
        "write the map in TensorFlow ops, or prepare the inputs as arrays before the call; if several calls "
        "read the dataset and the map is not random, put `.cache()` after it"
    ),
    recognised=(
        "A map of the dataset contains a Python function, and waiting for batches takes at least LEAST_SHARE "
        "of the call."
    ),
    example=(
        "dataset.map(lambda x: tf.numpy_function(clean, [x], tf.float32)).batch(32)\n\n"
        "dataset.map(clean_with_tf_ops, num_parallel_calls=tf.data.AUTOTUNE).batch(32)"
    ),
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/numpy_function",
        "https://github.com/tensorflow/tensorflow/issues/37488",
    ),
    needs=("workload.dataset", "phases"),
    uses=("native", "layers", "workload.input_lines"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("input_stacked", "dataset_cached"),
)
