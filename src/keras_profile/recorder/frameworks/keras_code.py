"""What in a Keras configuration, of any generation, contains code or names code to be imported."""

from __future__ import annotations

from .keras import ROOTS

#: Classes that run what their configuration contains or names, and what that is.
BRINGS_CODE = {
    "Lambda": "a Lambda layer: Python code that runs when the model is loaded or called",
    "__lambda__": "a lambda: Python code that runs when the model is loaded or called",
    "TFSMLayer": "a TFSMLayer: it runs the graph of a SavedModel that lies elsewhere",
    "TorchModuleWrapper": "a TorchModuleWrapper: a pickled module, which can run anything when it is loaded",
    "JaxLayer": "a JaxLayer: Python functions that run when the model is loaded or called",
    "FlaxLayer": "a FlaxLayer: Python functions that run when the model is loaded or called",
}
#: Keras 2's layers for single TensorFlow ops, by what in their configuration names the op.
OF_NODE, OF_FUNCTION, OF_CLASS = "TensorFlowOpLayer", ("TFOpLambda", "SlicingOpLambda"), "ClassMethod"

#: Where Keras keeps the classes that models are made of; "" is the package itself.
_OF_MODELS = {
    "",
    "activations",
    "backend",
    "constraints",
    "dtype_policies",
    "engine",
    "feature_column",
    "initializers",
    "layers",
    "legacy",
    "legacy_tf_layers",
    "losses",
    "metrics",
    "mixed_precision",
    "models",
    "ops",
    "optimizer_v2",
    "optimizers",
    "premade",
    "premade_models",
    "quantizers",
    "random",
    "regularizers",
    "trainers",
}
#: Those of them with plain functions that a layer can be given by name.
_OF_FUNCTIONS = {"activations", "constraints", "initializers", "losses", "metrics", "ops", "regularizers"}
#: The only class of ``keras.utils`` that is a part of models; the rest there downloads and unpacks.
_FEATURE_SPACE = "FeatureSpace"
#: Packages by the makers of Keras, from which Keras itself loads classes in its safe mode.
_OF_KERAS = ("keras_hub", "keras_nlp", "keras_cv")
#: Where TensorFlow has plain functions of tensors.
_TENSORFLOW_FUNCTIONS = {
    "tensorflow.math",
    "tensorflow.nn",
    "tensorflow.python.framework.ops",
    "tensorflow.python.ops.array_ops",
    "tensorflow.python.ops.clip_ops",
    "tensorflow.python.ops.gen_math_ops",
    "tensorflow.python.ops.gen_nn_ops",
    "tensorflow.python.ops.math_ops",
    "tensorflow.python.ops.nn",
    "tensorflow.python.ops.nn_impl",
    "tensorflow.python.ops.nn_ops",
    "tensorflow.python.ops.special_math_ops",
}
_ROOTS = ("tensorflow_core.python.keras", "tf_keras", *ROOTS)
#: What stands for no module: such functions are looked up in Keras' own lists of names.
_BUILTIN = ("builtins", "", None)


def is_own_class(module: object, name: str) -> bool:
    """Whether a class, by its module and name in a configuration, is one of Keras' own parts of models.

    If no module is named, it is looked up among Keras' own and those that were registered.
    """
    if module in _BUILTIN:
        return True
    if not isinstance(module, str) or not name[:1].isupper():
        # Functions are found among classes, too.
        return is_own_function(module, name)
    part = _part(module)
    if part is not None:
        return part in _OF_MODELS or (part == "utils" and name == _FEATURE_SPACE)
    top = module.partition(".")[0]
    return top in _OF_KERAS or top in ("tensorflow", "tensorflow_core")


def is_own_function(module: object, name: str) -> bool:
    """Whether a function, by its module and name in a configuration, only computes."""
    if module in _BUILTIN:
        return True
    if not isinstance(module, str) or not name.replace("_", "").isalnum():
        return False
    part = _part(module)
    if part is not None:
        return part in _OF_FUNCTIONS or (part == "backend" and module.endswith("backend"))
    return module.replace("tensorflow_core", "tensorflow", 1) in _TENSORFLOW_FUNCTIONS


def _part(module: str) -> str | None:
    """Returns the package of Keras that a module is in, "" for the topmost; None for other modules."""
    for root in sorted(_ROOTS, key=len, reverse=True):
        if module == root:
            return ""
        if module.startswith(root + "."):
            return module[len(root) + 1 :].partition(".")[0]
    return None
