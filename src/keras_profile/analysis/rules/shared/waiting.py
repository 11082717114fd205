"""The time that a call waits for its batches."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import CannotTell
from .batches import batches
from .layer_kernels import beside_kernels

#: Events of a pipeline's last stage when it waits for its own threads.
_LAST_STAGES = tuple(
    f"Iterator::Root::{stage}"
    for stage in ("Prefetch", "MapAndBatch", "ParallelMap", "ParallelMapV2", "ParallelBatch")
)


def waiting_claims(evidence: View) -> dict[str, float] | CannotTell:
    """The ns that a call waits for its batches, by phase.

    Keras 3 fetches a batch before it runs the model. Keras 2 fetches it inside the traced function.
    Waiting is then the time of the pipeline's last stage, if that only hands over batches that other
    threads made, and otherwise the time of execution outside the layers' kernels.
    """
    fetching = {"batch_fetching": float(evidence.ns("batch_fetching"))}
    # Keras 2 fetches only the first batch separately, to look at its shape.
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
    return CannotTell("the tensorflow capture (this release fetches batches inside the traced function)")
