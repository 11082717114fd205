"""The model as one graph that widens its own shapes when they vary."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import OPEN_GRAPH
from .snippets import TENSORFLOW, from_tensors, inference, lines
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    # https://github.com/tensorflow/tensorflow/blob/v2.9.0/tensorflow/python/eager/def_function.py#L1211
    option = "reduce_retracing" if usage.tensorflow_version >= (2, 9) else "experimental_relax_shapes"
    return [
        Change(
            "tf.function(model, {}=True)".format(option),
            from_tensors(usage, "fast(x)"),
            setup=lines(TENSORFLOW, "", "fast = tf.function({}, {}=True)".format(inference(usage), option)),
            batch_rows=usage.rows,
        )
    ]


RECIPE = Recipe(
    "function_reduce_retracing",
    "tf.function(model) that widens its shapes when they vary",
    "Traced for the first shape, then once more for all similar shapes. A plain tf.function traces each new "
    "shape.",
    changes,
    harmless=True,
    simplicity=OPEN_GRAPH,
)
