"""Callbacks take much of the call."""

from __future__ import annotations

from ....model.evidence import FunctionCost
from ....number_words import milliseconds, number
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared.claiming import claim, time_line
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    own = evidence.workload("callbacks")
    if not own:
        return NotFound("predict is called without callbacks")
    ns = float(evidence.ns("callbacks"))
    entered = number(evidence.count("callbacks"))
    hooks = _hooks(evidence)
    where = ""
    if hooks:
        where = f"{hooks[0].file}:{hooks[0].line}, in {hooks[0].name}"
    return claim(
        evidence,
        {"callbacks": ns},
        "callbacks are",
        title=f"Callbacks run for each batch: {', '.join(own)} ({{cost}} ms a call)",
        lines=[
            f"{time_line(evidence, 'callbacks', ns)}, entered {entered} times",
            *(
                f"{hook.name} runs {number(hook.count_per_call)} times a call, "
                f"{milliseconds(hook.total_ns)} ms by cProfile"
                for hook in hooks[:3]
            ),
        ],
        where=where,
    )


def _hooks(evidence: View) -> list[FunctionCost]:
    """The callbacks' functions outside of packages, if cProfile saw them."""
    if not evidence.has("functions"):
        return []
    return [
        function
        for function in evidence.functions
        if function.name.startswith("on_predict") and "site-packages" not in function.file
    ]


RULE = Rule(
    id="slow_callbacks",
    title="Callbacks take much of the call",
    meaning="predict calls each callback before and after each batch, and the model waits for it.",
    advice="predict without the callbacks, or make them cheaper: they run before and after each batch",
    recognised="predict is given callbacks, and the phase callbacks takes at least LEAST_SHARE of the call.",
    example="model.predict(x, callbacks=[WritesAFile()])\n\nmodel.predict(x)",
    sources=("https://github.com/tensorflow/tensorflow/issues/37876",),
    needs=("workload.callbacks", "phases"),
    uses=("functions",),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("without_callbacks", "predict_on_batch"),
)
