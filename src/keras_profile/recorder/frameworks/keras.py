"""What is known about Keras: its packages, its classes and its private attributes.

"Keras 2" stands for tf.keras of TensorFlow 2.0 to 2.15 and tf_keras, "Keras 3" for 3.0 on.
If only some releases have a name, the comment says in which it was seen.
"""

from __future__ import annotations

import sys
from typing import Any, Iterable, Sequence

from ..protocol.frameworks import KERAS_ROOTS
from . import tensorflow

#: Package roots that "K" at the start of a row's module stands for.
ROOTS = KERAS_ROOTS
#: The packages of Keras alone.
PACKAGES = ("keras", "tf_keras")
#: A list of at least this many things is data that a layer keeps, not a list of variables.
_MANY = 1000

# --- packages -------------------------------------------------------------------------------


def keras_root(model: object) -> str | None:
    """Returns the package that the model's class comes from, such as ``keras.src``, or None.

    Taken from the class's bases and never from what can be imported: TensorFlow 2.21 still
    ships a ``tensorflow/python/keras`` folder that nothing uses.
    """
    for base in type(model).__mro__:
        module = base.__module__
        if type(module) is not str:  # a property, on a class of the user's
            continue
        for root in ROOTS:
            if module == root or module.startswith(root + "."):
                return root
    return None


def is_model(thing: object) -> bool:
    """Whether something is a Keras model: its class is of Keras, and has ``predict``."""
    return keras_root(thing) is not None and any("predict" in base.__dict__ for base in type(thing).__mro__)


def model_ending(root: str | None) -> str:
    """Returns the ending of a file that any release of this Keras can write and read a whole model in."""
    return ".keras" if root == "keras.src" else ".h5"  # Keras 2.13 on


def expand(module: str, root: str | None) -> str | None:
    """Returns ``K.engine.training`` with the root in place of ``K``; other names as they are.

    None if the name needs a root and there is none.
    """
    if module == "K" or module.startswith("K."):
        return None if root is None else root + module[1:]
    return module


def is_keras_module(name: str) -> bool:
    """Whether a module is one of Keras' own, whichever Keras that is."""
    package = name.partition(".")[0]
    return package in PACKAGES or (package in tensorflow.PACKAGES and "keras" in name)


def loaded_keras(root: str | None) -> Any:
    """Returns the module whose ``__version__`` is that of the Keras with this root; None if not loaded."""
    top = sys.modules.get((root or "keras").partition(".")[0])
    # In TensorFlow 2.0 to 2.5 the top is TensorFlow, and Keras has a version of its own.
    return sys.modules.get(root, top) if root is not None and root.startswith("tensorflow.") else top


def keras_of(tensorflow: Any) -> Any:
    """Returns the Keras of a TensorFlow, as a module that has a ``__version__``."""
    keras = tensorflow.keras
    if hasattr(keras, "__version__"):
        return keras
    # Here, tf.keras is a view of Keras 3 or of tf_keras, and does not show which version it is.
    return sys.modules[keras.Model.__module__.partition(".")[0]]


def is_keras_3(keras: Any) -> bool:
    """Whether a Keras is of the generation that can run on several backends."""
    return int(keras.__version__.partition(".")[0]) >= 3


def import_name(root: str | None, version: tuple[int, ...]) -> str:
    """Returns the name under which a program imports the Keras of this root and version."""
    if (root or "").startswith("tf_keras"):
        return "tf_keras"
    return "keras" if version >= (3,) else "tensorflow.keras"


def backend_name(keras: Any) -> str:
    """Returns the backend that a Keras runs on. Keras 2 has only TensorFlow."""
    config = getattr(keras, "config", None)
    if config is not None and hasattr(config, "backend"):
        return str(config.backend())
    return "tensorflow"


# --- a model's inputs -----------------------------------------------------------------------


def input_structure(model: Any) -> Any:
    """Returns the symbolic inputs of a model, nested as it takes them; None if it has none (yet)."""
    structure = getattr(model, "_inputs_struct", None)  # Keras 3
    if structure is None:
        structure = getattr(model, "_nested_inputs", None)  # Keras 2
    if structure is None:
        structure = attribute(model, "inputs")
    # The latter in TensorFlow 2.0.
    return None if isinstance(structure, list) and not structure else structure


def built_shape(model: Any) -> Any:
    """Returns the shape that a subclassed model or a layer was built for; None if that is not known."""
    shapes = getattr(model, "_build_shapes_dict", None)  # Keras 3
    if shapes:
        return next(iter(shapes.values()))
    return getattr(model, "_build_input_shape", None)  # Keras 2


def time_steps(layer: Any) -> int | None:
    """Returns the time dimension of a TimeDistributed layer, None if it is open or unknown."""
    shape = attribute(layer, "input_shape")  # Keras 2
    if shape is None:
        shape = built_shape(layer)
    if shape is None:
        shape = getattr(attribute(layer, "input"), "shape", None)
    try:
        size = list(shape)[1]
    except (TypeError, ValueError, IndexError):
        return None
    size = getattr(size, "value", size)  # a Dimension, if TensorFlow 1's shapes are switched on
    return None if size is None else int(size)


# --- a model's settings ---------------------------------------------------------------------


def is_compiled(model: Any) -> bool:
    """Whether ``compile`` was called."""
    for name in ("compiled", "_is_compiled"):  # Keras 3, Keras 2
        value = getattr(model, name, None)
        if value is not None:
            return bool(value)
    return getattr(model, "optimizer", None) is not None


def is_subclassed(model: Any) -> bool:
    """Whether a model's layers are put together by code of its own class."""
    if getattr(model, "_is_graph_network", False):  # Keras 2, of a functional model
        return False
    return not {"Functional", "Sequential"} & {base.__name__ for base in type(model).__mro__}


def run_tf_function(model: Any) -> Any:
    """Returns the switch by which TensorFlow 2.0 and 2.1 choose how a model runs; ``compile`` sets it.

    Later Keras 2 has it without effect; None if there is no such switch.
    """
    return getattr(model, "_experimental_run_tf_function", None)


def jit_compile(model: Any) -> Any:
    """Whether XLA compiles the model, or a word for when; None before Keras 2.9."""
    return first_attribute(model, "jit_compile", "_jit_compile")


def steps_per_execution(model: Any) -> Any:
    """Returns how many batches one call of the model's function takes; None before Keras 2.4.

    A number in Keras 3, a variable in Keras 2.
    """
    return first_attribute(model, "steps_per_execution", "_steps_per_execution")


def strategy(model: Any) -> dict[str, Any] | None:
    """Returns a model's distribution strategy and its replicas; None for TensorFlow's default one."""
    found = first_attribute(model, "distribute_strategy", "_distribution_strategy")  # later, TensorFlow 2.0
    if found is None or "Default" in type(found).__name__:
        return None
    return {"name": type(found).__name__, "replicas": int(found.num_replicas_in_sync)}


def dtype_policy(layer: Any) -> str | None:
    """Returns the name of a layer's or model's dtype policy, such as ``mixed_float16``."""
    policy = first_attribute(layer, "dtype_policy", "_dtype_policy", "_mixed_precision_policy")
    name = getattr(policy, "name", policy)
    return None if name is None else str(name)


def is_model_layer(thing: Any) -> bool:
    """Whether a layer stands for a whole model."""
    return any(base.__name__ == name for base in type(thing).__mro__ for _, name in MODEL_LAYERS)


# --- a model's class ------------------------------------------------------------------------


def overriding_class(model: Any, method: str) -> Any:
    """Returns the class whose ``method`` overrides Keras' own, None if that is not overridden.

    If there are several, it is the one next to Keras' own: ``super(found, model)`` has Keras' method.
    """
    found = None
    for base in type(model).__mro__:
        if method not in base.__dict__:
            continue
        if is_keras_module(base.__module__ or ""):
            return found
        found = base
    return None


# --- a call under way -----------------------------------------------------------------------

#: The variables in which predict's loop counts its steps: from Keras 3.8 on, and before.
_STEPS = ("end_step", "step")


def batches_so_far(frames: Iterable[Any]) -> int | None:
    """Returns how many batches the ``predict`` among these frames has begun; None if that is not known."""
    for frame in frames:
        if is_keras_module(frame.f_globals.get("__name__", "")):
            for name in _STEPS:
                step = frame.f_locals.get(name) if name in frame.f_code.co_varnames else None
                if isinstance(step, int):
                    return step + 1
    return None


# --- what calls assign ----------------------------------------------------------------------


def state_variables(model: Any, layers: Sequence[Any]) -> list[Any]:
    """Returns the variables that calls of a model may assign, each once: those that are not trained.

    These are seeds, moving averages, states of recurrent layers, and what a layer keeps in an attribute.
    ``layers`` are the model's at any depth.
    """
    found = list(attribute(model, "variables") or ())
    states: list[Any] = []
    for layer in [model, *layers]:
        found += [leaf for one in vars(layer).values() for leaf in _flat(one)]
        # States of recurrent layers: Keras 2 keeps them elsewhere, and they may be marked as trained.
        states += _flat(attribute(layer, "states"))
        generator = getattr(attribute(layer, "_random_generator"), "_generator", None)
        states.append(attribute(generator, "state"))  # Keras 2.9 on
    # Whatever draws random numbers without its own seed uses this one. Keras 3.
    kept = sys.modules.get("keras.src.backend.common.global_state")
    if kept is not None:
        states.append(attribute(kept.get_global_attribute("global_seed_generator"), "state"))
    found = [one for one in found if attribute(one, "trainable") is not True] + states
    once = {id(one): one for one in found if hasattr(one, "assign") and hasattr(one, "numpy")}
    return list(once.values())


def _flat(value: Any) -> list[Any]:
    """Returns what is in a list, a tuple or a dict, or the value itself."""
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _flat(one)]
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _flat(one)] if len(value) < _MANY else []
    return [value]


# --- other things of Keras ------------------------------------------------------------------


def is_pydataset(value: object) -> bool:
    """Whether something is a ``PyDataset`` (Keras 3) or ``Sequence`` (Keras 2)."""
    return hasattr(value, "__getitem__") and any(
        base.__name__ in ("PyDataset", "Sequence") and "keras" in base.__module__
        for base in type(value).__mro__
    )


#: Parts of the names of modules that read generators and datasets: 2.1 on, workers of Keras 2, and 2.0.
_READERS = ("data_adapter", "data_utils", "training_generator")


def reads_input(module: str) -> bool:
    """Whether a Keras module calls the user's code for the batches of an input."""
    return is_keras_module(module) and any(part in module for part in _READERS)


def is_symbolic(leaf: object) -> bool:
    """Whether a leaf only stands for values while a model is built. Keras 2 has these from 2.4 on."""
    return type(leaf).__name__ == "KerasTensor"


# --- what a program's recorder watches --------------------------------------------------------

#: (module, class): their own methods ``predict``, ``fit``, ``compile`` … are watched. Keras 2;
#: Keras 3 by backend, and what it falls back to.
TRAINERS = (
    ("K.engine.training", "Model"),
    ("K.backend.tensorflow.trainer", "TensorFlowTrainer"),
    ("K.backend.jax.trainer", "JAXTrainer"),
    ("K.backend.torch.trainer", "TorchTrainer"),
    ("K.trainers.trainer", "Trainer"),
)
#: (module, class): the base class of all models, whose ``model(x)`` is watched. Keras 2, Keras 3.
MODELS = (("K.engine.training", "Model"), ("K.models.model", "Model"))
#: (module, function): what makes a model from a file, a configuration or another model.
LOADERS = (
    ("K.saving.save", "load_model"),
    ("K.saving.saving_api", "load_model"),
    ("K.models", "clone_model"),
    ("K.models.cloning", "clone_model"),
    ("K.saving.model_config", "model_from_json"),
    ("K.saving.legacy.model_config", "model_from_json"),
    ("K.models.model", "model_from_json"),
)
#: (module, function): what lets go of everything that Keras holds of models. Keras 2, Keras 3.
RELEASES_MODELS = (("K.backend", "clear_session"), ("K.backend.common.global_state", "clear_session"))
#: (module, class): the base class of all layers and models, whose ``set_weights`` is watched.
LAYERS = (("K.engine.base_layer", "Layer"), ("K.layers.layer", "Layer"))
#: (module, class): a layer that stands for a whole exported model, and is called like one.
MODEL_LAYERS = (("K.export.tfsm_layer", "TFSMLayer"), ("K.export.export_lib", "TFSMLayer"))
#: Functions that make a model or fill it, by the name of their code.
LOADING_FUNCTIONS = ("load_model", "model_from_json", "model_from_config", "clone_model", "load_weights")


# --- attributes that may not be there -------------------------------------------------------


def attribute(thing: Any, name: str) -> Any:
    """Returns an attribute, or None: properties of unbuilt layers raise many kinds of error."""
    try:
        return getattr(thing, name, None)
    except (AttributeError, ValueError, RuntimeError, TypeError):
        return None


def first_attribute(thing: Any, *names: str) -> Any:
    """Returns the first of these attributes that is there and not None."""
    for name in names:
        value = attribute(thing, name)
        if value is not None:
            return value
    return None
