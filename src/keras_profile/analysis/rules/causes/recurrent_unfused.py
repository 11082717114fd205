"""A recurrent layer runs its gates one by one."""

from __future__ import annotations

from ....model.workload import Layer
from ....number_words import percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared import layer_kernels
from ..shared.thresholds import LEAST_SHARE

#: Layers with several gates, which can share one product.
_GATED = ("LSTM", "GRU")


def judge(evidence: View) -> Answer:
    gated: dict[str, Layer] = {
        layer.layer: layer for layer in evidence.workload("layers") if layer.layer_class in _GATED
    }
    if not gated:
        return NotFound("the model has no LSTM or GRU")
    is_keras_3 = int(str(evidence.environment("keras")).partition(".")[0]) >= 3
    reasons = {name: _reason(layer, is_keras_3) for name, layer in gated.items()}
    apart = [name for name, reason in reasons.items() if reason]
    if not apart:
        return NotFound("all LSTM and GRU layers compute their gates together")
    names = {name: name for name in apart}
    # A Bidirectional layer's kernels may carry its own name.
    names |= {parent: name for name in apart if (parent := gated[name].parent)}
    ns, chosen = layer_kernels.of_layers(evidence, names)
    share = evidence.of_call(ns)
    if share < LEAST_SHARE:
        return NotFound(f"layers with separate gates are {percent(share)} of the call")
    first = names[chosen[0].layer]
    dropout = "recurrent_dropout" in reasons[first]
    return Found(
        f"{first} ({gated[first].layer_class}) computes each gate separately, because of {reasons[first]} "
        "({cost} ms a call in it)",
        {"execution": ns},
        layer_kernels.lines(chosen),
        recipes=RULE.recipes if dropout else (),
    )


def _reason(layer: Layer, is_keras_3: bool) -> str:
    """Why a layer's gates are separate; empty if they are not."""
    if layer.recurrent_dropout:
        return f"recurrent_dropout={layer.recurrent_dropout}"
    # Keras 2 runs layers without dropout in another function, which ignores implementation.
    if is_keras_3 and layer.implementation == 1:
        return "implementation=1"
    return ""


RULE = Rule(
    id="recurrent_unfused",
    title="A recurrent layer runs its gates one by one",
    meaning=(
        "LSTM and GRU do one multiplication for all gates in each step. With recurrent_dropout, which does "
        "nothing at inference, they do one for each gate: 1.4 to 2.4 times as long on a CPU, and on a GPU "
        "the layer also loses cuDNN. In Keras 3, implementation=1 does the same. Other settings that cuDNN "
        "requires (activation, use_bias, unroll, reset_after) cost nothing on a CPU, where there is no cuDNN "
        "to lose; on a GPU this rule does not judge them."
    ),
    advice="build the layer for inference without `recurrent_dropout` and without `implementation=1`",
    recognised=(
        "An LSTM or GRU has recurrent_dropout, or in Keras 3 implementation=1, and its kernels take at least "
        "LEAST_SHARE of the call."
    ),
    example="LSTM(64, recurrent_dropout=0.2)\n\nLSTM(64)                             # with the same weights",
    sources=(
        "https://keras.io/api/layers/recurrent_layers/lstm/",
        "https://github.com/tensorflow/tensorflow/issues/38236",
        "https://github.com/tensorflow/tensorflow/issues/40944",
    ),
    needs=("workload.layers", "environment.keras", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("without_recurrent_dropout",),
)
