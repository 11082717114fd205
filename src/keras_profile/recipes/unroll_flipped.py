"""A copy of the model whose recurrent layers are unrolled, or no longer are."""
from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .snippets import cloned, user_call

RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN")
#: Longer sequences take minutes to trace when unrolled: 3.6 s for 200 steps of one LSTM(32).
MOST_STEPS = 200


def changes(usage):
    flipped = not usage.layers_named(*RECURRENT)[0].unroll
    return [Change(
        "unroll={}".format(flipped), user_call(usage, model="fast"),
        setup=cloned(
            usage, "configuration = layer.get_config()",
            "if type(layer).__name__ in {}:".format(RECURRENT),
            "    configuration['unroll'] = {}".format(flipped),
            "return type(layer).from_config(configuration)"))]


def obstacle(usage):
    found = usage.layers_named(*RECURRENT)
    if not found:
        return "the model has no recurrent layers"
    if not found[0].unroll:
        for layer in found:
            shape = getattr(getattr(layer, "input", None), "shape", (None, None))
            if shape[1] is None or int(shape[1]) > MOST_STEPS:
                return "only up to {} steps, of a known number, are worth unrolling".format(MOST_STEPS)
    return None


RECIPE = Recipe(
    "unroll_flipped", "recurrent layers unrolled, or no longer unrolled",
    "An unrolled layer has its steps one after the other in the graph, without a loop: faster for short "
    "sequences, slow to trace for long ones.",
    changes, obstacle, where=ON_COPY, any_backend=True)
