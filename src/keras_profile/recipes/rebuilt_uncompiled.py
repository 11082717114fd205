"""A copy of the model that is not compiled."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import cloned, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [Change("rebuilt without compile()", user_call(usage, model="fast"), setup=cloned(usage))]


def obstacle(usage: Usage) -> str | None:
    return None if usage.compiled else "the model is not compiled"


RECIPE = Recipe(
    "rebuilt_uncompiled",
    "the model rebuilt without compile(), with its weights",
    "In TensorFlow 2.0 compile() sends predict through a slower path, and an uncompiled model is ten times "
    "faster. No later release does that.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    any_backend=True,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    harmless=True,
)
