"""Layers compute in float16 on a processor without fast kernels for it."""

from __future__ import annotations

from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

#: Policies under which a layer computes in float16. bfloat16 is not among them: many CPUs have it.
_HALF = ("mixed_float16", "float16")


def judge(evidence: View) -> Answer:
    half = {
        layer.layer: layer.dtype_policy
        for layer in evidence.workload("layers")
        if layer.dtype_policy in _HALF
    }
    if not half:
        return NotFound("no layer computes in float16")
    devices = [device for device in evidence.environment("devices") if "CPU" not in device]
    if devices:
        return NotFound(f"these devices may have kernels for float16: {', '.join(devices)}")
    ns, chosen = layer_kernels.of_layers(evidence, half)
    lines = layer_kernels.lines(chosen)
    casting = sum("Cast" in layer.ops for layer in chosen)
    if casting:
        lines.append(f"{number(casting)} of them cast values from one type to another")
    policies = " and ".join(sorted(set(half.values())))
    return claim(
        evidence,
        {"execution": ns},
        "float16 layers are",
        title=(
            f"{len(half)} layers compute in {policies}, which has no fast kernels on this processor "
            "({cost} ms a call in them)"
        ),
        lines=lines,
    )


RULE = Rule(
    id="mixed_precision",
    title="Layers compute in float16 without kernels for it",
    meaning=(
        "mixed_float16 is for GPUs with tensor cores. On a CPU, TensorFlow casts to float32 and back around "
        "each multiplication, or multiplies without a fast kernel: convolutions and attention take about "
        "twice as long with TensorFlow 2.21, dense layers a hundred times as long with 2.15. This rule "
        "ignores bfloat16: processors with instructions for it are as fast as with float32, or faster."
    ),
    advice="build or load the model under the `float32` policy",
    recognised=(
        "Layers have the policy mixed_float16 or float16, all devices are CPUs, and these layers' kernels "
        "take at least LEAST_SHARE of the call."
    ),
    example="keras.mixed_precision.set_global_policy('mixed_float16')    # on a CPU",
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/45441",
        "https://github.com/tensorflow/tensorflow/issues/24738",
    ),
    needs=("workload.layers", "environment.devices", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("float32_policy",),
)
