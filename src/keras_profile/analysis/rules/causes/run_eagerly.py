"""A setting makes the model run eagerly."""

from __future__ import annotations

from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared.claiming import claim, phase_lines
from ..shared.thresholds import LEAST_SHARE

_LAYER = ("Layer.__call__", "Operation.__call__")


def judge(evidence: View) -> Answer:
    if evidence.workload("functions_run_eagerly"):
        setting = "tf.config.run_functions_eagerly(True) is set for the whole process"
        reason = "functions are set to run eagerly"
    elif evidence.workload("run_eagerly"):
        setting = "the model has run_eagerly=True"
        reason = "run_eagerly is on"
    else:
        return NotFound("neither the model nor tf.function is set to run eagerly")
    claims = {"eager_execution": float(evidence.ns("eager_execution"))}
    if evidence.workload("functions_run_eagerly"):
        # The function's Python runs in the dispatch that otherwise looks up its graph.
        claims["dispatch"] = float(evidence.ns("dispatch"))
    layers = [internal for internal in evidence.internals if internal.qualname in _LAYER]
    return claim(
        evidence,
        claims,
        "running layers op by op is",
        title=f"The model runs op by op, because {reason} ({{cost}} ms a call)",
        lines=[
            setting,
            *phase_lines(evidence, claims),
            *(f"{layer.qualname} runs {number(layer.count_per_call)} times a call" for layer in layers[:1]),
        ],
    )


RULE = Rule(
    id="run_eagerly",
    title="A setting makes the model run eagerly",
    meaning=(
        "run_eagerly=True and tf.config.run_functions_eagerly(True) are for debugging: layers run as Python, "
        "op by op, instead of as one traced graph."
    ),
    advice="remove `run_eagerly=True` and `tf.config.run_functions_eagerly(True)`",
    recognised=(
        "One of the settings is on, and eager_execution takes at least LEAST_SHARE of the call. If functions "
        "are set to run eagerly, dispatch counts too: their Python then runs in it."
    ),
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
