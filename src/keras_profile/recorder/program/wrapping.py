"""Wraps the functions of Keras and TensorFlow that are watched, whichever of them this process has.

The modules that have them are in the tables of :mod:`..frameworks`, where ``K`` stands for each
root that Keras can have.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable, Dict, Tuple

from ..frameworks.keras import LAYERS, LOADERS, MODEL_LAYERS, MODELS, ROOTS, TRAINERS, expand
from ..frameworks.tensorflow import functions
from ..protocol import ENTRY_POINT_TABLE

#: What makes a call that is watched: of a kind, the function, its arguments and its options.
Maker = Callable[[str, Callable[..., Any], Tuple[Any, ...], Dict[str, Any]], Any]

#: What is an inference call, by the method's name. Calls within such a call are part of it.
INFERENCE = {entry.method: entry.name for entry in ENTRY_POINT_TABLE if entry.method}
#: What else takes time and is no inference: calls of the model in it are training, not inference.
TRAINING = ("fit", "evaluate", "train_on_batch", "test_on_batch")

#: Packages whose import is told with the time it took.
PACKAGES = ("tensorflow", "keras", "tf_keras")


def watched_modules() -> set[str]:
    """The names of all modules that the tables name."""
    names = set(PACKAGES)
    for module, _ in TRAINERS + MODELS + MODEL_LAYERS + LAYERS + LOADERS + functions.WATCHED:
        names.update(_modules(module))
    return names


def _modules(module: str) -> list[str]:
    return [name for name in (expand(module, root) for root in ROOTS) if name is not None]


class Patches:
    """Puts wrappers in the place of the watched functions, and takes them away again.

    ``call(entry, function, arguments, options)`` is called for each inference call and
    ``act(kind, function, arguments, options)`` for what else is watched; both make the call.
    """

    def __init__(self, call: Maker, act: Maker) -> None:
        self._call = call
        self._act = act
        self._patched: list[tuple[Any, str, Any]] = []

    def apply(self, name: str, module: ModuleType) -> None:
        """Wraps what the tables name of a module that was just executed."""
        for owner, method, kind in _of_module(name, module):
            original = getattr(owner, method)
            wrapper = self._wrapper(kind, original)
            self._patched.append((owner, method, owner.__dict__.get(method)))
            setattr(owner, method, wrapper)

    def remove(self) -> None:
        patched, self._patched = self._patched, []
        for owner, method, original in reversed(patched):
            if original is None:
                delattr(owner, method)
            else:
                setattr(owner, method, original)

    def _wrapper(self, kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
        do = self._act if kind.startswith("activity:") else self._call
        kind = kind.partition("activity:")[2] or kind

        @functools.wraps(original)
        def wrapper(*arguments: Any, **options: Any) -> Any:
            return do(kind, original, arguments, options)

        return wrapper


def _of_module(name: str, module: ModuleType) -> list[tuple[Any, str, str]]:
    """(owner, its attribute, entry or ``activity:kind``) of what is to be wrapped in a module."""
    found: list[tuple[Any, str, str]] = []
    for table, class_name in TRAINERS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found += [(owner, method, entry) for method, entry in INFERENCE.items() if _works(owner, method)]
            found += [
                (owner, method, "activity:" + method)
                for method in TRAINING + ("compile",)
                if _works(owner, method)
            ]
    for table, class_name in LAYERS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found.append((owner, "set_weights", "activity:set_weights"))
    for table, class_name in MODELS + MODEL_LAYERS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found.append((owner, "__call__", "call"))
    for tables, entry in ((functions.FUNCTIONS, "function"), (functions.CONCRETE_FUNCTIONS, "signature")):
        for table, class_name in tables:
            owner = _own_class(name, module, table, class_name)
            if owner is not None:
                found.append((owner, "__call__", entry))
    for table, function in LOADERS:
        if name in _modules(table) and callable(getattr(module, function, None)):
            found.append((module, function, "activity:" + function))
    for table, function in functions.LOADERS:
        if name == table and callable(getattr(module, function, None)):
            found.append((module, function, "activity:load_model"))
    return found


def _own_class(name: str, module: ModuleType, table: str, class_name: str) -> Any:
    """The class, if the table means this module and the class is defined in it."""
    if name not in _modules(table):
        return None
    found = getattr(module, class_name, None)
    return found if getattr(found, "__module__", None) == name else None


def _works(owner: Any, method: str) -> bool:
    """Whether a class has a method of its own that does something: an abstract base only raises."""
    function = owner.__dict__.get(method)
    code = getattr(function, "__code__", None)
    return function is not None and not (code is not None and code.co_names == ("NotImplementedError",))
