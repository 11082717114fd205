"""The model exported, and its serving signature called."""

from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .simplicity import EXPORTED
from .snippets import TENSORFLOW, from_tensors, lines, to_tensors
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    x = to_tensors(usage)
    if usage.one_input and usage.model_dtypes:
        x = "tf.constant(x, tf.{})".format(usage.model_dtypes[0])
    if usage.keras_version >= (3,):
        return [
            Change(
                "the exported model's serve()",
                from_tensors(usage, "exported.serve({})".format(x)),
                setup=lines(
                    TENSORFLOW,
                    "",
                    "model.export('exported_model')",
                    "exported = tf.saved_model.load('exported_model')",
                ),
            )
        ]
    setup = lines(
        TENSORFLOW,
        "",
        "tf.saved_model.save(model, 'exported_model')",
        "exported = tf.saved_model.load('exported_model')",
        "signature = exported.signatures['serving_default']",
    )
    named = "**{}".format(x)
    if usage.one_input:
        setup = lines(setup, "name = list(signature.structured_input_signature[1])[0]")
        named = "**{{name: {}}}".format(x)
    return [
        Change(
            "the SavedModel's signature",
            from_tensors(usage, "list(signature({}).values())[0]".format(named)),
            setup=setup,
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not usage.one_input and usage.model_dtypes != usage.input_dtypes:
        return "the inputs do not have the dtypes that the model's signature expects"
    if usage.keras_version >= (3,):
        return None
    if not usage.one_output:
        return "the outputs are a structure of arrays"
    return None if usage.one_input or isinstance(usage.input, dict) else "the inputs have no names"


RECIPE = Recipe(
    "exported_signature",
    "the exported model's signature",
    "A graph that does not need Keras, loaded from a folder that can be served.",
    changes,
    obstacle,
    simplicity=EXPORTED,
    where=ON_COPY,
    harmless=True,
)
