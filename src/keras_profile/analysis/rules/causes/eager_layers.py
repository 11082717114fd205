"""Layers run op by op, without a traced function."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, Found, NotFound, Rule, Threshold
from ..shared.eager_ops import layer_calls, ops_ns
from ..shared.thresholds import LEAST_SHARE

PYTHON_SHARE = Threshold(
    "PYTHON_SHARE",
    0.5,
    "share of running op by op that is neither ops nor kernels: below it the model itself takes most of "
    "the time, and a graph gains less than a factor of two",
)

EAGER_LAYERS = Threshold(
    "EAGER_LAYERS",
    10,
    "layers called one by one: fewer cost less than 3 ms, which any kind of call may take",
)

#: Events that start an op from Python.
_STARTING = ("EagerKernelExecute", "TFE_Py_FastPathExecute")


def judge(evidence: View) -> Answer:
    ns, share = float(evidence.ns("eager_execution")), evidence.share("eager_execution")
    if share < LEAST_SHARE:
        return NotFound(f"running layers op by op is {percent(share)} of the call")
    if evidence.workload("run_eagerly"):
        return NotFound("the model is set to run eagerly, which is a separate finding")
    count = layer_calls(evidence)
    if count < EAGER_LAYERS:
        return NotFound(f"{number(count)} layers run op by op")
    in_ops = ops_ns(evidence)
    if in_ops is None:
        return CannotTell(missing_text("native"))
    python = max(ns - in_ops, 0.0)
    if python < PYTHON_SHARE * ns:
        return NotFound(f"ops are {percent(1 - python / ns)} of running {number(count)} layers op by op")
    lines = [
        f"{number(count)} layers are called per call, {milliseconds(python / count)} ms of Python for each",
        f"the ops themselves take {milliseconds(in_ops)} of {milliseconds(ns)} ms",
    ]
    started = _ops_started(evidence)
    if started:
        lines.append(f"{number(started)} ops are started from Python one by one")
    return Found(
        "The model runs op by op: most of the call is Python between the ops ({cost} ms a call)",
        {"eager_execution": python},
        lines,
    )


def _ops_started(evidence: View) -> float:
    """How many ops a call starts from Python; 0 if no trace shows it."""
    events = evidence.native if evidence.has("native") else []
    return max((one.count_per_call for one in events if one.event.startswith(_STARTING)), default=0.0)


RULE = Rule(
    id="eager_layers",
    title="Layers run op by op, without a traced function",
    meaning=(
        "model(x) outside a tf.function runs each layer's Python code and starts each op separately. In "
        "deep or recurrent models of small layers, that Python takes most of the call. model(x) is then "
        "slower than predict_on_batch, and may be slower than predict."
    ),
    advice="put the call into a `tf.function`, or use `predict_on_batch`",
    recognised=(
        "eager_execution takes at least LEAST_SHARE of the call, most of it is neither ops nor kernels, and "
        "a call runs at least EAGER_LAYERS layers."
    ),
    example="y = model(x)                         # op by op\n\nf = tf.function(model)\ny = f(x)",
    sources=("https://github.com/keras-team/keras/issues/22561", "https://www.tensorflow.org/guide/function"),
    needs=("workload.run_eagerly", "phases", "internals"),
    uses=("native", "functions"),
    judge=judge,
    thresholds=(LEAST_SHARE, PYTHON_SHARE, EAGER_LAYERS),
    recipes=("predict_on_batch", "function_open_batch", "function_fixed_signature"),
)
