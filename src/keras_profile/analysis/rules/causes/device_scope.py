"""One name scope, such as a layer's, takes most of a GPU's time."""

from __future__ import annotations

from ....number_words import percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared import device_time
from ..shared.claiming import claim
from .heavy_layer import HEAVY_LAYER_SHARE, LAYERS_TO_COMPARE

BUSY_SHARE = Threshold(
    "BUSY_SHARE",
    0.50,
    "share of the call that the device is busy at least: below it, what it waits for is worth more than any "
    "layer",
)


def judge(evidence: View) -> Answer:
    device = device_time.busiest(evidence)
    if device is None:
        return device_time.NO_DEVICE
    name = device_time.short(device)
    if evidence.has("layers") and evidence.layers:
        return NotFound("the layers are known: another rule compares them")
    if device.busy_share < BUSY_SHARE:
        return NotFound(f"{name} is busy {percent(device.busy_share)} of the time")
    scopes = [one for one in device.scopes if one.scope]
    if len(scopes) < LAYERS_TO_COMPARE:
        return NotFound(f"the kernels of {name} have {len(scopes)} name scopes")
    first, *others = scopes
    if first.share < HEAVY_LAYER_SHARE:
        return NotFound(f"{first.scope} takes {percent(first.share)} of the kernels' time")
    return claim(
        evidence,
        {"execution": device_time.in_call(evidence, device, first.share * device.busy_ns)},
        f"{first.scope} is",
        title=f"{first.scope} takes {percent(first.share)} of the time of {name}'s kernels",
        lines=["next: " + "; ".join(f"{one.scope} {percent(one.share)}" for one in others[:3])],
        sure="by the device's own times",
    )


RULE = Rule(
    id="device_scope",
    title="One layer takes most of the GPU's time",
    meaning=(
        "The device is busy, so only the model can become faster, and most of its time is in one place. Of a "
        "trace alone it is the name scope that is known, which has the layer's name."
    ),
    advice="make this layer smaller or replace it, or compute it in half precision",
    recognised=(
        "The device is busy for at least BUSY_SHARE of the call, and of at least LAYERS_TO_COMPARE name "
        "scopes one has HEAVY_LAYER_SHARE of the kernels' time. If the layers are known, "
        "`heavy_layer` judges them."
    ),
    example="Conv2D(512, 7)(x)                     # 9 of 10 ms of the GPU",
    sources=("https://www.tensorflow.org/guide/gpu_performance_analysis",),
    needs=("devices", "phases"),
    uses=("layers",),
    judge=judge,
    thresholds=(BUSY_SHARE, LAYERS_TO_COMPARE, HEAVY_LAYER_SHARE),
    recipes=("half_precision", "function_jit_compiled"),
)
