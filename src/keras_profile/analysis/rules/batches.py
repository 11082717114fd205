"""What a call spends on each batch beside the model: shared by the rules about batches."""

from __future__ import annotations

from . import thresholds
from .evidence_view import View
from .rule import CannotTell

#: Phases that a call enters for each batch and whose time hardly depends on its rows.
PER_BATCH = ("dispatch", "callbacks", "loop", "output_assembly", "synchronization", "distribution")
#: Events of a pipeline's last stage, where that waits for threads of its own.
_LAST_STAGES = tuple(
    f"Iterator::Root::{stage}"
    for stage in ("Prefetch", "MapAndBatch", "ParallelMap", "ParallelMapV2", "ParallelBatch")
)


def batches(evidence: View) -> float:
    """How many batches the median call runs."""
    return evidence.count("execution") + evidence.count("eager_execution")


def per_batch_claims(evidence: View, with_fetching: bool) -> dict[str, float]:
    """What would be gone with one batch in place of many, at least: ns by phase.

    Of execution it is what no kernel accounts for, where kernels were traced. Waiting for
    batches is counted ``with_fetching``, where it comes from their number. A batch claims no
    more than fixed costs can be.
    """
    kept = 1.0 - 1.0 / max(batches(evidence), 1.0)
    phases = (*PER_BATCH, "batch_fetching") if with_fetching else PER_BATCH
    claims = {phase: evidence.ns(phase) * kept for phase in phases}
    if evidence.has("layers") and evidence.layers:
        kernels = sum(layer.self_ns for layer in evidence.layers)
        claims["execution"] = max(evidence.ns("execution") - kernels, 0) * kept
    # Beyond that it is no fixed cost of a batch: kernels wait for memory and for each other.
    most = thresholds.PER_BATCH_NS * batches(evidence)
    scale = min(1.0, most / max(sum(claims.values()), 1.0))
    return {phase: ns * scale for phase, ns in claims.items()}


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
        one.self_ns
        for one in (evidence.native if evidence.has("native") else [])
        if one.thread == "other" and one.phase == "execution" and one.event in _LAST_STAGES
    ]
    if handing_over:
        return {**fetching, "execution": float(sum(handing_over))}
    if evidence.has("layers") and evidence.layers:
        kernels = sum(layer.self_ns for layer in evidence.layers)
        return {**fetching, "execution": float(max(evidence.ns("execution") - kernels, 0))}
    return CannotTell("the tensorflow capture (this release fetches batches within the traced function)")


def batch_size_of_dataset(evidence: View) -> int | None:
    """The size of the batches of a ``tf.data.Dataset``, None if it makes none or it is unknown."""
    for step in evidence.workload("dataset"):
        if step["kind"] in ("Batch", "ParallelBatch", "MapAndBatch", "PaddedBatch"):
            size = step.get("batch_size")
            return None if size is None else int(size)
    return None


def map_steps(evidence: View) -> list[dict[str, object]]:
    """The steps of the dataset that call a function for each element."""
    return [step for step in evidence.workload("dataset") or [] if "function" in step]
