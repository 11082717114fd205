"""The model compiled by XLA for the input's own shape."""
from __future__ import annotations

from .recipe import Change, Recipe
from .snippets import TENSORFLOW, inference, lines, specification, to_numpy


def changes(usage):
    # https://github.com/tensorflow/tensorflow/blob/v2.5.0/tensorflow/python/eager/def_function.py#L1321
    option = "jit_compile" if usage.tensorflow_version >= (2, 5) else "experimental_compile"
    return [Change(
        "tf.function(model, {}=True)".format(option), to_numpy(usage, "fast(x)"),
        setup=lines(TENSORFLOW, "", "fast = tf.function(", "    {},".format(inference(usage)),
                    "    input_signature=[{}], {}=True)".format(specification(usage), option)),
        any_rows=False, batch_rows=usage.rows)]


RECIPE = Recipe(
    "function_jit_compiled", "tf.function(model) compiled by XLA",
    "XLA fuses the model's ops into few kernels, for one shape: each other shape is compiled anew, "
    "which takes long. Not every op can be compiled, and on a CPU it is not always faster.",
    changes, tensorflow=(2, 1))
