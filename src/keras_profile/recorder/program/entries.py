"""Which functions of Keras and TensorFlow are watched, in every release: tables.

``K`` stands for each root that Keras can have (:data:`..internals.KERAS_ROOTS`).
"""

from __future__ import annotations

import functools

from ..probes.resolving import KERAS_ROOTS, expand
from ..protocol import ENTRY_POINT_TABLE

#: What is an inference call, by the method's name. Calls within such a call are part of it.
INFERENCE = {entry.method: entry.name for entry in ENTRY_POINT_TABLE if entry.method}
#: What else takes time and is no inference: calls of the model in it are training, not inference.
TRAINING = ("fit", "evaluate", "train_on_batch", "test_on_batch")

#: (module, class): its own methods of the names above and ``compile`` are watched.
TRAINERS = (
    ("K.engine.training", "Model"),
    ("K.backend.tensorflow.trainer", "TensorFlowTrainer"),
    ("K.backend.jax.trainer", "JAXTrainer"),
    ("K.backend.torch.trainer", "TorchTrainer"),
    ("K.trainers.trainer", "Trainer"),
)
#: (module, class): the base class of all models, whose ``model(x)`` is watched.
MODELS = (("K.engine.training", "Model"), ("K.models.model", "Model"))
#: (module, class): TensorFlow's functions. A signature is a concrete function.
FUNCTIONS = (
    ("tensorflow.python.eager.def_function", "Function"),
    ("tensorflow.python.eager.polymorphic_function.polymorphic_function", "Function"),
    ("tensorflow.python.eager.function", "ConcreteFunction"),
    ("tensorflow.python.eager.polymorphic_function.monomorphic_function", "ConcreteFunction"),
    ("tensorflow.python.eager.polymorphic_function.concrete_function", "ConcreteFunction"),
)
#: (module, function): what makes a model from a file, a configuration or another model.
LOADERS = (
    ("K.saving.save", "load_model"),
    ("K.saving.saving_api", "load_model"),
    ("K.models", "clone_model"),
    ("K.models.cloning", "clone_model"),
    ("K.saving.model_config", "model_from_json"),
    ("K.saving.legacy.model_config", "model_from_json"),
    ("K.models.model", "model_from_json"),
    ("tensorflow.python.saved_model.load", "load"),
)
#: Packages whose import is told with the time it took.
PACKAGES = ("tensorflow", "keras", "tf_keras")


def watched_modules():
    """The names of all modules that the tables name."""
    names = set(PACKAGES)
    for module, _ in TRAINERS + MODELS + FUNCTIONS + LOADERS:
        names.update(_modules(module))
    return names


def _modules(module):
    return [expand(module, root) for root in KERAS_ROOTS]


class Patches:
    """Puts wrappers in the place of the watched functions, and takes them away again.

    ``call(entry, function, arguments, options)`` is called for each inference call and
    ``act(kind, function, arguments, options)`` for what else is watched; both make the call.
    """

    def __init__(self, call, act):
        self._call = call
        self._act = act
        self._patched = []

    def apply(self, name, module):
        """Wraps what the tables name of a module that was just executed."""
        for owner, method, kind in _of_module(name, module):
            original = getattr(owner, method)
            wrapper = self._wrapper(kind, original)
            self._patched.append((owner, method, owner.__dict__.get(method)))
            setattr(owner, method, wrapper)

    def remove(self):
        patched, self._patched = self._patched, []
        for owner, method, original in reversed(patched):
            if original is None:
                delattr(owner, method)
            else:
                setattr(owner, method, original)

    def _wrapper(self, kind, original):
        do = self._act if kind.startswith("activity:") else self._call
        kind = kind.partition("activity:")[2] or kind

        @functools.wraps(original)
        def wrapper(*arguments, **options):
            return do(kind, original, arguments, options)

        return wrapper


def _of_module(name, module):
    """(owner, its attribute, entry or ``activity:kind``) of what is to be wrapped in a module."""
    found = []
    for table, class_name in TRAINERS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found += [(owner, method, entry) for method, entry in INFERENCE.items() if _works(owner, method)]
            found += [
                (owner, method, "activity:" + method)
                for method in TRAINING + ("compile",)
                if _works(owner, method)
            ]
    for table, class_name in MODELS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found.append((owner, "__call__", "call"))
    for table, class_name in FUNCTIONS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found.append((owner, "__call__", "function" if class_name == "Function" else "signature"))
    for table, function in LOADERS:
        if name in _modules(table) and callable(getattr(module, function, None)):
            found.append(
                (module, function, "activity:load_model" if function == "load" else "activity:" + function)
            )
    return found


def _own_class(name, module, table, class_name):
    """The class, if the table means this module and the class is defined in it."""
    if name not in _modules(table):
        return None
    found = getattr(module, class_name, None)
    return found if getattr(found, "__module__", None) == name else None


def _works(owner, method):
    """Whether a class has a method of its own that does something: an abstract base only raises."""
    function = owner.__dict__.get(method)
    code = getattr(function, "__code__", None)
    return function is not None and not (code is not None and code.co_names == ("NotImplementedError",))
