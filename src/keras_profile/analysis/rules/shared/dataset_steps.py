"""The steps of a ``tf.data.Dataset``, from the workload."""

from __future__ import annotations

from msgspec import UNSET

from ....model.workload import DatasetStep
from ..evidence_view import View

#: The kinds of steps that make batches of elements.
BATCHING = ("Batch", "ParallelBatch", "MapAndBatch", "PaddedBatch")


def steps(evidence: View) -> list[DatasetStep]:
    """All steps, from the last to the first; empty if the input is not a dataset."""
    return evidence.workload("dataset") or []


def map_steps(evidence: View) -> list[DatasetStep]:
    """The steps that call a function for each element."""
    return [step for step in steps(evidence) if step.function is not UNSET]


def batch_size(evidence: View) -> int | None:
    """Rows per batch of the dataset; None if it makes no batches or that is unknown."""
    for step in steps(evidence):
        if step.kind in BATCHING:
            return step.batch_size or None
    return None
