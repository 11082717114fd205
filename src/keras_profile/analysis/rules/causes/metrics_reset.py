"""Metrics are reset on every call, though inference uses none."""

from __future__ import annotations

from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, Rule
from ..shared.claiming import claim, time_line
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    ns = float(evidence.ns("state_reset"))
    entered = number(evidence.count("state_reset"))
    return claim(
        evidence,
        {"state_reset": ns},
        "resetting metrics and state is",
        title="Metrics are reset on every call, though inference uses none ({cost} ms a call)",
        lines=[f"{time_line(evidence, 'state_reset', ns)}, entered {entered} times"],
    )


RULE = Rule(
    id="metrics_reset",
    title="Metrics are reset on every call, though inference uses none",
    meaning=(
        "Older releases reset the metrics of a compiled model on every call, even if it only predicts: one "
        "op for each metric variable. A model that is not compiled has no metrics."
    ),
    advice=(
        "predict with a model that is not compiled: load it with `compile=False`, or rebuild it and copy "
        "the weights"
    ),
    recognised="The phase state_reset takes at least LEAST_SHARE of the call.",
    example="model.compile(metrics=[…])            # dozens of them\nmodel.predict_on_batch(x)\n\n"
    "keras.models.load_model(path, compile=False).predict_on_batch(x)",
    sources=("https://github.com/tensorflow/tensorflow/issues/31975",),
    needs=("phases",),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("rebuilt_uncompiled", "loaded_uncompiled"),
)
