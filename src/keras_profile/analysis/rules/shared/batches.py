"""The batches of a call, and the cost of each beside the model."""

from __future__ import annotations

from ..evidence_view import View
from .layer_kernels import beside_kernels
from .thresholds import PER_BATCH_NS

#: Phases entered once per batch, whose time hardly depends on its rows.
PER_BATCH = ("dispatch", "callbacks", "loop", "output_assembly", "synchronization", "distribution")


def batches(evidence: View) -> float:
    """How many batches the median call runs."""
    return evidence.count("execution") + evidence.count("eager_execution")


def per_batch_claims(evidence: View) -> dict[str, float]:
    """What one batch instead of many would save at least: ns by phase.

    Of execution it is the time outside kernels, if kernels were traced. A batch claims no more
    than fixed costs can be.
    """
    kept = 1.0 - 1.0 / max(batches(evidence), 1.0)
    claims = {phase: evidence.ns(phase) * kept for phase in (*PER_BATCH, "batch_fetching")}
    execution = beside_kernels(evidence)
    if execution is not None:
        claims["execution"] = execution * kept
    # Time beyond that is not fixed cost: kernels wait for memory and for each other.
    most = PER_BATCH_NS * batches(evidence)
    scale = min(1.0, most / max(sum(claims.values()), 1.0))
    return {phase: ns * scale for phase, ns in claims.items()}
