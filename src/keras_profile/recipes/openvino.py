"""The model exported to OpenVINO."""
from __future__ import annotations

from .exporting import as_model_dtype, obstacle
from .recipe import ON_COPY, Change, Recipe
from .snippets import NUMPY, lines


def changes(usage):
    return [Change(
        "OpenVINO", "compiled({})[0]".format(as_model_dtype(usage)),
        setup=lines(
            NUMPY, "import openvino", "",
            "model.export('model.xml', format='openvino')",
            "compiled = openvino.Core().compile_model('model.xml', 'CPU')"))]


RECIPE = Recipe(
    "openvino", "the model exported to OpenVINO",
    "A runtime made for inference on Intel's processors.",
    changes, obstacle, where=ON_COPY, keras=(3, 11), modules={"openvino": "openvino"})
