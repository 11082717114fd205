"""Finds out which layers are computed again: those of several models that get one input in a row.

Only some of a line's first calls are looked at. An input is the same if it is the same object: whether it
was filled with other values meanwhile is not known. Layers that models have in common count up to the first
that they do not: what comes after another layer computes something else.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable, Collection

from .. import frameworks

#: At most this many calls of a line are looked at, models of it, and arrays of an input.
_CALLS, _MODELS, _MOST_ARRAYS = 64, 16, 8
#: What computes nothing.
_INPUT = "InputLayer"

_Reference = Callable[[], Any]


class SharedLayers:
    """Which layers the models have in common that one line calls, one after the other, with one input."""

    def __init__(self) -> None:
        self._calls = 0
        self._layers: dict[int, list[tuple[_Reference, str]]] = {}  # of each model, in its order
        self._shared: dict[int, dict[str, set[int]]] = {}  # of each model: name -> other models
        self._calls_of: dict[int, int] = {}
        #: How many calls of each model are in a row of calls of several on one input.
        self._in_rows: dict[int, int] = {}
        self._inputs: list[_Reference] = []
        self._thread = 0
        self._row: list[int] = []

    def note(self, number: int, model: Any, value: Any) -> None:
        """Looks at a call of the model with this number, whose input is ``value``."""
        if self._calls >= _CALLS or (number not in self._layers and len(self._layers) >= _MODELS):
            return
        self._calls += 1
        if number not in self._layers:
            self._layers[number] = _layers(model)
        self._calls_of[number] = self._calls_of.get(number, 0) + 1
        inputs, thread = _arrays(value), threading.get_ident()
        known = [reference() for reference in self._inputs]
        same = len(known) == len(inputs) and all(one is other for one, other in zip(known, inputs))
        if not (inputs and same and thread == self._thread):
            self._row = []
        self._inputs, self._thread = [weakref.ref(one) for one in inputs], thread
        for other in set(self._row) - {number}:
            self._compare(number, other)
        self._row.append(number)
        if len(set(self._row)) > 1:
            # The first call of another model puts those before it into a row, too.
            counted = self._row if len(set(self._row[:-1])) == 1 else [number]
            for one in counted:
                self._in_rows[one] = self._in_rows.get(one, 0) + 1

    def _compare(self, number: int, other: int) -> None:
        for (mine, name), (theirs, other_name) in zip(self._layers[number], self._layers[other]):
            layer = mine()
            if layer is None or layer is not theirs():
                return
            self._shared.setdefault(number, {}).setdefault(name, set()).add(other)
            self._shared.setdefault(other, {}).setdefault(other_name, set()).add(number)

    def describe(self, numbers: Collection[int]) -> list[dict[str, Any]]:
        """Returns the layers of these models that others run on the same input, and how many models do.

        A model counts if most of its calls are in a row with calls of others.
        """
        found: dict[str, int] = {}
        for number in tuple(numbers):
            if self._in_rows.get(number, 0) * 2 <= self._calls_of.get(number, 0):
                continue
            for name, others in tuple(self._shared.get(number, {}).items()):
                found[name] = max(found.get(name, 0), 1 + len(others))
        return [{"layer": name, "models": count} for name, count in found.items()]


def _arrays(value: Any) -> list[Any]:
    """The arrays of an input: itself, or those of a list, tuple or dict; none of what is nested deeper."""
    parts = list(value.values()) if type(value) is dict else [value]
    if type(value) in (list, tuple):
        parts = list(value[: _MOST_ARRAYS + 1])
    if not 0 < len(parts) <= _MOST_ARRAYS or not all(map(frameworks.holds_values, parts)):
        return []
    return parts


def _layers(model: Any) -> list[tuple[_Reference, str]]:
    """The layers of a Keras model in its order, and after each model in it those of that."""
    found: list[tuple[_Reference, str]] = []
    seen: set[int] = set()
    waiting = list(reversed(getattr(model, "layers", None) or ()))
    while waiting:
        layer = waiting.pop()
        name = getattr(layer, "name", None)
        if id(layer) in seen or not isinstance(name, str) or type(layer).__name__ == _INPUT:
            continue
        seen.add(id(layer))
        try:
            found.append((weakref.ref(layer), name))
        except TypeError:  # no layer of Keras
            break
        inner = getattr(layer, "layers", None)
        waiting += reversed(inner) if isinstance(inner, (list, tuple)) else ()
    return found
