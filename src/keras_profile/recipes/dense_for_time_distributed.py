"""A copy of the model with ``Dense`` in place of ``TimeDistributed(Dense)``."""

from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .simplicity import MODEL
from .snippets import cloned, user_call
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "Dense in place of TimeDistributed(Dense)",
            user_call(usage, model="fast"),
            setup=cloned(
                usage,
                "if type(layer).__name__ == 'TimeDistributed' and type(layer.layer).__name__ == 'Dense':",
                "    return DenseOfSteps.from_config({**layer.layer.get_config(), 'name': layer.name})",
                "return type(layer).from_config(layer.get_config())",
                # The copy's graph passes arguments to TimeDistributed that Dense does not take.
                definitions=(
                    "class DenseOfSteps(keras.layers.Dense):",
                    "    def call(self, inputs, training=None, mask=None):",
                    "        return super().call(inputs)",
                    "",
                    "",
                ),
            ),
        )
    ]


def obstacle(usage: Usage) -> str | None:
    if not any(type(layer.layer).__name__ == "Dense" for layer in usage.layers_named("TimeDistributed")):
        return "the model has no TimeDistributed(Dense)"
    return None


RECIPE = Recipe(
    "dense_for_time_distributed",
    "Dense in place of TimeDistributed(Dense)",
    "Dense handles any number of leading dimensions in one product; TimeDistributed reshapes, or runs the "
    "layer once per step.",
    changes,
    obstacle,
    simplicity=MODEL,
    where=ON_COPY,
    kinds=(*ARRAYS, "dataset", "generator", "pydataset"),
    any_backend=True,
    exchanges_layers=True,
    harmless=True,
)
