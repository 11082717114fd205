"""Other threads run models at the same time."""

from __future__ import annotations

from ....number_words import milliseconds
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule


def judge(evidence: View) -> Answer:
    seen = evidence.workload("threads_in_keras")
    busy = [count for count in seen if count]
    if len(busy) * 2 <= len(seen):
        return NotFound(f"other threads were in Keras after {len(busy)} of {len(seen)} calls")
    most, warm = max(busy), evidence.calls.warm
    threads = "1 other thread runs" if most == 1 else f"{most} other threads run"
    return Found(
        f"{threads} a model at the same time, and all share one interpreter",
        {},
        [
            (
                f"after {len(busy)} of {len(seen)} unmeasured calls, other threads were inside predict or "
                "a model's call"
            ),
            (
                f"all threads together use {milliseconds(warm.cpu_median_ns)} ms of CPU time in the "
                f"{milliseconds(warm.median_ns)} ms of a call"
            ),
        ],
        sure=f"seen after {len(busy)} of {len(seen)} calls",
    )


RULE = Rule(
    id="concurrent_calls",
    title="Other threads run models at the same time",
    meaning=(
        "The code around the model is Python, and one interpreter runs Python on one thread at a time. "
        "Several threads in predict finish hardly more calls than one, and each call takes longer."
    ),
    advice="use processes, or one thread that batches the requests of the others",
    recognised=(
        "After most unmeasured calls, another thread's stack is inside a Keras method that runs a model. "
        "The call alone does not show how much time that adds, so the finding has no cost."
    ),
    example=(
        "with ThreadPoolExecutor(8) as pool:\n    list(pool.map(model.predict, parts))\n\n"
        "model.predict_on_batch(np.concatenate(parts))"
    ),
    sources=(
        "https://docs.python.org/3/glossary.html#term-global-interpreter-lock",
        "https://github.com/tensorflow/tensorflow/issues/28287",
    ),
    needs=("workload.threads_in_keras", "calls"),
    judge=judge,
)
