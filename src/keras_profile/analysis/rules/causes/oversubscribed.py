"""TensorFlow is set to use far more threads than processors."""

from __future__ import annotations

from ....number_words import percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold

THREADS_PER_PROCESSOR = Threshold(
    "THREADS_PER_PROCESSOR",
    2,
    "threads of a pool per processor: machines that count two threads a core give pools of that size by "
    "default",
)

#: Environment variables that set the size of a pool.
_VARIABLES = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
_POOLS = ("intra_op_threads", "inter_op_threads")


def judge(evidence: View) -> Answer:
    processors = int(evidence.environment("cpu_count"))
    process, settings = evidence.workload("process"), evidence.environment("settings")
    sizes = {name: int(getattr(process, name) or 0) for name in _POOLS}
    sizes |= {name: int(settings[name]) for name in _VARIABLES if str(settings.get(name, "")).isdigit()}
    largest = max(sizes, key=lambda name: sizes[name])
    allowed = THREADS_PER_PROCESSOR * processors
    if sizes[largest] <= allowed:
        return NotFound(
            f"no pool is set to more than {sizes[largest] or processors} threads, for {processors} processors"
        )
    busy = evidence.of_call(evidence.calls.warm.cpu_median_ns)
    return Found(
        f"{largest} is {sizes[largest]}, on a machine with {processors} processors",
        {},
        [
            *(f"{name} is {size}" for name, size in sizes.items() if size > allowed),
            f"all threads together use {percent(busy)} of one processor's time",
        ],
        sure="read from the process",
    )


RULE = Rule(
    id="oversubscribed",
    title="TensorFlow is set to use far more threads than processors",
    meaning=(
        "An op is split into as many pieces as its pool has threads. With more threads than processors, the "
        "pieces are smaller and threads wait for a processor. In a container, the processors that it may use "
        "count, not the machine's."
    ),
    advice=(
        "allow as many threads as the process may use processors: "
        "`tf.config.threading.set_intra_op_parallelism_threads(n)`"
    ),
    recognised=(
        "A TensorFlow setting or an environment variable gives a pool more than THREADS_PER_PROCESSOR "
        "threads for each processor that the process may use. The recipe measures what that costs, so the "
        "finding has no cost."
    ),
    example="tf.config.threading.set_intra_op_parallelism_threads(64)    # on 2 processors",
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/config/threading",
        "https://github.com/uxlfoundation/oneDNN/issues/1393",
    ),
    needs=("workload.process", "environment.cpu_count", "environment.settings", "calls"),
    judge=judge,
    thresholds=(THREADS_PER_PROCESSOR,),
    recipes=("threads",),
)
