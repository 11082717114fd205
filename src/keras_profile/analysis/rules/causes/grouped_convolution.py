"""A grouped convolution takes much of the call."""

from __future__ import annotations

from msgspec import UNSET

from ....model.workload import Layer
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    layers: list[Layer] = evidence.workload("layers")
    groups = {one.layer: one.groups for one in layers if one.groups is not UNSET and one.groups > 1}
    if not groups:
        return NotFound("the model has no grouped convolution")
    ns, chosen = layer_kernels.of_layers(evidence, groups)
    if not chosen:
        return NotFound("no kernel of a grouped convolution was traced")
    first = chosen[0]
    return claim(
        evidence,
        {"execution": ns},
        "grouped convolutions take",
        title=(
            f"{first.layer} ({first.layer_class}) is a convolution in {groups[first.layer]} groups, which is "
            "slow on a CPU ({cost} ms a call)"
        ),
        lines=layer_kernels.lines(chosen),
        sure="by the kernels of the tensorflow capture, on all threads",
    )


RULE = Rule(
    id="grouped_convolution",
    title="A grouped convolution takes much of the call",
    meaning=(
        "A grouped convolution needs fewer multiplications than an ordinary one, but may take longer: the "
        "CPU kernel for groups is slow. One convolution per group with concatenated results, another number "
        "of groups, or a DepthwiseConv2D with a 1×1 convolution has fast kernels."
    ),
    advice="use a convolution for each group and concatenate, or a DepthwiseConv2D with a 1×1 convolution",
    recognised="Convolutions with more than one group take at least LEAST_SHARE of the call.",
    example=(
        "Conv2D(64, 3, groups=32)(x)\n\n"
        "Concatenate()([Conv2D(2, 3)(part) for part in keras.ops.split(x, 32, axis=-1)])"
    ),
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/49147",
        "https://github.com/tensorflow/tensorflow/pull/10482",
    ),
    needs=("layers", "phases", "workload.layers"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
