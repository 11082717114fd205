"""How much longer a call takes in the program than replayed alone."""

from __future__ import annotations

from ....model.workload import InProgram
from ..evidence_view import View
from .thresholds import LEAST_TIMED_CALLS, SLOWER_NS, SLOWER_TIMES


def extra_ns(found: InProgram) -> int | None:
    """How much longer the median call of the program takes; 0 if not clearly longer, None if not known."""
    within, alone = found.warm_ns, found.again_ns
    if within is None or alone is None or found.warm_calls < LEAST_TIMED_CALLS:
        return None
    if within < SLOWER_TIMES * alone or within - alone < SLOWER_NS:
        return 0
    return within - alone


def compiles_each_shape(evidence: View) -> bool:
    """Whether XLA compiles the model, and more than half of the noted calls have a new shape.

    A rule that asks must use ``workload.jit_compile`` and ``workload.input_shapes``.
    """
    if not all(evidence.has(f"workload.{key}") for key in ("jit_compile", "input_shapes")):
        return False
    noted = [str(call) for call in evidence.workload("input_shapes")]
    return bool(evidence.workload("jit_compile")) and len(set(noted)) > max(1, len(noted) / 2)
