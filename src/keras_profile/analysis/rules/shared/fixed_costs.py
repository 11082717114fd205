"""What a call costs however many rows it is given."""

from __future__ import annotations

from ..evidence_view import View
from .batches import PER_BATCH, batches
from .layer_kernels import beside_kernels

#: Phases that exist only for the pipeline; tracing is added as far as it is the pipeline's.
PIPELINE = ("dataset_building", "iterator_creation", "data_adapter", "input_standardization", "teardown")

_FIXED = tuple(
    dict.fromkeys(
        (*PIPELINE, *PER_BATCH, "entry", "function_building", "progress_bar", "state_reset", "batch_fetching")
    )
)


def fixed_claims(evidence: View, calls: int) -> dict[str, float]:
    """What one call in place of ``calls`` would not have, ns by phase; of tracing the pipelines' alone."""
    kept = 1.0 - 1.0 / calls
    claims = {phase: evidence.ns(phase) * kept for phase in _FIXED}
    claims["function_tracing"] = evidence.spans.pipeline_tracing_share * evidence.total_ns * kept
    # Op by op a model of few rows is Python between the ops.
    claims["eager_execution"] = evidence.ns("eager_execution") * kept
    execution = beside_kernels(evidence)
    if execution is not None and batches(evidence):
        claims["execution"] = execution * kept
    return claims


def with_rows(rows: int | None) -> str:
    """How many rows a call is given, in words that follow it; nothing where that is not known."""
    return "" if rows is None else f" with {rows} row{'' if rows == 1 else 's'}"
