"""The model called as a function, layer by layer."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import LAYERS_CALLED
from .snippets import TENSORFLOW, from_tensors
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    call = "model(x{})".format(", training=False" if usage.takes_training else "")
    setup = "" if usage.one_output or usage.gives_tensors else TENSORFLOW
    return [Change(call, from_tensors(usage, call), setup=setup, batch_rows=usage.rows)]


RECIPE = Recipe(
    "call_inference",
    "model(x, training=False) in place of predict",
    "It skips predict's loop and input pipeline and runs layer by layer from Python: fast for few layers, "
    "slower than predict for many, and for recurrent ones outside a graph.",
    changes,
    simplicity=LAYERS_CALLED,
    entries=("predict", "predict_on_batch", "function"),
    harmless=True,
)
