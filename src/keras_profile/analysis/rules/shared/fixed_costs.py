"""The fixed cost of a call, however many rows it has."""

from __future__ import annotations

from collections.abc import Sequence

from ....model.workload import Input
from ..evidence_view import View
from .batches import PER_BATCH, batches
from .eager_ops import python_ns
from .graph_loops import between_ops_ns

#: Phases that exist only for the pipeline; the pipeline's part of tracing is added.
PIPELINE = ("dataset_building", "iterator_creation", "data_adapter", "input_standardization", "teardown")

_FIXED = tuple(
    dict.fromkeys((*PIPELINE, *PER_BATCH, "entry", "function_building", "progress_bar", "state_reset"))
)
#: A rule that uses fixed costs must declare these.
NEEDS = ("workload.inputs", "spans", "phases", "internals")
USES = ("layers", "native", "functions", "workload.cold_traces")


def fixed_claims(evidence: View, calls: int) -> dict[str, float]:
    """What one call instead of ``calls`` would save, ns by phase; of tracing only the pipelines'."""
    kept = 1.0 - 1.0 / calls
    claims = {phase: evidence.ns(phase) * kept for phase in _FIXED}
    claims["function_tracing"] = evidence.spans.pipeline_tracing_share * evidence.total_ns * kept
    # Batches that the user's code makes are waited for, however many calls take them.
    inputs: list[Input] = evidence.workload("inputs")
    if inputs and inputs[0].kind in ("array", "tensor"):
        claims["batch_fetching"] = evidence.ns("batch_fetching") * kept
    claims["eager_execution"] = (python_ns(evidence) or 0.0) * kept
    execution = between_ops_ns(evidence)
    if execution is not None and batches(evidence):
        claims["execution"] = execution * kept
    return claims


def with_rows(rows: int | None, row_range: Sequence[int] | None = None) -> str:
    """The rows of a call as a clause, such as " with 32 rows"; empty if not known."""
    if rows is None and row_range is not None:
        return f" with {row_range[0]} to {row_range[1]} rows"
    return "" if rows is None else f" with {rows} row{'' if rows == 1 else 's'}"
