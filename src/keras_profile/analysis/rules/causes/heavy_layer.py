"""The model takes most of the call, and one layer most of the model."""

from __future__ import annotations

from ....model.report import LayerShare
from ....number_words import percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold
from ..shared import layer_kernels
from ..shared.graph_loops import RECURRENT

EXECUTION_SHARE = Threshold(
    "EXECUTION_SHARE",
    0.70,
    "share of the call that running the model takes at least: below it the rest of the call is worth more "
    "than any layer",
)

LAYERS_TO_COMPARE = Threshold(
    "LAYERS_TO_COMPARE",
    4,
    "layers with kernels of their own: with fewer, it is plain which one is the most expensive",
)

HEAVY_LAYER_SHARE = Threshold(
    "HEAVY_LAYER_SHARE",
    0.60,
    "share of kernel time that one layer takes: in healthy networks of equal blocks it is below a third, "
    "and below a half if the first layer has the largest images",
)

#: Ops that compute next to nothing for each value that they read and write.
_BY_ELEMENT = frozenset(
    (
        *("Sub", "Square", "SquaredDifference", "Abs", "Pow", "Sqrt", "Neg"),
        *("Sum", "Mean", "Max", "Less", "Greater", "Equal", "Select", "SelectV2"),
        *("Tile", "BroadcastTo", "ExpandDims"),
    )
)
#: A layer does so if these ops have this part of its kernels' time, and differences a part of it.
_MOSTLY, _OF_THEM, _PAIRS = 0.8, 0.1, ("Sub", "SquaredDifference")
_OF_PAIRS = (
    "the layer compares values one by one: if it subtracts all pairs of two lists of vectors, compute their "
    "squared distances as `|a|² + |b|² - 2·a·bᵀ`, which is one matrix product and no tensor of all pairs"
)


def judge(evidence: View) -> Answer:
    if evidence.share("execution") < EXECUTION_SHARE:
        return NotFound(f"running the model is {percent(evidence.share('execution'))} of the call")
    if len(evidence.layers) < LAYERS_TO_COMPARE:
        return NotFound(f"the model has {len(evidence.layers)} layers with kernels of their own")
    first, *others = evidence.layers  # they come most expensive first
    if first.layer_class in RECURRENT:
        return NotFound(f"{first.layer}, the most expensive layer, is recurrent: it runs once per step")
    if first.share < HEAVY_LAYER_SHARE:
        return NotFound(
            f"{first.layer}, the most expensive layer, takes {percent(first.share)} of kernel time"
        )
    ns, chosen = layer_kernels.of_layers(evidence, [first.layer])
    after = "; ".join(f"{layer.layer} ({layer.layer_class}) {percent(layer.share)}" for layer in others[:3])
    return Found(
        f"{first.layer} ({first.layer_class}) takes {percent(first.share)} of the model's kernel time "
        "({cost} ms a call)",
        {"execution": ns},
        [*layer_kernels.lines(chosen), f"next: {after}"],
        sure="by the kernels of the tensorflow capture, on all threads",
        advice=_OF_PAIRS if _compares_pairs(first) else "",
    )


def _compares_pairs(layer: LayerShare) -> bool:
    """Whether the layer's time is in ops that take the differences of values one by one, and reduce them."""
    shares = dict(zip(layer.ops, layer.op_shares))
    by_element = sum(share for op, share in shares.items() if op.lstrip("_") in _BY_ELEMENT)
    by_pair = sum(share for op, share in shares.items() if op.lstrip("_") in _PAIRS)
    reduces = any(op.lstrip("_") in ("Sum", "Mean", "Max") for op in shares)
    return by_element >= _MOSTLY and by_pair >= _OF_THEM and reduces


RULE = Rule(
    id="heavy_layer",
    title="One layer takes most of the model's time",
    meaning=(
        "If most of the call runs the model, only the model can become faster: by a smaller or different "
        "layer, another kernel, or another runtime. This finding shows where that is worth it."
    ),
    advice=(
        "make this layer smaller or replace it, or run the model in another runtime, such as OpenVINO or "
        "ONNX Runtime"
    ),
    recognised=(
        "Most of the call is execution, several layers have kernels, and one layer that is not recurrent "
        "takes most of their time."
    ),
    example="Conv2D(512, 7)(x)                     # 9 of 10 ms\n\nSeparableConv2D(512, 7)(x)",
    sources=("https://github.com/keras-team/keras/issues/20220",),
    needs=("layers", "phases"),
    judge=judge,
    thresholds=(EXECUTION_SHARE, LAYERS_TO_COMPARE, HEAVY_LAYER_SHARE),
    residual=True,
    recipes=("function_jit_compiled", "openvino", "onnxruntime", "half_precision"),
)
