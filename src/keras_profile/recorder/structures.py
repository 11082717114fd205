"""Nested inputs: lists, tuples and dicts of arrays, walked without TensorFlow's help."""

from __future__ import annotations

from typing import Any, Callable


def map_leaves(function: Callable[[Any], Any], thing: Any) -> Any:
    """Returns ``thing`` with ``function`` applied to everything that is not a list, tuple or dict.

    >>> map_leaves(len, {"a": ["xy", "z"]})
    {'a': [2, 1]}
    """
    if isinstance(thing, dict):
        return {key: map_leaves(function, value) for key, value in thing.items()}
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return type(thing)(*(map_leaves(function, value) for value in thing))
    if isinstance(thing, (list, tuple)):
        return type(thing)(map_leaves(function, value) for value in thing)
    return function(thing)


def leaves(thing: Any) -> list[Any]:
    """Returns the leaves of ``thing`` in order, those of dicts in the order of their sorted keys.

    >>> leaves({"b": 1, "a": [2, 3]})
    [2, 3, 1]
    """
    if isinstance(thing, dict):
        return [leaf for key in sorted(thing) for leaf in leaves(thing[key])]
    if isinstance(thing, (list, tuple)):
        return [leaf for value in thing for leaf in leaves(value)]
    return [thing]
