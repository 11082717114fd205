"""The model exported to ONNX, and run by ONNX Runtime."""

from __future__ import annotations

from .model_export import as_model_dtype, obstacle
from .recipe import ON_COPY, Change, Recipe
from .simplicity import RUNTIME
from .snippets import NUMPY, block, from_arrays, lines, tensors_import
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "ONNX Runtime",
            from_arrays(usage, "session.run(None, {{name: {}}})[0]".format(as_model_dtype(usage))),
            setup=lines(
                block(NUMPY, tensors_import(usage)),
                "import onnxruntime",
                "",
                "model.export('model.onnx', format='onnx')",
                "session = onnxruntime.InferenceSession('model.onnx')",
                "name = session.get_inputs()[0].name",
            ),
        )
    ]


RECIPE = Recipe(
    "onnxruntime",
    "the model exported to ONNX Runtime",
    "A runtime made for inference: little work per call, fused kernels, no Python in between.",
    changes,
    obstacle,
    simplicity=RUNTIME,
    where=ON_COPY,
    keras=(3, 7),
    modules={"onnxruntime": "onnxruntime", "onnx": "onnx", "tf2onnx": "tf2onnx"},
)
