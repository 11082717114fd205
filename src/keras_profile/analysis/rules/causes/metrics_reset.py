"""Metrics are reset in every call, though inference has none."""

from __future__ import annotations

from ....wording import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    ns, share = evidence.ns("state_reset"), evidence.share("state_reset")
    if share < LEAST_SHARE:
        return NotFound(f"resetting metrics and state is {percent(share)} of the call")
    return Found(
        "Metrics are reset in every call, though inference has none ({cost} ms a call)",
        {"state_reset": float(ns)},
        [
            (
                f"state_reset: {milliseconds(ns)} ms, {percent(share)} of the call, entered "
                f"{number(evidence.count('state_reset'))} times"
            )
        ],
    )


RULE = Rule(
    id="metrics_reset",
    title="Metrics are reset in every call, though inference has none",
    meaning=(
        "Older releases reset the metrics of a compiled model in each call, also where it only predicts: "
        "an op for each of their variables. A model that is not compiled has none."
    ),
    recognised="The phase state_reset has at least the least share of the call.",
    example="model.compile(metrics=[…])            # dozens of them\nmodel.predict_on_batch(x)\n\n"
    "keras.models.load_model(path, compile=False).predict_on_batch(x)",
    sources=("https://github.com/tensorflow/tensorflow/issues/31975",),
    needs=("phases",),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("rebuilt_uncompiled", "loaded_uncompiled"),
)
