"""Layers compute in float64, which takes twice as long as float32 or longer."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

#: What float64 takes of the kernels' time in vain: half as many numbers fit into a register, and into memory.
IN_VAIN = 0.5


def judge(evidence: View) -> Answer:
    double = [layer.layer for layer in evidence.workload("layers") if layer.dtype_policy == "float64"]
    if not double:
        return NotFound("no layer computes in float64")
    ns, chosen = layer_kernels.of_layers(evidence, double)
    return claim(
        evidence,
        {"execution": IN_VAIN * ns},
        "half of the float64 layers' time is",
        title=(
            f"{len(double)} layers compute in float64, at least twice the work of float32 "
            "({cost} ms a call in vain)"
        ),
        lines=layer_kernels.lines(chosen),
        sure="if a kernel takes half the time in float32; without oneDNN's kernels it may be more",
    )


RULE = Rule(
    id="double_precision",
    title="Layers compute in float64",
    meaning=(
        "With `set_floatx('float64')`, or `dtype='float64'`, every number takes eight bytes: a processor "
        "computes half as many at once, and oneDNN's kernels, which have no float64, are not used. On GPUs "
        "for games and for inference, float64 is slower by a factor of 32."
    ),
    advice="use `float32` for the layers and the input: remove `set_floatx('float64')`",
    recognised=(
        "Layers have the policy float64, and half of their kernels' time is at least LEAST_SHARE of the call."
    ),
    example='keras.config.set_floatx("float64")\n\nmodel.predict(x.astype("float32"))    # without that line',
    sources=(
        "https://github.com/keras-team/keras/issues/18648",
        "https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html",
    ),
    needs=("workload.layers", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
