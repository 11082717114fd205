"""The time in which a call waits for its batches."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import CannotTell
from .batches import batches
from .layer_kernels import beside_kernels

#: Events of a pipeline's last stage, where that waits for threads of its own.
_LAST_STAGES = tuple(
    f"Iterator::Root::{stage}"
    for stage in ("Prefetch", "MapAndBatch", "ParallelMap", "ParallelMapV2", "ParallelBatch")
)


def waiting_claims(evidence: View) -> dict[str, float] | CannotTell:
    """The ns in which a call waits for its batches, by phase.

    Keras 3 fetches a batch before it runs the model. Keras 2 fetches it within the traced
    function: waiting is then the time of the pipeline's last stage, where that only hands
    over what other threads made, and else what no kernel of a layer accounts for.
    """
    fetching = {"batch_fetching": float(evidence.ns("batch_fetching"))}
    # The first batch alone is fetched apart where Keras 2 looks at it for its shape.
    if evidence.count("batch_fetching") and evidence.count("batch_fetching") >= batches(evidence) - 0.5:
        return fetching
    handing_over = [
        event.self_ns
        for event in (evidence.native if evidence.has("native") else [])
        if event.thread == "other" and event.phase == "execution" and event.event in _LAST_STAGES
    ]
    if handing_over:
        return {**fetching, "execution": float(sum(handing_over))}
    execution = beside_kernels(evidence)
    if execution is not None:
        return {**fetching, "execution": execution}
    return CannotTell("the tensorflow capture (this release fetches batches within the traced function)")
