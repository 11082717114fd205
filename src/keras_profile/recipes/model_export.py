"""Shared by the recipes that export the model to another runtime."""

from __future__ import annotations

from .usage import Usage


def obstacle(usage: Usage) -> str | None:
    """Runtimes name and order inputs in their own way: only with one of each is the order certain."""
    if not usage.one_input or not usage.one_output or len(usage.model_dtypes) != 1:
        return "the model does not have exactly one input and one output"
    return None


def as_model_dtype(usage: Usage) -> str:
    """``x`` as an array of the dtype that the exported model takes."""
    return "np.asarray(x, {!r})".format(usage.model_dtypes[0])
