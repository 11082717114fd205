"""Text is preprocessed inside the model."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

#: Layers that encode numbers are not among them: if they take long, it is for moving data.
_CLASSES = ("TextVectorization", "StringLookup", "IntegerLookup", "Hashing")


def judge(evidence: View) -> Answer:
    layers = [layer.layer for layer in evidence.workload("layers") if layer.layer_class in _CLASSES]
    if not layers:
        return NotFound("the model has no layers for text or lookups")
    ns, chosen = layer_kernels.of_layers(evidence, layers)
    names = ", ".join(layer.layer for layer in chosen)
    return claim(
        evidence,
        {"execution": ns},
        "text and lookups are",
        title=f"Text is preprocessed inside the model: {names} ({{cost}} ms a call)",
        lines=layer_kernels.lines(chosen),
    )


RULE = Rule(
    id="text_in_model",
    title="Text is preprocessed inside the model",
    meaning=(
        "Splitting strings and looking up words runs on the CPU, on few threads, on every call. In front of "
        "the model it can run ahead, in parallel, or once for all calls."
    ),
    advice="turn the texts into integers before the model: in a parallel map, or once for all calls",
    recognised="The kernels of TextVectorization and lookup layers take at least LEAST_SHARE of the call.",
    example="Sequential([TextVectorization(...), Embedding(...)])\n\n"
    "dataset.map(vectorize).prefetch(2)   # ahead",
    sources=(
        "https://github.com/keras-team/keras/issues/20249",
        "https://github.com/keras-team/keras-io/pull/913",
    ),
    needs=("workload.layers", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
