"""Pieces of code that recipes have in common, written for one usage."""
from __future__ import annotations

from .usage import Leaf

#: Lines after which the user's own call follows.
TENSORFLOW = "import tensorflow as tf"
NUMPY = "import numpy as np"


def keras_import(usage):
    """The line that imports the model's own Keras as ``keras``."""
    return {
        "keras": "import keras",
        "tensorflow.keras": "from tensorflow import keras",
        "tf_keras": "import tf_keras as keras",
    }[usage.keras_module]


def lines(*parts):
    """Statements, one below the other."""
    return "\n".join(parts)


def predict(usage, model="model", x="x", **changed):
    """A call of ``predict`` with the user's own arguments, but for those in ``changed``.

    None takes an argument away.
    """
    arguments = {
        "batch_size": usage.batch_size, "steps": usage.steps,
        "verbose": 1 if usage.verbose else 0,
        "callbacks": "callbacks" if usage.callbacks else None,
    }
    arguments.update(changed)
    written = "".join(", {}={}".format(name, arguments[name])
                      for name in ("batch_size", "steps", "verbose", "callbacks")
                      if arguments[name] is not None)
    return "{}.predict({}{})".format(model, x, written)


def user_call(usage, model="model", x="x"):
    """The call as the user makes it, of another model or input."""
    if usage.entry == "predict":
        return predict(usage, model, x)
    if usage.entry == "predict_on_batch":
        return "{}.predict_on_batch({})".format(model, x)
    if usage.entry == "call_inference":
        return "{}({}, training=False)".format(model, x)
    if usage.entry == "signature":
        return "signature(**{})".format(x)
    return "{}({})".format(model, x)


def inference(usage, model="model"):
    """A function of one batch that runs the model as inference does."""
    return "lambda x: {}(x{})".format(model, ", training=False" if usage.takes_training else "")


def to_numpy(usage, expression):
    """``expression``, which gives tensors, as numpy arrays."""
    if usage.one_output:
        return expression + ".numpy()"
    return "tf.nest.map_structure(lambda tensor: tensor.numpy(), {})".format(expression)


def to_tensors(usage, dtypes=None):
    """``x`` as tensors: ``tf.constant(x)``, of its own dtypes."""
    if usage.one_input:
        return "tf.constant(x)"
    return "tf.nest.map_structure(tf.constant, x)"


def specification(usage, open_batch=False):
    """The ``tf.TensorSpec`` of the input, nested as it is, its rows fixed or left open."""
    def write(part):
        if isinstance(part, Leaf):
            rows = (None,) if open_batch else part.shape[:1]
            return "tf.TensorSpec({}, tf.{})".format(rows + part.shape[1:], part.dtype)
        if isinstance(part, dict):
            return "{" + ", ".join("{!r}: {}".format(key, write(part[key])) for key in part) + "}"
        written = ", ".join(write(one) for one in part)
        return "({},)".format(written) if isinstance(part, tuple) else "[{}]".format(written)

    return write(usage.input)


def cloned(usage, *changes):
    """``fast``, a copy of the model with the same weights.

    ``changes`` are the lines of a function ``changed(layer)`` that gives the copy's layer
    for one of the model's; without it layers are copied as they are.
    """
    if not changes:
        return lines(
            keras_import(usage), "",
            "fast = keras.models.clone_model(model)",
            "fast.set_weights(model.get_weights())")
    return lines(
        keras_import(usage), "", "",
        "def changed(layer):", *("    " + line for line in changes), "", "",
    ) + lines(
        "\nfast = keras.models.clone_model(model, clone_function=changed)",
        "fast.set_weights(model.get_weights())")
