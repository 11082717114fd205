"""The input pipeline runs Python for each element."""

from __future__ import annotations

from ....wording import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, CannotTell, Found, NotFound, Rule
from ..shared.dataset_steps import map_steps
from ..shared.thresholds import LEAST_SHARE
from ..shared.waiting import waiting_claims


def judge(evidence: View) -> Answer:
    steps = [step for step in map_steps(evidence) if step["python"] and not step["generator"]]
    if not steps:
        return NotFound("the input is no dataset with a py_function or numpy_function")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    waiting = sum(claims.values())
    share = waiting / max(evidence.total_ns, 1)
    if share < LEAST_SHARE:
        return NotFound(f"waiting for batches is {percent(share)} of the call")
    names = ", ".join(sorted({str(step["function"]) for step in steps}))
    lines = [
        f"the dataset maps {names}, which calls Python for each element, under the interpreter's lock",
        f"waiting for batches: {milliseconds(waiting)} ms, {percent(share)} of the call",
    ]
    if evidence.has("native"):
        python = [one for one in evidence.native if "PyFunc" in one.event]
        lines += [
            f"{one.event.partition(':')[2] or one.event}: {milliseconds(one.self_ns)} ms on other "
            f"threads, {one.count_per_call:g} times a call"
            for one in python[:1]
        ]
    return Found(
        "The call waits for Python that the input pipeline runs for each element ({cost} ms a call)",
        claims,
        lines,
    )


RULE = Rule(
    id="python_in_pipeline",
    title="The input pipeline runs Python for each element",
    meaning=(
        "py_function and numpy_function call back into Python from the pipeline's threads. Only one thread "
        "runs Python at a time, so such a map is serial whatever num_parallel_calls says."
    ),
    recognised=(
        "A map of the dataset contains a Python function, and waiting for batches has at least "
        "the least share of the call."
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
    uses=("native", "layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("input_stacked", "dataset_cached"),
)
