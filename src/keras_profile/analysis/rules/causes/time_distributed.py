"""TimeDistributed copies its layer for each time step."""

from __future__ import annotations

from ....model.workload import Layer
from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared import layer_kernels
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    layers: list[Layer] = evidence.workload("layers")
    wrapped = {
        layer.layer: layer for layer in layers if layer.layer_class == "TimeDistributed" and layer.time_steps
    }
    if not wrapped:
        return NotFound("no TimeDistributed layer has a fixed number of time steps")
    ns, chosen = layer_kernels.of_layers(evidence, wrapped)
    share = evidence.of_call(ns)
    if share < LEAST_SHARE:
        return NotFound(f"TimeDistributed is {percent(share)} of the call")
    first = wrapped[chosen[0].layer]
    kind, steps = first.wraps, number(first.time_steps or 0)
    return Found(
        f"TimeDistributed({kind}) runs its layer separately for each of {steps} time steps "
        "({cost} ms a call in it)",
        {"execution": ns},
        layer_kernels.lines(chosen),
        recipes=RULE.recipes if kind == "Dense" else (),
    )


RULE = Rule(
    id="time_distributed",
    title="TimeDistributed copies its layer for each time step",
    meaning=(
        "With a fixed number of time steps, Keras 3 puts a copy of the wrapped layer into the graph for each "
        "step: hundreds of small ops, and seconds of tracing in the first call. Dense handles a time axis "
        "itself; for a convolution, fold it into the batch."
    ),
    advice="use `Dense` without `TimeDistributed`; for other layers fold the time axis into the batch",
    recognised=(
        "A TimeDistributed layer's time dimension is fixed, and its kernels take at least LEAST_SHARE of the "
        "call."
    ),
    example="TimeDistributed(Dense(16))(x)\n\n"
    "Dense(16)(x)                         # the same weights, the same result",
    sources=(
        "https://github.com/keras-team/keras/issues/21179",
        "https://github.com/keras-team/keras/issues/21208",
    ),
    needs=("workload.layers", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("dense_for_time_distributed",),
)
