"""The model compiled by XLA for the input's own shape."""

from __future__ import annotations

from .concrete_function import obstacle as concrete_obstacle
from .function_fixed_signature import TITLE as SAME_GRAPH
from .recipe import Change, Recipe
from .simplicity import COMPILED
from .snippets import TENSORFLOW, from_tensors, inference, lines, specification, this_shape, to_tensors
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
            from_tensors(usage, "function(x)"),
            setup=lines(TENSORFLOW, "", function),
            any_rows=False,
            batch_rows=usage.rows,
            condition=this_shape(usage),
            fails_with=SAME_GRAPH,
        )
    ]
    if concrete_obstacle(usage) is None:
        made.append(
            Change(
                "the concrete function, {}=True".format(option),
                from_tensors(usage, "fast({})".format(to_tensors(usage))),
                setup=lines(TENSORFLOW, "", function, "fast = function.get_concrete_function()"),
                any_rows=False,
                batch_rows=usage.rows,
                condition=this_shape(usage),
                fails_with=made[0].title,
            )
        )
    return made


def obstacle(usage: Usage) -> str | None:
    # It does not refuse them: the process dies when the graph is compiled.
    return "XLA cannot compile strings" if usage.has_strings else None


RECIPE = Recipe(
    "function_jit_compiled",
    "tf.function(model) compiled by XLA",
    "XLA fuses the model's ops into few kernels, for one shape; it recompiles for each other shape, which "
    "takes long. Not every op can be compiled, and on a CPU it is not always faster.",
    changes,
    obstacle,
    simplicity=COMPILED,
    fixed_shape=True,
    tensorflow=(2, 1),
)
