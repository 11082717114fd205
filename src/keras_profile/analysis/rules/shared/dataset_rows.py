"""How many elements of a `tf.data.Dataset`'s steps a call makes and takes."""

from __future__ import annotations

from msgspec import UNSET

from ....model.workload import DatasetStep
from ..evidence_view import View
from .dataset_steps import BATCHING


def taken(evidence: View, later: list[DatasetStep]) -> int | None:
    """Elements that a call takes from a step at most; None if it takes all.

    ``later`` are the steps after it, from the last to the first. A call stops at its ``steps``, and
    a `take` after the step stops before.
    """
    steps = evidence.workload("steps")
    wanted = int(steps) if isinstance(steps, int) else None
    for step in later:
        if step.kind == "Take" and step.count is not UNSET and step.count >= 0:
            wanted = step.count if wanted is None else min(wanted, step.count)
        elif step.kind in BATCHING and step.batch_size is not UNSET and wanted is not None:
            wanted *= step.batch_size
    return wanted


def known(elements: int | object | None) -> int | None:
    """The number of elements if it is known and finite, else None."""
    return elements if isinstance(elements, int) and elements >= 0 else None
