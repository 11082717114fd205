"""The steps of a ``tf.data.Dataset``, as the workload has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evidence_view import View

#: The kinds of steps that make batches of elements.
BATCHING = ("Batch", "ParallelBatch", "MapAndBatch", "PaddedBatch")


def steps(evidence: View) -> list[Mapping[str, Any]]:
    """All steps, in the order of the data; none where the input is no dataset."""
    return evidence.workload("dataset") or []


def map_steps(evidence: View) -> list[Mapping[str, Any]]:
    """The steps that call a function for each element."""
    return [step for step in steps(evidence) if "function" in step]


def batch_size(evidence: View) -> int | None:
    """Rows of the batches that the dataset makes; None where it makes none or that is unknown."""
    for step in steps(evidence):
        if step["kind"] in BATCHING:
            size = step.get("batch_size")
            return None if size is None else int(size)
    return None
