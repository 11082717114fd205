"""The model runs eagerly by a setting."""

from __future__ import annotations

from ....wording import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    everywhere = bool(evidence.workload("functions_run_eagerly"))
    if not evidence.workload("run_eagerly") and not everywhere:
        return NotFound("neither the model nor tf.function is set to run eagerly")
    ns, share = evidence.ns("eager_execution"), evidence.share("eager_execution")
    if share < LEAST_SHARE:
        return NotFound(f"running layers op by op is {percent(share)} of the call")
    setting = (
        "tf.config.run_functions_eagerly(True) is set for the whole process"
        if everywhere
        else ("the model has run_eagerly=True")
    )
    lines = [setting, f"eager_execution: {milliseconds(ns)} ms, {percent(share)} of the call"]
    layers = [one for one in evidence.internals if one.qualname in ("Layer.__call__", "Operation.__call__")]
    lines += [f"{one.qualname} runs {number(one.count_per_call)} times a call" for one in layers[:1]]
    claims = {"eager_execution": float(ns)}
    return Found(
        "The model runs op by op, since functions are set to run eagerly ({cost} ms a call)"
        if everywhere
        else "The model runs op by op, since run_eagerly is on ({cost} ms a call)",
        claims,
        lines,
    )


RULE = Rule(
    id="run_eagerly",
    title="The model runs eagerly by a setting",
    meaning=(
        "run_eagerly=True and tf.config.run_functions_eagerly(True) are for finding mistakes: layers "
        "run as Python, op by op, in place of one traced graph."
    ),
    recognised="One of the settings is on, and eager_execution has at least the least share of the call.",
    example="model.compile(run_eagerly=True)      # left on after debugging\n\nmodel.compile()",
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/config/run_functions_eagerly",
        "https://github.com/USGS-R/river-dl/pull/109",
    ),
    needs=("workload.run_eagerly", "workload.functions_run_eagerly", "phases", "internals"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("run_eagerly_off", "function_open_batch"),
)
