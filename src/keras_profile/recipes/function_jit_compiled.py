"""The model compiled by XLA for the input's own shape."""

from __future__ import annotations

from .concrete_function import obstacle
from .recipe import Change, Recipe
from .snippets import TENSORFLOW, inference, lines, specification, to_numpy, to_tensors
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    # https://github.com/tensorflow/tensorflow/blob/v2.5.0/tensorflow/python/eager/def_function.py#L1321
    option = "jit_compile" if usage.tensorflow_version >= (2, 5) else "experimental_compile"
    function = lines(
        "function = tf.function(",
        "    {},".format(inference(usage)),
        "    input_signature=[{}], {}=True)".format(specification(usage), option),
    )
    made = [
        Change(
            "tf.function(model, {}=True)".format(option),
            to_numpy(usage, "function(x)"),
            setup=lines(TENSORFLOW, "", function),
            any_rows=False,
            batch_rows=usage.rows,
        )
    ]
    if obstacle(usage) is None:
        made.append(
            Change(
                "the concrete function, {}=True".format(option),
                to_numpy(usage, "fast({})".format(to_tensors(usage))),
                setup=lines(TENSORFLOW, "", function, "fast = function.get_concrete_function()"),
                any_rows=False,
                batch_rows=usage.rows,
            )
        )
    return made


RECIPE = Recipe(
    "function_jit_compiled",
    "tf.function(model) compiled by XLA",
    "XLA fuses the model's ops into few kernels, for one shape: each other shape is compiled anew, "
    "which takes long. Not every op can be compiled, and on a CPU it is not always faster.",
    changes,
    tensorflow=(2, 1),
)
