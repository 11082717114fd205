"""Tracing for an input pipeline, as opposed to the model."""

from __future__ import annotations

from ....model.workload import TracedFunction
from ..evidence_view import View


def traces_for_pipelines_alone(evidence: View) -> bool:
    """Whether warm calls traced functions for their pipeline only.

    Under a strategy, functions that are no internals are traced for each device: spans alone cannot
    distinguish them from the model's.
    """
    calls: list[list[TracedFunction]]
    calls = evidence.workload("traced") if evidence.has("workload.traced") else []
    traced = [trace for call in calls for trace in call]
    return bool(traced) and all(trace.pipeline for trace in traced)
