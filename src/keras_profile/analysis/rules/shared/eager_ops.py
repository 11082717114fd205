"""Layers that run op by op: how many, and how much of that is Python between the ops."""

from __future__ import annotations

from ..evidence_view import View
from .thresholds import LEAST_SHARE

#: Methods called once for each layer, by generation.
LAYER_CALLS = ("Layer.__call__", "Model.__call__", "Operation.__call__")

#: Events of running an op on the calling thread.
_RUNNING = ("EagerLocalExecute", "KernelAndDeviceFunc")
#: The functions through which Python runs an op, as cProfile names them.
_OPS_OF_PYTHON = ("TFE_Py_FastPathExecute", "TFE_Py_Execute")
#: cProfile slows Python by up to this factor, but hardly the ops: scaled back, ops look shorter.
_SLOWED = 2.0


def layer_calls(evidence: View) -> float:
    """How many layers are called one by one per call."""
    return max((one.count_per_call for one in evidence.internals if one.qualname in LAYER_CALLS), default=0.0)


def ops_ns(evidence: View) -> float | None:
    """The part of ``eager_execution`` in ops and kernels, in ns, at most; None if no capture shows it.

    They would take as long in a graph.
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
    """Whether much of the call runs op by op, and no capture shows how much of it is Python."""
    return evidence.share("eager_execution") >= LEAST_SHARE and ops_ns(evidence) is None


def python_ns(evidence: View) -> float | None:
    """The part of ``eager_execution`` in Python between ops, in ns; None if no capture shows it."""
    ops = ops_ns(evidence)
    return None if ops is None else max(evidence.ns("eager_execution") - ops, 0.0)
