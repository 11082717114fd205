"""A layer runs a loop inside the model's graph, step by step."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.graph_loops import looping_layers
from ..shared.thresholds import LEAST_SHARE

LEAST_STEPS = Threshold(
    "LEAST_STEPS", 20, "steps of a loop in a call: fewer cost less than one layer's kernel"
)


def judge(evidence: View) -> Answer:
    looping = [layer for layer in looping_layers(evidence) if layer.loop_steps >= LEAST_STEPS]
    if not looping:
        return NotFound("no layer except recurrent ones runs a loop in the graph")
    kernels = layer_kernels.beside_kernels(evidence) or 0.0
    own = sum(layer.self_ns for layer in looping)
    ns = min(kernels + own, float(evidence.ns("execution")))
    layer = max(looping, key=lambda one: one.loop_steps)
    steps = number(round(layer.loop_steps))
    return claim(
        evidence,
        {"execution": ns},
        "loops in the graph take",
        title=(
            f"{layer.layer} ({layer.layer_class}) runs a loop of at least {steps} steps "
            "inside the graph ({cost} ms a call)"
        ),
        lines=[
            f"{milliseconds(kernels)} ms of running the model is not kernels but going from op to op",
            *layer_kernels.lines(looping),
            f"running the model is {percent(evidence.share('execution'))} of the call",
        ],
        sure=f"by the kernels of the tensorflow capture: its ops run {steps} times",
    )


RULE = Rule(
    id="loop_in_graph",
    title="A layer runs a loop inside the graph",
    meaning=(
        "tf.map_fn, tf.while_loop and a for over a tensor in a tf.function become a loop in the graph. Its "
        "ops run once per step, on a few values each, and going from op to op takes longer than the ops. The "
        "same ops on all rows at once run only once."
    ),
    advice=(
        "compute all rows at once with ops on the whole tensor, in place of `map_fn`, `while_loop` or `for`"
    ),
    recognised=(
        "Kernels named after a loop's body run many times a call, in a layer that is not recurrent. The cost "
        "is that layer's kernels plus the time of execution outside kernels."
    ),
    example=(
        "tf.map_fn(lambda curve: curve - tf.reduce_mean(curve), curves)\n\n"
        "curves - tf.reduce_mean(curves, axis=1, keepdims=True)     # or tf.vectorized_map"
    ),
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/24774",
        "https://www.tensorflow.org/api_docs/python/tf/map_fn",
        "https://www.tensorflow.org/api_docs/python/tf/vectorized_map",
    ),
    needs=("layers", "phases"),
    judge=judge,
    thresholds=(LEAST_STEPS, LEAST_SHARE),
)
