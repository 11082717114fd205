"""A copy of the model whose recurrent layers have no recurrent dropout."""
from __future__ import annotations

from .recipe import ARRAYS, ON_COPY, Change, Recipe
from .snippets import cloned, user_call
from .unroll_flipped import RECURRENT


def changes(usage):
    return [Change(
        "recurrent_dropout=0", user_call(usage, model="fast"),
        setup=cloned(
            usage, "configuration = layer.get_config()",
            "if type(layer).__name__ in {}:".format(RECURRENT),
            "    configuration['recurrent_dropout'] = 0.0",
            "return type(layer).from_config(configuration)"))]


def obstacle(usage):
    if not any(getattr(layer, "recurrent_dropout", 0) for layer in usage.layers_named(*RECURRENT)):
        return "no layer has recurrent_dropout"
    return None


RECIPE = Recipe(
    "without_recurrent_dropout", "recurrent layers without recurrent_dropout",
    "Dropout does nothing at inference, but a layer that has recurrent_dropout cannot use the fused "
    "implementation.",
    changes, obstacle, where=ON_COPY, kinds=(*ARRAYS, "dataset", "generator", "pydataset"), any_backend=True)
