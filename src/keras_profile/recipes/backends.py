"""Keras 3 on another backend."""
from __future__ import annotations

from .recipe import OWN_PROCESS, Change, Recipe
from .snippets import lines, user_call


def on(name, why):
    """The recipe that runs the model on the backend ``name``."""
    def changes(usage):
        before = lines(
            "import os", "",
            "os.environ['KERAS_BACKEND'] = {!r}  # before Keras is imported".format(name))
        made = [Change("KERAS_BACKEND={}".format(name), user_call(usage), before=before)]
        if usage.entry == "predict" and name != "openvino":
            made.append(Change("KERAS_BACKEND={}, predict_on_batch".format(name),
                               "model.predict_on_batch(x)", before=before))
        return made

    def obstacle(usage):
        if usage.keras_module != "keras":
            return "only Keras 3 has other backends"
        if usage.backend == name:
            return "it is the backend"
        if usage.entry not in ("predict", "predict_on_batch"):
            return "the outputs would be arrays of another framework"
        return None

    return Recipe(
        "backend_" + name, "Keras on " + name, why, changes, obstacle, where=OWN_PROCESS,
        modules={name: name}, keras=(3,), any_backend=True, kinds=("array",))


RECIPES = (
    on("jax", "JAX compiles the model as a whole, and its predict builds no dataset in every call. The "
              "model's own code must not use TensorFlow."),
    on("torch", "PyTorch runs layer by layer. The model's own code must not use TensorFlow."),
    on("openvino", "OpenVINO is made for inference on Intel's processors; Keras can only predict with it."),
)
