"""Pieces of code that recipes share, written for one usage."""

from __future__ import annotations

from typing import Any, Sequence

from .usage import Leaf, Usage, leaves, wrapped

#: Lines that precede the user's own call.
TENSORFLOW = "import tensorflow as tf"
NUMPY = "import numpy as np"


def keras_import(usage: Usage) -> str:
    """The line that imports the model's own Keras as ``keras``."""
    return {
        "keras": "import keras",
        "tensorflow.keras": "from tensorflow import keras",
        "tf_keras": "import tf_keras as keras",
    }[usage.keras_module]


def lines(*parts: str) -> str:
    """Statements, one below the other."""
    return "\n".join(parts)


def block(*parts: str) -> str:
    """Statements, one below the other, without those that are empty."""
    return lines(*(part for part in parts if part))


def predict(usage: Usage, model: str = "model", x: str = "x", **changed: object) -> str:
    """A call of ``predict`` with the user's own arguments, except those in ``changed``.

    None removes an argument.
    """
    arguments: dict[str, object] = {
        "batch_size": usage.batch_size,
        "steps": usage.steps,
        "verbose": 1 if usage.verbose else 0,
        "callbacks": "callbacks" if usage.callbacks else None,
    }
    arguments.update(changed)
    written = "".join(
        ", {}={}".format(name, arguments[name])
        for name in ("batch_size", "steps", "verbose", "callbacks")
        if arguments[name] is not None
    )
    return "{}.predict({}{})".format(having_own(usage, "predict", model), x, written)


def having_own(usage: Usage, method: str, model: str) -> str:
    """An expression with Keras' own ``method`` of the model, even if the model's class overrides it."""
    owner = usage.overriding.get(method)
    return model if owner is None else "super({}, {})".format(owner, model)


def user_call(usage: Usage, model: str = "model", x: str = "x") -> str:
    """The call as the user makes it, of another model or input."""
    if usage.entry == "predict":
        return predict(usage, model, x)
    code: str = usage.entry_point.code
    return code.format(model=having_own(usage, usage.entry_point.method, model), x=x)


def inference(usage: Usage, model: str = "model") -> str:
    """A function of one batch that runs the model as inference does."""
    return "lambda x: {}(x{})".format(model, ", training=False" if usage.takes_training else "")


def from_tensors(usage: Usage, expression: str) -> str:
    """``expression``, which gives tensors, converted to what the user's call gives: tensors or arrays."""
    if usage.gives_tensors:
        return expression
    if usage.one_output:
        return expression + ".numpy()"
    return "tf.nest.map_structure(lambda tensor: tensor.numpy(), {})".format(expression)


def from_arrays(usage: Usage, expression: str) -> str:
    """``expression``, which gives numpy arrays, converted to what the user's call gives: arrays or tensors.

    The code needs the import by :func:`tensors_import`.
    """
    if not usage.gives_tensors:
        return expression
    function = "tf.convert_to_tensor" if usage.backend == "tensorflow" else "keras.ops.convert_to_tensor"
    if usage.one_output:
        return "{}({})".format(function, expression)
    nest = "tf.nest.map_structure" if usage.backend == "tensorflow" else "keras.tree.map_structure"
    return "{}({}, {})".format(nest, function, expression)


def on_batch(usage: Usage, x: str = "x") -> tuple[str, str]:
    """``predict_on_batch``, converted to what the user's call gives, and the imports that it needs."""
    call = "{}.predict_on_batch({})".format(having_own(usage, "predict_on_batch", "model"), x)
    if usage.gives_tensors or usage.tensorflow_version >= (2, 2):
        return from_arrays(usage, call), tensors_import(usage)
    # In TensorFlow 2.0 it gives tensors, or arrays if the model is not compiled; from 2.2 on only arrays.
    if usage.one_output:
        return "np.asarray({})".format(call), NUMPY
    return "tf.nest.map_structure(np.asarray, {})".format(call), lines(NUMPY, TENSORFLOW)


def tensors_import(usage: Usage) -> str:
    """The line that :func:`from_arrays` needs; empty if it needs none."""
    if not usage.gives_tensors:
        return ""
    return TENSORFLOW if usage.backend == "tensorflow" else keras_import(usage)


def this_shape(usage: Usage) -> str:
    """The condition under which code for this call's shape works for all calls."""
    if all(leaf.specified and not leaf.open_axes for leaf in leaves(usage.input)):
        rows = usage.known_rows
        return "only if every call has exactly {:,} row{}".format(rows, "" if rows == 1 else "s")
    if usage.one_input:
        return "only if the input of every call has the shape {}".format(usage.input.shape)
    return "only if the inputs of every call have the shapes {}".format(
        ", ".join(str(leaf.shape) for leaf in leaves(usage.input))
    )


def rows_of_this_shape(usage: Usage) -> str:
    """The condition under which code for this call's rows works for all calls; often empty."""
    unsure = [
        leaf
        for leaf in leaves(usage.input)
        if not leaf.specified and len(leaf.shape) > 1 + len(leaf.open_axes)
    ]
    if not unsure:
        return ""
    return "only if every row has the shape {}".format(
        " and ".join(str(_open_shape(leaf)[1:]) for leaf in unsure)
    )


def to_tensors(usage: Usage) -> str:
    """``x`` as tensors: ``tf.constant(x)``, of its own dtypes."""
    if usage.one_input:
        return "tf.constant(x)"
    return "tf.nest.map_structure(tf.constant, x)"


def concatenated(usage: Usage, many: str) -> str:
    """The arrays in the list ``many``, or in its structures, as one array of all rows."""
    function = "np.concatenate" if usage.kind != "tensor" else "tf.concat"
    rows = "" if usage.kind != "tensor" else ", 0"
    if usage.one_input:
        return "{}({}{})".format(function, many, rows)
    return "tf.nest.map_structure(lambda *parts: {}(parts{}), *{})".format(function, rows, many)


def specification(usage: Usage, open_batch: bool = False) -> str:
    """The ``tf.TensorSpec`` of the input, nested as it is, for its shape or for any rows.

    With ``open_batch``, sizes within a row that differ between calls are left open too.
    """

    def write(part: Any) -> str:
        if isinstance(part, Leaf):
            return "tf.TensorSpec({}, tf.{})".format(
                _open_shape(part) if open_batch else part.shape, part.dtype
            )
        if isinstance(part, dict):
            return "{" + ", ".join("{!r}: {}".format(key, write(part[key])) for key in part) + "}"
        written = ", ".join(write(one) for one in part)
        return "({},)".format(written) if isinstance(part, tuple) else "[{}]".format(written)

    return write(usage.input)


def _open_shape(leaf: Leaf) -> tuple[int | None, ...]:
    return tuple(
        None if axis == 0 or axis in leaf.open_axes else size for axis, size in enumerate(leaf.shape)
    )


def reloaded(usage: Usage) -> str:
    """``fast``, the model saved and loaded without being compiled."""
    # The .keras format came with Keras 2.12 and is complete since 2.13; HDF5 holds no subclasses.
    file = (
        "model.keras"
        if usage.keras_version >= (2, 13)
        else ("saved_model" if usage.subclassed else "model.h5")
    )
    # Lambda layers are code; the code in this file is the user's own.
    trusted = ", safe_mode=False" if usage.keras_version >= (2, 13) and usage.layers_named("Lambda") else ""
    return lines(
        keras_import(usage),
        "",
        "model.save({!r})".format(file),
        "fast = keras.models.load_model({!r}, compile=False{})".format(file, trusted),
    )


def cloned(usage: Usage, *changes: str, definitions: Sequence[str] = ()) -> str:
    """``fast``, a copy of the model with the same weights.

    ``changes`` are the lines of a function ``changed(layer)`` that gives the copy's layer
    for one of the model's; without them, layers are copied unchanged. ``definitions`` are
    lines that come before that function.
    """
    if not changes:
        # Before Keras 3, clone_model cannot copy a model without a graph of layers.
        if usage.subclassed and usage.keras_version < (3,):
            return reloaded(usage)
        return lines(
            keras_import(usage),
            "",
            "fast = keras.models.clone_model(model)",
            "fast.set_weights(model.get_weights())",
        )
    inner = (
        "    if isinstance(layer, keras.Model):  # a model inside the model",
        "        return keras.models.clone_model(layer, clone_function=changed)",
    )
    has_inner = any(getattr(layer, "layers", None) for layer in usage.layers)
    return lines(
        keras_import(usage),
        "",
        "",
        *definitions,
        "def changed(layer):",
        *(inner if has_inner else ()),
        *("    " + line for line in changes),
        "",
        "",
        "fast = keras.models.clone_model(model, clone_function=changed)",
        "fast.set_weights(model.get_weights())",
    )


def with_setting(usage: Usage, condition: str, setting: str, value: object) -> str:
    """A copy of the model whose layers have ``setting=value`` where ``condition`` holds.

    ``condition`` is an expression of ``layer`` and ``part``, a layer's configuration.
    """
    wraps = any(wrapped(layer) for layer in usage.layers)
    change = ("if {}:".format(condition), "    part[{!r}] = {!r}".format(setting, value))
    if not wraps:
        return cloned(usage, "part = layer.get_config()", *change, "return type(layer).from_config(part)")
    return cloned(
        usage,
        "configuration = layer.get_config()",
        "parts = [configuration]",
        "if isinstance(layer, keras.layers.Wrapper):  # such as Bidirectional",
        "    parts += [configuration[name]['config'] for name in ('layer', 'backward_layer')",
        "              if name in configuration]",
        "for part in parts:",
        *("    " + line for line in change),
        "return type(layer).from_config(configuration)",
    )
