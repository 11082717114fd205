"""Whether a program's line calls a new model each time."""

from __future__ import annotations

from ....model.workload import DataFlow, ModelObjects
from ..evidence_view import View
from .thresholds import CALLS_PER_MODEL, MANY_CALLS


def new_models(evidence: View) -> ModelObjects | None:
    """The models of the calls if every call or two gets a new one; None if models are kept, or not known."""
    models: ModelObjects | None = evidence.workload("models") if evidence.has("workload.models") else None
    return models if models is not None and are_new(models) else None


def are_new(models: ModelObjects) -> bool:
    """Whether there are nearly as many models as calls, and many of both."""
    return models.objects >= MANY_CALLS and models.calls <= CALLS_PER_MODEL * models.objects


def get_the_same_input(flow: DataFlow | None) -> bool:
    """Whether most calls get the input of the call before: then new models are those of an ensemble."""
    return flow is not None and flow.calls > 0 and flow.same_input * 2 > flow.calls
