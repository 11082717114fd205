"""Callbacks take much of the call."""

from __future__ import annotations

from ....wording import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    own = evidence.workload("callbacks")
    if not own:
        return NotFound("predict is called without callbacks")
    ns, share = evidence.ns("callbacks"), evidence.share("callbacks")
    if share < LEAST_SHARE:
        return NotFound(f"callbacks are {percent(share)} of the call")
    lines = [
        (
            f"callbacks: {milliseconds(ns)} ms, {percent(share)} of the call, entered "
            f"{number(evidence.count('callbacks'))} times"
        )
    ]
    where = ""
    if evidence.has("functions"):
        hooks = [
            one
            for one in evidence.functions
            if one.name.startswith("on_predict") and "site-packages" not in one.file
        ]
        lines += [
            f"{one.name} runs {number(one.count_per_call)} times a call, "
            f"{milliseconds(one.total_ns)} ms by cProfile"
            for one in hooks[:3]
        ]
        where = f"{hooks[0].file}:{hooks[0].line}, in {hooks[0].name}" if hooks else ""
    return Found(
        f"Callbacks run for each batch: {', '.join(own)} ({{cost}} ms a call)",
        {"callbacks": float(ns)},
        lines,
        where=where,
    )


RULE = Rule(
    id="slow_callbacks",
    title="Callbacks take much of the call",
    meaning="predict calls each callback before and after each batch. What they do there, the model "
    "waits for.",
    recognised="predict is given callbacks, and the phase callbacks has at least the least share of the "
    "call.",
    example="model.predict(x, callbacks=[WritesAFile()])\n\nmodel.predict(x)",
    sources=("https://github.com/tensorflow/tensorflow/issues/37876",),
    needs=("workload.callbacks", "phases"),
    uses=("functions",),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("without_callbacks", "predict_on_batch"),
)
