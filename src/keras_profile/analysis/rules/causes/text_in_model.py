"""Text is preprocessed within the model."""

from __future__ import annotations

from ....wording import percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared import layer_kernels
from ..shared.thresholds import LEAST_SHARE

_CLASSES = (
    "TextVectorization",
    "StringLookup",
    "IntegerLookup",
    "Hashing",
    "Discretization",
    "CategoryEncoding",
)


def judge(evidence: View) -> Answer:
    layers = [one["layer"] for one in evidence.workload("layers") if one["class"] in _CLASSES]
    if not layers:
        return NotFound("the model has no layers for text or lookups")
    ns, chosen = layer_kernels.of_layers(evidence, layers)
    if ns < LEAST_SHARE * evidence.total_ns:
        return NotFound(f"text and lookups are {percent(ns / max(evidence.total_ns, 1))} of the call")
    return Found(
        f"Text is preprocessed within the model: {', '.join(one.layer for one in chosen)} "
        "({cost} ms a call)",
        {"execution": ns},
        layer_kernels.lines(chosen),
    )


RULE = Rule(
    id="text_in_model",
    title="Text is preprocessed within the model",
    meaning=(
        "Splitting strings and looking words up runs on the CPU, on few threads, in each call. In front of "
        "the model it can run ahead, in parallel, or once for all calls."
    ),
    recognised="TextVectorization and lookup layers have kernels with at least the least share of the call.",
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
