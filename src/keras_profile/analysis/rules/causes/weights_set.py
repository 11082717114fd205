"""Weights are set for each call."""

from __future__ import annotations

from ....model.workload import CallSite, ModelObjects
from ....number_words import milliseconds, number, percent
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, Found, NotFound, Rule, Threshold
from ..shared.thresholds import LEAST_SHARE, MANY_CALLS

CALLS_PER_SETTING = Threshold(
    "CALLS_PER_SETTING",
    2,
    "calls at most between two settings of the weights, if each candidate has its own: weights set once, or "
    "after training, serve many calls",
)


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites:
        return CannotTell(missing_text("workload.call_sites"))
    if not evidence.has("workload.models"):
        return CannotTell(missing_text("workload.models"))
    models: ModelObjects = evidence.workload("models")
    setting = [one for one in models.weights_set if one.count >= MANY_CALLS]
    if not setting:
        return NotFound("set_weights is not called again and again outside the calls")
    first = max(setting, key=lambda one: one.count * one.median_ns)
    if models.calls > CALLS_PER_SETTING * first.count:
        return NotFound(f"set_weights is called {number(first.count)} times for {number(models.calls)} calls")
    share = evidence.of_call(first.median_ns)
    if share < LEAST_SHARE:
        return NotFound(f"set_weights takes {percent(share)} of a call's time")
    return Found(
        f"Weights are set every call or two, {number(first.count)} times in {number(models.calls)} calls: "
        f"{milliseconds(first.median_ns)} ms each, next to calls of {milliseconds(evidence.total_ns)} ms",
        {},
        [
            (
                f"set_weights was called {number(first.count)} times at {first.where or 'an unknown line'}, "
                f"{milliseconds(first.median_ns)} ms each, outside the calls"
            ),
            f"it copies every array into a variable, which adds {percent(share)} of a call's time",
            (
                "keep one model per candidate, or assign only what changes; many small candidates can run as "
                "one product of stacked weights, in one call (tf.vectorized_map or einsum)"
            ),
        ],
        where=first.where,
        sure=f"counted: {number(first.count)} times",
    )


RULE = Rule(
    id="weights_set",
    title="Weights are set for each call",
    meaning=(
        "set_weights copies all arrays into the model's variables, one op a variable. If a search tries many "
        "candidates on few rows, copying takes as long as calling, and each candidate also pays the fixed "
        "cost of a call."
    ),
    advice=(
        "keep one model for each set of weights, or stack the weights and run all sets in one `tf.function`"
    ),
    recognised=(
        "In a recording of a whole program, set_weights runs about as often as the calls of a line, outside "
        "them, and takes at least LEAST_SHARE of a call. It is not part of the calls and has no cost in "
        "them."
    ),
    example=(
        "for weights in population:\n    model.set_weights(weights)\n    scores.append(model.predict(x))\n\n"
        "def run(weights):                     # a function of the weights, for all candidates at once\n"
        "    return forward(weights, x)\nscores = tf.vectorized_map(run, stacked)"
    ),
    sources=(
        "https://keras.io/api/layers/base_layer/",
        "https://github.com/ahmedfgad/GeneticAlgorithmPython",
    ),
    needs=("workload.call_sites", "calls"),
    uses=("workload.models",),
    judge=judge,
    thresholds=(CALLS_PER_SETTING, MANY_CALLS, LEAST_SHARE),
)
