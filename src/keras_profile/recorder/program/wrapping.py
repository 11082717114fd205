"""Watches the functions of Keras and TensorFlow that matter, whichever of them this process has.

The modules that have them are in the tables of :mod:`..frameworks`, where ``K`` stands for each
root that Keras can have. A function that cannot be watched from within is wrapped.
"""

from __future__ import annotations

import functools
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Callable, List, Tuple

from ..frameworks.keras import (
    LAYERS,
    LOADERS,
    MODEL_LAYERS,
    MODELS,
    RELEASES_MODELS,
    ROOTS,
    TRAINERS,
    expand,
)
from ..frameworks.tensorflow import functions
from ..frameworks.tensorflow.profiler import CONTROLS
from ..probes.watching import Unwatchable, Watch, WatchedFunction
from ..protocol import ENTRY_POINT_TABLE
from ..user_frames import leave_out_recorder

if TYPE_CHECKING:
    from .call_recorder import CallRecorder

#: Entry points of inference calls, by the method's name. Calls within such a call are part of it.
INFERENCE = {entry.method: entry.name for entry in ENTRY_POINT_TABLE if entry.method}
#: Methods that take time and are not inference: calls of the model within them are training.
TRAINING = ("fit", "evaluate", "train_on_batch", "test_on_batch")

#: Packages whose import is reported with the time it took.
PACKAGES = ("tensorflow", "keras", "tf_keras")

#: How many parameters of a function must be given, and the names and defaults of the others.
Optional = Tuple[int, List[Tuple[str, Any]]]

_ACTIVITY, _PROFILER, _RELEASE = "activity:", "profiler", "release"


def watched_modules() -> set[str]:
    """The names of all modules that the tables name."""
    names = set(PACKAGES)
    of_keras = TRAINERS + MODELS + MODEL_LAYERS + LAYERS + LOADERS + RELEASES_MODELS
    for module, _ in of_keras + functions.WATCHED + CONTROLS:
        names.update(_modules(module))
    return names


def _modules(module: str) -> list[str]:
    return [name for name in (expand(module, root) for root in ROOTS) if name is not None]


class Patches:
    """Installs watches in the functions, and removes them again; ``recorder`` makes what these call."""

    def __init__(self, recorder: CallRecorder) -> None:
        self._recorder = recorder
        #: Functions that are watched from within, now or before, by their identity; they are kept.
        self._watched: dict[int, WatchedFunction] = {}
        self._installed: list[WatchedFunction] = []
        self._wrapped: list[tuple[Any, str, Any]] = []

    def apply(self, name: str, module: ModuleType) -> None:
        """Watches what the tables name in a module that was just executed."""
        for owner, attribute, kind in _of_module(name, module):
            function = getattr(owner, attribute)
            if any(known.function is function for known in self._installed):
                continue  # another class inherits it
            watch = self._watch(kind, function)
            if type(function) is FunctionType and self._watch_within(function, watch):
                continue
            self._wrapped.append((owner, attribute, owner.__dict__.get(attribute)))
            setattr(owner, attribute, wrapped(function, watch))

    def remove(self) -> None:
        installed, self._installed = self._installed, []
        for watched in installed:
            watched.remove()
        while self._wrapped:
            self._unwrap(*self._wrapped[-1])
            self._wrapped.pop()

    def forsake(self) -> None:
        """In a forked child: removes everything, though another thread may have been about to."""
        self._installed = [known for known in list(self._watched.values()) if known.is_installed]
        self.remove()

    def _unwrap(self, owner: Any, attribute: str, original: Any) -> None:
        if original is not None:
            setattr(owner, attribute, original)
        elif attribute in vars(owner):
            delattr(owner, attribute)

    def _watch_within(self, function: FunctionType, watch: Watch) -> bool:
        watched = self._watched.get(id(function))
        if watched is None or not watched.is_as_before:
            try:
                watched = self._watched[id(function)] = WatchedFunction(function, watch)
            except Unwatchable:
                return False
        watched.install()
        self._installed.append(watched)
        return True

    def _watch(self, kind: str, function: Any) -> Watch:
        recorder = self._recorder
        if kind == _PROFILER:
            return Watch(recorder.on_profiler)
        if kind == _RELEASE:
            return Watch(recorder.on_release)
        if kind.startswith(_ACTIVITY):
            return Watch(recorder.on_activity(kind[len(_ACTIVITY) :], getattr(function, "__name__", "")))
        return Watch(recorder.on_call(kind, _optional(function)), recorder.on_result, recorder.is_over)


def wrapped(function: Callable[..., Any], watch: Watch) -> Callable[..., Any]:
    """Wraps the function in another, whose frame is on the stack but in no traceback of an exception."""
    give = watch.give or _itself

    @functools.wraps(function)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        try:
            with watch.enter(arguments, options):
                return give(function(*arguments, **options))
        except BaseException as error:
            leave_out_recorder(error)
            raise

    return wrapper


def _itself(result: Any) -> Any:
    return result


def _optional(function: Any) -> Optional:
    """Returns how many parameters of a function must be given, and names and defaults of the others."""
    code, defaults = getattr(function, "__code__", None), getattr(function, "__defaults__", None) or ()
    if code is None or not defaults:
        return 0, []
    names = code.co_varnames[: code.co_argcount]
    required = len(names) - len(defaults)
    return required, list(zip(names[required:], defaults))


def _of_module(name: str, module: ModuleType) -> list[tuple[Any, str, str]]:
    """Returns (owner, its attribute, kind) for each thing to watch in a module.

    The kind is the name of an entry point, ``activity:`` with what is done, ``profiler``, or
    ``release``.
    """
    found: list[tuple[Any, str, str]] = []
    for table, class_name in TRAINERS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found += [(owner, method, entry) for method, entry in INFERENCE.items() if _works(owner, method)]
            found += [
                (owner, method, _ACTIVITY + method)
                for method in TRAINING + ("compile",)
                if _works(owner, method)
            ]
    for table, class_name in LAYERS:
        owner = _own_class(name, module, table, class_name)
        if owner is not None:
            found.append((owner, "set_weights", _ACTIVITY + "set_weights"))
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
            found.append((module, function, _ACTIVITY + function))
    for table, function in RELEASES_MODELS:
        if name in _modules(table) and getattr(getattr(module, function, None), "__module__", None) == name:
            found.append((module, function, _RELEASE))
    for table, function in functions.LOADERS:
        if name == table and callable(getattr(module, function, None)):
            found.append((module, function, _ACTIVITY + "load_model"))
    for table, function in CONTROLS:
        if name == table and callable(getattr(module, function, None)):
            found.append((module, function, _PROFILER))
    return found


def _own_class(name: str, module: ModuleType, table: str, class_name: str) -> Any:
    """Returns the class, if the table means this module and the class is defined in it."""
    if name not in _modules(table):
        return None
    found = getattr(module, class_name, None)
    return found if getattr(found, "__module__", None) == name else None


def _works(owner: Any, method: str) -> bool:
    """Whether a class has a method of its own that does something: an abstract base only raises."""
    function = owner.__dict__.get(method)
    code = getattr(function, "__code__", None)
    return function is not None and not (code is not None and code.co_names == ("NotImplementedError",))
