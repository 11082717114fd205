"""All positions of the output are computed, and one is used."""

from __future__ import annotations

from collections.abc import Sequence

from ....model.workload import CallSite, Layer
from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim, time_line
from ..shared.layer_order import IN_ORDER
from ..shared.thresholds import LEAST_SHARE

#: Layers that compute each position of a sequence by itself.
_BY_POSITION = (
    "Dense",
    "Activation",
    "ReLU",
    "LeakyReLU",
    "LayerNormalization",
    "RMSNormalization",
    "BatchNormalization",
    "Dropout",
    "TimeDistributed",
)
#: The axes of such an output at least: rows, positions, values.
_AXES = 3


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites or not all(site.one_position for site in sites):
        return NotFound("by its source, the line does not use one position of the output alone")
    shape: list[int] = evidence.workload("output_shape")
    if len(shape) < _AXES or shape[1] < 2:
        return NotFound(f"the output has the shape {tuple(shape)}, without several positions")
    if evidence.workload("model_class") not in IN_ORDER:
        return NotFound("which layers come last is not known")
    last = _last_by_position(evidence.workload("layers"))
    positions = shape[1]
    unused = (positions - 1) / positions
    ns, layers = layer_kernels.of_layers(evidence, last)
    if not layers:
        return NotFound("the last layer computes each position from others")
    copied = evidence.ns("output_assembly")
    return claim(
        evidence,
        {"execution": unused * ns, "output_assembly": unused * copied},
        "positions of the output that are not used take",
        title=(
            f"Only one of the output's {number(positions)} positions is used: the last layers compute the "
            "others for nothing ({cost} ms a call)"
        ),
        lines=[
            f"the output has the shape {tuple(shape)}",
            f"the line: {sites[0].source}",
            *layer_kernels.lines(layers[:2]),
            time_line(evidence, "output_assembly", copied),
        ],
        sure="by the source of the line's function: what is done with the output elsewhere is not known",
    )


def _last_by_position(layers: Sequence[Layer]) -> set[str]:
    """The layers after the last one that computes positions from others."""
    found = set()
    for layer in reversed([layer for layer in layers if layer.parent is None]):
        if layer.layer_class not in _BY_POSITION:
            break
        found.add(layer.layer)
    return found


RULE = Rule(
    id="output_unused",
    title="Only one position of the output is used",
    meaning=(
        "A model computes scores for each position of a sequence, such as for each word of a context, and "
        "the program uses one of them: mostly the last, for the next word. The last layers, which for a "
        "large vocabulary are most of the model, compute all other positions for nothing. Their results are "
        "copied, too."
    ),
    advice=(
        "take the position before the last layers, in the model: `x = x[:, -1]` before the `Dense` layer "
        "with the scores. If the position varies, give it to the model as an input and use `keras.ops.take`"
    ),
    recognised=(
        "By the source of its function (with Python 3.11 or later), the output is used at one position of "
        "its second axis alone: `predict(x)[:, -1]`, or `y[:, at]` in the loop that counts `at`. The output "
        "has three axes or more. The last layers compute each position by itself (Dense, Activation, "
        "LayerNormalization and the like). Their part of running the model, with copying the output, takes "
        "at least LEAST_SHARE of the call."
    ),
    example=(
        'y = layers.Dense(30_000, activation="softmax")(x)       # for each of 64 positions\n'
        "next_word = model.predict_on_batch(context)[:, -1]"
    ),
    sources=(
        "https://github.com/huggingface/transformers/issues/30860",
        "https://github.com/huggingface/transformers/pull/31292",
    ),
    needs=(
        "workload.call_sites",
        "workload.output_shape",
        "workload.layers",
        "workload.model_class",
        "layers",
        "phases",
    ),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
