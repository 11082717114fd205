"""The model as one graph, traced once for the input's own shape."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import FIXED_SHAPE
from .snippets import TENSORFLOW, from_tensors, inference, lines, specification, this_shape
from .usage import Usage

TITLE = "tf.function(model) with a fixed signature"


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            TITLE,
            from_tensors(usage, "fast(x)"),
            setup=lines(
                TENSORFLOW,
                "",
                "fast = tf.function(",
                "    {},".format(inference(usage)),
                "    input_signature=[{}])".format(specification(usage)),
            ),
            any_rows=False,
            batch_rows=usage.rows,
            condition=this_shape(usage),
        )
    ]


RECIPE = Recipe(
    "function_fixed_signature",
    "tf.function(model) with a fixed signature",
    "One graph, traced once: no Keras code runs in a call, and TensorFlow need not look for a matching "
    "graph. Other shapes are rejected.",
    changes,
    harmless=True,
    simplicity=FIXED_SHAPE,
    fixed_shape=True,
)
