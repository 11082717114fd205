"""Decides which calls are alike: by what their model is made of and the shapes of their inputs."""

from __future__ import annotations

import functools
import weakref
from typing import Any, Callable, Hashable

import numpy as np

from .. import frameworks
from ..frameworks.tensorflow.functions import python_function
from .held import bytes_of


class Models:
    """Numbers model objects, and decides which are alike.

    A model that is loaded again is another object of the same kind.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Callable[[], Any], int, Any]] = {}  # id -> (reference, number, kind)
        self._count = 0

    def number_and_kind(self, model: Any) -> tuple[int, Hashable]:
        """Returns the object's number and a hashable value that similar models share."""
        known = self._known.get(id(model))
        if known is not None and known[0]() is model:
            return known[1], known[2]
        number, self._count = self._count, self._count + 1
        try:
            reference: Callable[[], Any] = weakref.ref(model)
        except TypeError:  # it allows no weak reference: it is kept
            reference = functools.partial(_itself, model)

        kind = _kind(model)
        self._known[id(model)] = (reference, number, kind)
        return number, kind


def _itself(model: Any) -> Any:
    return model


def _kind(model: Any) -> Hashable:
    function = python_function(model)
    if function is not None:
        code = getattr(function, "__code__", None)
        return (
            type(model).__name__,
            getattr(function, "__qualname__", str(function)),
            (getattr(code, "co_filename", ""), getattr(code, "co_firstlineno", 0)),
        )
    layers = getattr(model, "layers", None) or ()
    kind = (type(model).__module__, type(model).__qualname__)
    return kind + (tuple(type(layer).__name__ for layer in layers),)


def shapes_key(value: Any) -> Hashable:
    """Returns a hashable value that inputs of the same structure, shapes and types share.

    >>> shapes_key(np.zeros((2, 3)))
    ('<f8', (2, 3))
    """
    if type(value) is np.ndarray:
        return value.dtype.str, value.shape
    known = frameworks.shape_of(value)
    shape = getattr(value, "shape", None) if known is None else known
    if shape is not None:
        try:
            return _in_text(getattr(value, "dtype", "")), known or tuple(int(size) for size in shape)
        except (TypeError, ValueError):
            return type(value).__name__, str(shape)
    if isinstance(value, dict):
        return tuple((str(key), shapes_key(value[key])) for key in sorted(value, key=str))
    if isinstance(value, (list, tuple)):
        if len(value) and hasattr(value[0], "shape"):
            return tuple(shapes_key(part) for part in value)
        return type(value).__name__, len(value)
    return type(value).__name__


#: What :func:`_in_text` has made, by the identity of the objects, which are kept too.
_TEXTS: dict[int, tuple[Any, str]] = {}
_MOST_TEXTS = 200


def _in_text(dtype: Any) -> str:
    """Returns a dtype as text, which TensorFlow is slow to make."""
    known = _TEXTS.get(id(dtype))
    if known is None:
        if len(_TEXTS) >= _MOST_TEXTS:
            _TEXTS.clear()
        known = _TEXTS[id(dtype)] = (dtype, str(dtype))
    return known[1]


def shapes_in_key(key: Any) -> list[list[int]]:
    """Returns the shapes of the arrays that a :func:`shapes_key` stands for, in order.

    >>> shapes_in_key(shapes_key({"a": np.zeros((2, 3)), "b": [np.zeros(4)]}))
    [[2, 3], [4]]
    """
    if not isinstance(key, tuple):
        return []
    if len(key) == 2 and isinstance(key[0], str) and isinstance(key[1], tuple):
        if all(isinstance(size, int) for size in key[1]):
            return [list(key[1])]
    return [shape for part in key for shape in shapes_in_key(part)]


def first_leaf(value: Any) -> Any:
    """Returns the first array, tensor or other thing in a structure."""
    while isinstance(value, (list, tuple, dict)) and len(value):
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value


def is_symbolic(value: Any) -> bool:
    """Whether an input only stands for values, as it does while a model or a graph is built."""
    return frameworks.is_symbolic(first_leaf(value))


def _has_values(value: Any) -> bool:
    return isinstance(value, np.ndarray) or frameworks.holds_values(value)


def copied_bytes(value: Any) -> int:
    """Returns how many bytes the arrays of a :func:`copied` value take.

    >>> copied_bytes({"a": np.zeros(4, np.float32), "b": [np.zeros(2)]})
    32
    """
    if _has_values(value):
        return bytes_of(value)
    if isinstance(value, dict):
        return sum(copied_bytes(part) for part in value.values())
    if isinstance(value, (list, tuple)) and len(value) and hasattr(value[0], "shape"):
        return sum(copied_bytes(part) for part in value)
    return 0


def copied(value: Any, most_bytes: int) -> Any:
    """Returns a copy of arrays, which their owner may change; other inputs as they are.

    Returns None if the arrays together are larger than ``most_bytes``, or the input can be read only
    once.

    >>> two = [np.zeros(2), np.zeros(2)]
    >>> copied(two, 31) is None, len(copied(two, 32))
    (True, 2)
    """
    if copied_bytes(value) > most_bytes:
        return None
    if _has_values(value):
        return value.copy() if isinstance(value, np.ndarray) else value
    if isinstance(value, dict):
        named = {key: copied(part, most_bytes) for key, part in value.items()}
        return None if any(part is None for part in named.values()) else named
    if isinstance(value, (list, tuple)) and len(value) and hasattr(value[0], "shape"):
        parts = [copied(part, most_bytes) for part in value]
        return None if any(part is None for part in parts) else type(value)(parts)
    return None if hasattr(value, "__next__") else value
