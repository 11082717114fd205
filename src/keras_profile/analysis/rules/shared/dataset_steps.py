"""The steps of a ``tf.data.Dataset``, as the workload has them."""

from __future__ import annotations

from msgspec import UNSET

from ....model.workload import DatasetStep
from ..evidence_view import View

#: The kinds of steps that make batches of elements.
BATCHING = ("Batch", "ParallelBatch", "MapAndBatch", "PaddedBatch")


def steps(evidence: View) -> list[DatasetStep]:
    """All steps, in the order of the data; none where the input is no dataset."""
    return evidence.workload("dataset") or []


def map_steps(evidence: View) -> list[DatasetStep]:
    """The steps that call a function for each element."""
    return [step for step in steps(evidence) if step.function is not UNSET]


def batch_size(evidence: View) -> int | None:
    """Rows of the batches that the dataset makes; None where it makes none or that is unknown."""
    for step in steps(evidence):
        if step.kind in BATCHING:
            return step.batch_size or None
    return None
