"""The model saved, and loaded without compiling it."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import reloaded, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [Change("load_model(compile=False)", user_call(usage, model="fast"), setup=reloaded(usage))]


def obstacle(usage: Usage) -> str | None:
    return None if usage.compiled else "the model is not compiled"


RECIPE = Recipe(
    "loaded_uncompiled",
    "the model loaded with compile=False",
    "The same as rebuilding it without compile(): it helps in TensorFlow 2.0 only.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    any_backend=True,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    harmless=True,
)
