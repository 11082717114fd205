"""The model saved, and loaded without compiling it."""
from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .snippets import keras_import, lines, user_call


def changes(usage):
    # The .keras format came with Keras 2.12 and is complete since 2.13.
    file = "model.keras" if usage.keras_version >= (2, 13) else "model.h5"
    return [Change(
        "load_model(compile=False)", user_call(usage, model="fast"),
        setup=lines(keras_import(usage), "", "model.save({!r})".format(file),
                    "fast = keras.models.load_model({!r}, compile=False)".format(file)))]


def obstacle(usage):
    return None if usage.compiled else "the model is not compiled"


RECIPE = Recipe(
    "loaded_uncompiled", "the model loaded with compile=False",
    "The same as rebuilding it without compile(): a gain in TensorFlow 2.0 alone.",
    changes, obstacle, where=ON_COPY, any_backend=True,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"))
