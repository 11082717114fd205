"""What a call costs however many rows it is given."""

from __future__ import annotations

from collections.abc import Sequence

from ....model.workload import Input
from ..evidence_view import View
from .batches import PER_BATCH, batches
from .eager_ops import python_ns
from .graph_loops import between_ops_ns

#: Phases that exist only for the pipeline; tracing is added as far as it is the pipeline's.
PIPELINE = ("dataset_building", "iterator_creation", "data_adapter", "input_standardization", "teardown")

_FIXED = tuple(
    dict.fromkeys((*PIPELINE, *PER_BATCH, "entry", "function_building", "progress_bar", "state_reset"))
)
#: What a rule that asks for fixed costs must declare.
NEEDS = ("workload.inputs", "spans", "phases", "internals")
USES = ("layers", "native", "functions", "workload.cold_traces")


def fixed_claims(evidence: View, calls: int) -> dict[str, float]:
    """What one call in place of ``calls`` would not have, ns by phase; of tracing the pipelines' alone."""
    kept = 1.0 - 1.0 / calls
    claims = {phase: evidence.ns(phase) * kept for phase in _FIXED}
    claims["function_tracing"] = evidence.spans.pipeline_tracing_share * evidence.total_ns * kept
    # Batches of the user's own making are waited for, however many calls they are given to.
    inputs: list[Input] = evidence.workload("inputs")
    if inputs and inputs[0].kind in ("array", "tensor"):
        claims["batch_fetching"] = evidence.ns("batch_fetching") * kept
    claims["eager_execution"] = (python_ns(evidence) or 0.0) * kept
    execution = between_ops_ns(evidence)
    if execution is not None and batches(evidence):
        claims["execution"] = execution * kept
    return claims


def with_rows(rows: int | None, row_range: Sequence[int] | None = None) -> str:
    """How many rows a call is given, in words that follow it; nothing where that is not known."""
    if rows is None and row_range is not None:
        return f" with {row_range[0]} to {row_range[1]} rows"
    return "" if rows is None else f" with {rows} row{'' if rows == 1 else 's'}"
