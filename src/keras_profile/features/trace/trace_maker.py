"""Which program made a trace, and of what: by the names of its events."""

from __future__ import annotations

import re

from ...model.trace import FUNCTION_CALL, STEP_NUMBER, Trace
from ...recorder.protocol import ANNOTATION_PREFIX
from .trace_partition import is_single_op, kernel_op, phase_of_event

#: The programs whose traces are divided.
TENSORFLOW, JAX = "tensorflow", "jax"

#: What JAX calls to run a compiled function, and the Python functions that a trace has of it.
_OF_JAX = re.compile(r"PjitFunction\(|PjRt|PJRT_|TfrtCpu|\$(jax/|pjit\.py|api\.py)")
#: Ops and functions that only training has: gradients, an optimizer, Keras' step.
_OF_TRAINING = re.compile(
    r"(^|.*[/_:])(gradient_tape|train_function|train_step|(Resource)?Apply(Adam|GradientDescent|RMSProp|Momentum|"
    r"Adagrad\w*)|(RMSprop|Adam|SGD)/)"
)


def maker(trace: Trace) -> str | None:
    """Which program made the trace; None if no event is known."""
    if any(_OF_JAX.match(name) for name in trace.names):
        return JAX
    if any(trace.bearing.get(stat) for stat in (FUNCTION_CALL, STEP_NUMBER)):
        return TENSORFLOW
    known = any(
        name.startswith(ANNOTATION_PREFIX) or phase_of_event(name) or is_single_op(name) or kernel_op(name)
        for name in trace.names
    )
    # A trace of host threads alone may have Python's functions only; it is TensorFlow's by its format.
    return TENSORFLOW if known or not trace.source.endswith((".json", ".json.gz")) else None


def is_training(trace: Trace) -> bool:
    """Whether the trace has gradients or an optimizer."""
    return any(_OF_TRAINING.match(name) for name in trace.names)
