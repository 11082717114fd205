"""TensorFlow is limited to one thread, though its ops are large enough for several."""

from __future__ import annotations

from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.claiming import claim
from ..shared.kernels import kernels, op_of
from ..shared.thresholds import LEAST_SHARE

BUSY_PROCESSORS = Threshold(
    "BUSY_PROCESSORS",
    1.25,
    "processor time over wall time up to which a call runs on one thread: reading clocks and handing over "
    "work adds some",
)

LARGE_KERNEL_NS = Threshold(
    "LARGE_KERNEL_NS",
    500_000,
    "ns of an op's kernel above which several threads help: handing over its pieces takes tens of "
    "microseconds",
)

#: Environment variables that limit the pool of an op to one thread.
_VARIABLES = ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS")


def judge(evidence: View) -> Answer:
    processors = int(evidence.environment("cpu_count") or 1)
    if processors < 2:
        return NotFound("the process may use only one processor")
    why = _held_by(evidence)
    if why is None:
        return NotFound("no setting limits TensorFlow to one thread")
    warm = evidence.calls.warm
    busy = evidence.of_call(warm.cpu_median_ns)
    if busy > BUSY_PROCESSORS:
        return NotFound(f"all threads together use {percent(busy)} of one processor's time")
    large = [
        event
        for event in kernels(evidence)
        if event.self_ns >= LARGE_KERNEL_NS * max(event.count_per_call, 1)
    ]
    ns = min(sum(event.self_ns for event in large), evidence.ns("execution"))
    saved = ns * (1 - 1 / processors)
    return claim(
        evidence,
        {"execution": saved},
        "large ops, which several threads could share, are",
        title=(
            f"TensorFlow uses 1 thread on {processors} processors; large ops could use all of them "
            "(up to {cost} ms a call)"
        ),
        lines=[
            why,
            (
                f"{milliseconds(warm.cpu_median_ns)} ms of processor time in {milliseconds(warm.median_ns)} "
                "ms: one processor is busy"
            ),
            *(
                f"{event.event.rpartition(':')[0]} ({op_of(event)}): {milliseconds(event.self_ns)} ms a call"
                for event in large[:3]
            ),
            f"with all threads, these take a {_part(processors)} of that time at best",
        ],
        sure=f"read from the process; from {warm.count} bare calls and the tensorflow capture's kernels",
    )


def _held_by(evidence: View) -> str | None:
    """What limits the pool of an op to one thread, in words; None if nothing does."""
    process, settings = evidence.workload("process"), evidence.environment("settings")
    if process.intra_op_threads == 1:
        return "tf.config.threading.set_intra_op_parallelism_threads(1) is set"
    if process.intra_op_threads:
        return None  # it overrides the variables
    held = [name for name in _VARIABLES if str(settings.get(name, "")).split(",")[0] == "1"]
    return f"{held[0]} is 1 in the environment" if held else None


def _part(processors: int) -> str:
    return {2: "half", 3: "third", 4: "quarter"}.get(processors, f"{processors}th")


RULE = Rule(
    id="one_thread",
    title="TensorFlow is limited to one thread on several processors",
    meaning=(
        "TensorFlow splits a large op into pieces for a pool with one thread per processor. A limit meant "
        "for a shared cluster, or for a test that must reproduce the same digits, keeps that pool at one "
        "thread even on an idle machine."
    ),
    advice=(
        "remove the limit on threads: in `tf.config.threading`, in an environment variable, or on the "
        "process's processors"
    ),
    recognised=(
        "The pool of an op is set to one thread, and the process may use several processors. The median "
        "processor time of all threads is about the call's wall time, and kernels large enough to be shared "
        "take at least LEAST_SHARE of the call. The cost is the most that they could gain."
    ),
    example=(
        "tf.config.threading.set_intra_op_parallelism_threads(1)      # for a cluster\n"
        "# OMP_NUM_THREADS=1, TF_NUM_INTRAOP_THREADS=1 in the environment\n\n"
        "tf.config.threading.set_intra_op_parallelism_threads(0)      # one for each processor"
    ),
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/config/threading/set_intra_op_parallelism_threads",
        "https://github.com/keras-team/keras/issues/12260",
        "https://github.com/tensorflow/tensorflow/issues/31128",
    ),
    needs=(
        "workload.process",
        "environment.cpu_count",
        "environment.settings",
        "calls",
        "phases",
        "native",
    ),
    judge=judge,
    thresholds=(BUSY_PROCESSORS, LARGE_KERNEL_NS, LEAST_SHARE),
    recipes=("threads",),
)
