"""The model exported for a runtime that is made for inference."""
from __future__ import annotations

from .recipe import ON_COPY, Change, Recipe
from .snippets import lines


def _one_array(usage):
    if not usage.one_input or not usage.one_output or len(usage.model_dtypes) != 1:
        return "the model has not just one input and one output"
    return None


def _onnx(usage):
    return [Change(
        "ONNX Runtime", "session.run(None, {{name: np.asarray(x, {!r})}})[0]".format(usage.model_dtypes[0]),
        setup=lines(
            "import numpy as np", "import onnxruntime", "",
            "model.export('model.onnx', format='onnx')",
            "session = onnxruntime.InferenceSession('model.onnx')",
            "name = session.get_inputs()[0].name"))]


def _openvino(usage):
    return [Change(
        "OpenVINO", "compiled(np.asarray(x, {!r}))[0]".format(usage.model_dtypes[0]),
        setup=lines(
            "import numpy as np", "import openvino", "",
            "model.export('model.xml', format='openvino')",
            "compiled = openvino.Core().compile_model('model.xml', 'CPU')"))]


def _litert(usage):
    shape = list(usage.input.shape)
    return [Change(
        "LiteRT", "run(x)",
        setup=lines(
            "import numpy as np", "from ai_edge_litert.interpreter import Interpreter", "",
            "model.export('model.tflite', format='litert')",
            "interpreter = Interpreter('model.tflite')",
            "takes, gives = interpreter.get_input_details()[0], interpreter.get_output_details()[0]",
            "interpreter.resize_tensor_input(takes['index'], {})".format(shape),
            "interpreter.allocate_tensors()", "", "",
            "def run(x):",
            "    interpreter.set_tensor(takes['index'], np.asarray(x, {!r}))".format(usage.model_dtypes[0]),
            "    interpreter.invoke()",
            "    return interpreter.get_tensor(gives['index'])"),
        any_rows=False)]


RECIPES = (
    Recipe(
        "onnxruntime", "the model exported to ONNX Runtime",
        "A runtime made for inference: little work a call, fused kernels, no Python in between.",
        _onnx, _one_array, where=ON_COPY, keras=(3, 7),
        modules={"onnxruntime": "onnxruntime", "onnx": "onnx", "tf2onnx": "tf2onnx"}),
    Recipe(
        "openvino", "the model exported to OpenVINO",
        "A runtime made for inference on Intel's processors.",
        _openvino, _one_array, where=ON_COPY, keras=(3, 11), modules={"openvino": "openvino"}),
    Recipe(
        "litert", "the model exported to LiteRT",
        "The runtime for phones and small devices (before, TensorFlow Lite): little work a call, which "
        "suits small models.",
        _litert, _one_array, where=ON_COPY, keras=(3, 12), modules={"ai_edge_litert": "ai-edge-litert"}),
)
