"""Layers run op by op, without a traced function."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold
from ..shared.thresholds import LEAST_SHARE

PYTHON_SHARE = Threshold(
    "PYTHON_SHARE",
    0.5,
    "part of running op by op that is neither ops nor kernels: below it the model itself is most of the "
    "time, and a graph gains less than a factor of two",
)

EAGER_LAYERS = Threshold(
    "EAGER_LAYERS",
    10,
    "layers called one by one: fewer cost below three milliseconds, which calls of any kind may take",
)

_LAYER = ("Layer.__call__", "Model.__call__", "Operation.__call__")

#: Events of running an op on the calling thread, and of starting one from Python.
_RUNNING = ("EagerLocalExecute", "KernelAndDeviceFunc")
_STARTING = ("EagerKernelExecute", "TFE_Py_FastPathExecute")


def judge(evidence: View) -> Answer:
    ns, share = float(evidence.ns("eager_execution")), evidence.share("eager_execution")
    if share < LEAST_SHARE:
        return NotFound(f"running layers op by op is {percent(share)} of the call")
    if evidence.workload("run_eagerly"):
        return NotFound("the model is set to run eagerly, which is a finding of its own")
    count = max(
        (internal.count_per_call for internal in evidence.internals if internal.qualname in _LAYER),
        default=0.0,
    )
    # Kernels take the same time in a graph; where they were traced they are not counted.
    events = [event for event in evidence.native if event.phase == "eager_execution"]
    kernels = sum(
        event.self_ns for event in events if event.thread == "calling" and event.event.startswith(_RUNNING)
    )
    other = sum(event.self_ns for event in events if event.thread == "other" and ":" in event.event)
    python = max(ns - kernels - other, 0.0)
    if python < PYTHON_SHARE * ns or count < EAGER_LAYERS:
        return NotFound(f"kernels are {percent(1 - python / ns)} of running {number(count)} layers op by op")
    ops = max(
        (event.count_per_call for event in evidence.native if event.event.startswith(_STARTING)), default=0.0
    )
    lines = [
        f"{number(count)} calls of layers a call, {milliseconds(python / count)} ms of Python for each",
        f"running ops takes {milliseconds(kernels + other)} ms of {milliseconds(ns)} ms",
    ]
    if ops:
        lines.append(f"{number(ops)} ops are started from Python one by one")
    return Found(
        "The model runs op by op: most of the call is Python between the ops ({cost} ms a call)",
        {"eager_execution": python},
        lines,
    )


RULE = Rule(
    id="eager_layers",
    title="Layers run op by op, without a traced function",
    meaning=(
        "model(x) outside of a tf.function runs each layer's Python code and starts each op by itself. For "
        "deep and recurrent models of small layers that Python takes most of the call: model(x) is then "
        "slower than predict_on_batch, and may be slower than predict."
    ),
    recognised=(
        "eager_execution has at least the least share of the call, most of it is neither ops nor kernels, "
        "and a call runs more layers than a handful."
    ),
    example="y = model(x)                         # op by op\n\nf = tf.function(model)\ny = f(x)",
    sources=("https://github.com/keras-team/keras/issues/22561", "https://www.tensorflow.org/guide/function"),
    needs=("workload.run_eagerly", "phases", "internals", "native"),
    judge=judge,
    thresholds=(LEAST_SHARE, PYTHON_SHARE, EAGER_LAYERS),
    recipes=("predict_on_batch", "function_open_batch", "function_fixed_signature"),
)
