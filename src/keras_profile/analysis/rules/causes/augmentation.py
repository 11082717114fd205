"""Random augmentation runs at inference."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    random = [layer.layer for layer in evidence.workload("layers") if layer.layer_class.startswith("Random")]
    if not random:
        return NotFound("the model has no random augmentation")
    ns, chosen = layer_kernels.of_layers(evidence, random)
    names = ", ".join(layer.layer for layer in chosen)
    return claim(
        evidence,
        {"execution": ns},
        "random augmentation is",
        title=f"Random augmentation runs on every call: {names} ({{cost}} ms a call)",
        lines=layer_kernels.lines(chosen),
    )


RULE = Rule(
    id="augmentation",
    title="Random augmentation runs at inference",
    meaning=(
        "Layers such as RandomRotation are for training. If the model is built or called with training=True, "
        "they also transform each image at inference, which takes time and changes the results."
    ),
    advice="leave out the augmentation layers, or call the model with `training=False`",
    recognised="Kernels of layers whose class starts with Random take at least LEAST_SHARE of the call.",
    example="x = RandomRotation(0.1)(images, training=True)\n\nx = RandomRotation(0.1)(images)",
    sources=(
        "https://github.com/keras-team/keras-cv/issues/581",
        "https://github.com/tensorflow/tensorflow/issues/58108",
    ),
    needs=("workload.layers", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("without_augmentation",),
)
