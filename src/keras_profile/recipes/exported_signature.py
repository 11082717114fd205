"""The model exported, and its serving signature called."""
from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .snippets import TENSORFLOW, lines, to_numpy


def changes(usage):
    dtype = usage.model_dtypes[0]
    if usage.keras_version >= (3,):
        return [Change(
            "the exported model's serve()",
            to_numpy(usage, "exported.serve(tf.constant(x, tf.{}))".format(dtype)),
            setup=lines(TENSORFLOW, "", "model.export('exported_model')",
                        "exported = tf.saved_model.load('exported_model')"))]
    return [Change(
        "the SavedModel's signature",
        "list(signature(**{{name: tf.constant(x, tf.{})}}).values())[0].numpy()".format(dtype),
        setup=lines(
            TENSORFLOW, "", "tf.saved_model.save(model, 'exported_model')",
            "exported = tf.saved_model.load('exported_model')",
            "signature = exported.signatures['serving_default']",
            "name = list(signature.structured_input_signature[1])[0]"))]


def obstacle(usage):
    if not usage.one_input or len(usage.model_dtypes) != 1:
        return "the model has not just one input of a known dtype"
    if usage.keras_version < (3,) and not usage.one_output:
        return "the outputs are a structure of arrays"
    return None


RECIPE = Recipe(
    "exported_signature", "the exported model's signature",
    "A graph that needs no Keras at all, from a folder that can be served.",
    changes, obstacle, where=ON_COPY)
