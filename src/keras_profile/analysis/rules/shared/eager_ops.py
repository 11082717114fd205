"""Layers that run op by op: how many, and how much of that is Python between the ops."""

from __future__ import annotations

from ..evidence_view import View
from .thresholds import LEAST_SHARE

#: Methods that are called once for each layer, by generation.
LAYER_CALLS = ("Layer.__call__", "Model.__call__", "Operation.__call__")

#: Events of running an op on the calling thread.
_RUNNING = ("EagerLocalExecute", "KernelAndDeviceFunc")
#: The functions that Python calls to run an op, as cProfile names them.
_OPS_OF_PYTHON = ("TFE_Py_FastPathExecute", "TFE_Py_Execute")
#: cProfile slows Python and hardly what Python calls, up to so much: scaled back, ops look shorter.
_SLOWED = 2.0


def layer_calls(evidence: View) -> float:
    """How many layers a call calls one by one."""
    return max((one.count_per_call for one in evidence.internals if one.qualname in LAYER_CALLS), default=0.0)


def ops_ns(evidence: View) -> float | None:
    """The ns of running op by op that ops and kernels take, at most; None where no capture tells.

    They take as long in a graph.
    """
    if evidence.has("native"):
        events = [event for event in evidence.native if event.phase == "eager_execution"]
        calling = [one for one in events if one.thread == "calling" and one.event.startswith(_RUNNING)]
        other = [one for one in events if one.thread == "other" and ":" in one.event]
        return float(sum(one.self_ns for one in (*calling, *other)))
    if evidence.has("functions"):
        starting = [
            one.total_ns for one in evidence.functions if any(name in one.name for name in _OPS_OF_PYTHON)
        ]
        return _SLOWED * sum(starting) if starting else None
    return None


def is_eager_unknown(evidence: View) -> bool:
    """Whether much of the call runs op by op, and no capture tells what of that is Python."""
    return evidence.share("eager_execution") >= LEAST_SHARE and ops_ns(evidence) is None


def python_ns(evidence: View) -> float | None:
    """The ns of running op by op that are Python between the ops; None where no capture tells."""
    ops = ops_ns(evidence)
    return None if ops is None else max(evidence.ns("eager_execution") - ops, 0.0)
