"""A Python loop was unrolled into a huge graph."""

from __future__ import annotations

from ....model.report import CallFigures
from ....model.workload import BuiltGraph
from ....number_words import milliseconds, number
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold

OPS_PER_LAYER = Threshold(
    "OPS_PER_LAYER",
    100,
    "ops of a graph per layer of the model: healthy models have 3 to 30 (dense 6, convolutions 5 to 9, "
    "attention 19, recurrent 20 to 30), a loop of 300 iterations in one layer has a thousand",
)

TRACING_NS = Threshold(
    "TRACING_NS",
    200_000_000,
    "ns of tracing in the first call: less hardly matters in a first call, which takes 0.02 to 0.8 s for "
    "healthy models",
)


def judge(evidence: View) -> Answer:
    built: list[BuiltGraph] = evidence.workload("cold_traces")
    traced = [trace for trace in built if not trace.pipeline]
    if not traced:
        return NotFound("no function of the model was traced in the first call")
    largest = max(traced, key=lambda trace: trace.ops)
    layers = len(evidence.workload("layers"))
    if not layers:
        return NotFound("the layers that the function runs are not known")
    ops = largest.ops
    tracing = _tracing_ns(evidence.calls)
    if ops < OPS_PER_LAYER * layers or tracing < TRACING_NS:
        return NotFound(f"the largest graph has {number(ops)} ops for {layers} layers")
    return Found(
        f"A graph of {number(ops)} ops was traced for {layers} layers: it has an unrolled loop "
        f"({milliseconds(tracing)} ms of the first call)",
        {},
        [
            f"{largest.function} has {number(ops)} ops, {number(ops / layers)} for each layer",
            (
                f"tracing took {milliseconds(tracing)} ms of the first call, and its execution includes "
                "optimising the graph"
            ),
        ],
        sure="counted: the ops of the graph that the first call traced",
        once_ns=max(tracing, _beyond_later_ns(evidence.calls)),
    )


def _tracing_ns(calls: CallFigures) -> int:
    """Tracing in the first call; if it is not divided into phases, its time beyond later calls."""
    cold = calls.cold
    if cold.phases:
        return sum(one.self_ns for one in cold.phases if one.phase == "function_tracing")
    return _beyond_later_ns(calls)


def _beyond_later_ns(calls: CallFigures) -> int:
    """The time of a first call beyond later ones: tracing, and optimising the graph in its execution."""
    cold = calls.cold
    return max(cold.total_ns // cold.count - calls.warm.median_ns, 0) if cold.count else 0


RULE = Rule(
    id="unrolled_graph",
    title="A Python loop was unrolled into a huge graph",
    meaning=(
        "A Python loop in a layer, an RNN with unroll=True and TimeDistributed over a fixed length are "
        "traced one iteration at a time: each iteration has its own ops in the graph. Tracing and optimising "
        "them takes seconds in the first call, and again for each new signature."
    ),
    advice="build the layer with `unroll=False`, or loop with `tf.while_loop` in place of Python's `for`",
    recognised=(
        "The largest graph that the first call traced has at least OPS_PER_LAYER ops for each layer, and "
        "tracing took at least TRACING_NS."
    ),
    example=(
        "for t in range(300):\n    state = state + x[:, t]        # 300 slices and sums in the graph\n\n"
        "state = tf.reduce_sum(x, axis=1)"
    ),
    sources=(
        "https://www.tensorflow.org/guide/function#loops",
        "https://github.com/tensorflow/tensorflow/issues/38628",
        "https://github.com/tensorflow/tensorflow/issues/34920",
    ),
    needs=("workload.cold_traces", "workload.layers", "calls", "phases"),
    judge=judge,
    thresholds=(OPS_PER_LAYER, TRACING_NS),
    recipes=("unroll_flipped", "dense_for_time_distributed"),
)
