"""What is traced for an input pipeline, and not for the model."""

from __future__ import annotations

from ....model.workload import TracedFunction
from ..evidence_view import View


def traces_for_pipelines_alone(evidence: View) -> bool:
    """Whether all that a warm call was seen to trace was for its pipeline.

    Under a strategy functions are traced for each device that are no internals: spans alone do not
    tell them from the model's.
    """
    calls: list[list[TracedFunction]]
    calls = evidence.workload("traced") if evidence.has("workload.traced") else []
    traced = [trace for call in calls for trace in call]
    return bool(traced) and all(trace.pipeline for trace in traced)
