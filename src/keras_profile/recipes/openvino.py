"""The model exported to OpenVINO."""

from __future__ import annotations

from .model_export import as_model_dtype, obstacle
from .recipe import ON_COPY, Change, Recipe
from .simplicity import RUNTIME
from .snippets import NUMPY, block, from_arrays, lines, tensors_import
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [
        Change(
            "OpenVINO",
            from_arrays(usage, "compiled({})[0]".format(as_model_dtype(usage))),
            setup=lines(
                block(NUMPY, tensors_import(usage)),
                "import openvino",
                "",
                "model.export('model.xml', format='openvino')",
                # Where the processor can, OpenVINO computes in 16 bits unless told otherwise.
                # https://docs.openvino.ai/2024/openvino-workflow/running-inference/optimize-inference/precision-control.html
                "compiled = openvino.Core().compile_model(",
                "    'model.xml', 'CPU', {'INFERENCE_PRECISION_HINT': 'f32'})",
            ),
        )
    ]


RECIPE = Recipe(
    "openvino",
    "the model exported to OpenVINO",
    "A runtime made for inference on Intel processors.",
    changes,
    obstacle,
    simplicity=RUNTIME,
    where=ON_COPY,
    keras=(3, 11),
    modules={"openvino": "openvino"},
)
