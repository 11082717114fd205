"""The model compiled by XLA is slower than TensorFlow's own kernels."""

from __future__ import annotations

from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule, Threshold
from ..shared.claiming import claim, time_line
from ..shared.thresholds import LEAST_SHARE

EXECUTION_SHARE = Threshold(
    "EXECUTION_SHARE",
    0.30,
    "share of the call that running the model must take for its compiler to matter",
)

#: The recipe that makes the call without XLA.
_TRIAL = "xla_off"


def judge(evidence: View) -> Answer:
    setting = _setting(evidence)
    if setting is None:
        return NotFound("the model is not compiled by XLA (jit_compile is off)")
    share = evidence.share("execution")
    if share < EXECUTION_SHARE:
        return NotFound(f"running the model is {percent(share)} of the call")
    compared = evidence.comparisons if evidence.has("comparisons") else []
    trial = next((one for one in compared if one.recipe == _TRIAL), None)
    runs = f"{setting}, and {percent(share)} of the call runs XLA's program"
    if trial is None:
        return CannotTell(f"a trial without XLA: {runs}")
    if trial.after_ns is None or trial.speedup is None or trial.verdict == "cannot_tell":
        return CannotTell(f"another trial without XLA, since the one that was made is not sure: {runs}")
    if trial.verdict != "faster":
        return NotFound(
            f"{setting}, but without it the call is not faster: {trial.verdict.replace('_', ' ')}"
        )
    saved = min(evidence.total_ns * (1 - 1 / trial.speedup), evidence.ns("execution"))
    low, high = trial.speedup_ci99 or (trial.speedup, trial.speedup)
    return claim(
        evidence,
        {"execution": saved},
        "the time that XLA adds is",
        title="The model compiled by XLA is slower here than TensorFlow's own kernels ({cost} ms a call)",
        lines=[
            setting,
            time_line(evidence, "execution, almost all of it one XLA program", evidence.ns("execution")),
            (
                f"the call takes {milliseconds(trial.before_ns)} ms with XLA and "
                f"{milliseconds(trial.after_ns)} without it"
            ),
            "the layer is not known: in an XLA program, kernels carry no layer's name",
        ],
        sure=f"measured in turn, {low:.3g} to {high:.3g} times as fast without it (99% CI)",
    )


def _setting(evidence: View) -> str | None:
    """What makes XLA compile the model; None if nothing does."""
    if evidence.workload("jit_compile"):
        return "the model has jit_compile=True"
    if evidence.workload("switches").jit_everywhere:
        return "tf.config.optimizer.set_jit(True) is set"
    return None


RULE = Rule(
    id="xla_slower",
    title="XLA is slower than TensorFlow's own kernels",
    meaning=(
        "jit_compile=True makes XLA compile the model into one program. That often helps. On a CPU, some "
        "ops, such as depthwise convolution and pooling, take many times as long as TensorFlow's own "
        "kernels, and the program does not spread over processors as these do."
    ),
    advice="compile the model with `jit_compile=False`",
    recognised=(
        "jit_compile is on, running the model takes at least EXECUTION_SHARE of the call, and the recipe "
        "that calls the model without XLA was tried and is surely faster."
    ),
    example="model.compile(jit_compile=True)        # from a GPU\n\nmodel.compile(jit_compile=False)",
    sources=(
        "https://github.com/tensorflow/tensorflow/issues/58142",
        "https://openxla.org/xla/tf2xla/known_issues",
    ),
    needs=("workload.jit_compile", "workload.switches", "phases"),
    uses=("comparisons",),
    judge=judge,
    thresholds=(EXECUTION_SHARE, LEAST_SHARE),
    recipes=("xla_off",),
)
