"""The model as one graph, traced once for the input's own shape."""

from __future__ import annotations

from .recipe import Change, Recipe
from .snippets import TENSORFLOW, inference, lines, specification, to_numpy
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "tf.function(model) with a fixed signature",
            to_numpy(usage, "fast(x)"),
            setup=lines(
                TENSORFLOW,
                "",
                "fast = tf.function(",
                "    {},".format(inference(usage)),
                "    input_signature=[{}])".format(specification(usage)),
            ),
            any_rows=False,
            batch_rows=usage.rows,
        )
    ]


RECIPE = Recipe(
    "function_fixed_signature",
    "tf.function(model) with a fixed signature",
    "One graph, traced once: nothing of Keras runs in a call, and TensorFlow need not look for the "
    "graph that fits. Other shapes are refused.",
    changes,
    harmless=True,
)
