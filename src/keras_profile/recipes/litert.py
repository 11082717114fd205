"""The model exported to LiteRT."""

from __future__ import annotations

from .model_export import as_model_dtype, obstacle
from .recipe import ON_COPY, Change, Recipe
from .simplicity import RUNTIME
from .snippets import NUMPY, block, from_arrays, lines, tensors_import, this_shape
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "LiteRT",
            from_arrays(usage, "run(x)"),
            setup=lines(
                block(NUMPY, tensors_import(usage)),
                "from ai_edge_litert.interpreter import Interpreter",
                "",
                "model.export('model.tflite', format='litert')",
                "interpreter = Interpreter('model.tflite')",
                "takes, gives = interpreter.get_input_details()[0], interpreter.get_output_details()[0]",
                "interpreter.resize_tensor_input(takes['index'], {})".format(list(usage.input.shape)),
                "interpreter.allocate_tensors()",
                "",
                "",
                "def run(x):",
                "    interpreter.set_tensor(takes['index'], {})".format(as_model_dtype(usage)),
                "    interpreter.invoke()",
                "    return interpreter.get_tensor(gives['index'])",
            ),
            any_rows=False,
            condition=this_shape(usage),
        )
    ]


RECIPE = Recipe(
    "litert",
    "the model exported to LiteRT",
    "The runtime for phones and small devices (formerly TensorFlow Lite): little work per call, which suits "
    "small models.",
    changes,
    obstacle,
    simplicity=RUNTIME,
    fixed_shape=True,
    where=ON_COPY,
    keras=(3, 12),
    modules={"ai_edge_litert": "ai-edge-litert"},
)
