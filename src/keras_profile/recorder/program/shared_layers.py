"""Finds out which layers are computed again: those of several models that get one input in a row.

Only some of a line's first calls are looked at. An input is the same if it is the same object: whether it
was filled with other values meanwhile is not known.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable, Collection

from .. import frameworks
from ..structures import leaves

#: At most this many calls of a line are looked at, models of it, and arrays of an input.
_CALLS, _MODELS, _MOST_LEAVES = 64, 16, 8
#: What computes nothing.
_INPUT = "InputLayer"

_Reference = Callable[[], Any]


class SharedLayers:
    """Which layers the models have in common that one line calls, one after the other, with one input."""

    def __init__(self) -> None:
        self._calls = 0
        self._layers: dict[int, dict[int, tuple[_Reference, str]]] = {}  # of each model, by identity
        self._shared: dict[int, dict[str, set[int]]] = {}  # of each model: name -> other models
        self._inputs: list[_Reference] = []
        self._thread = 0
        self._in_a_row: list[int] = []

    def note(self, number: int, model: Any, values: Any) -> None:
        """Looks at a call of the model with this number, which is about to be made with these values."""
        if self._calls >= _CALLS or (number not in self._layers and len(self._layers) >= _MODELS):
            return
        self._calls += 1
        inputs, thread = _arrays(values), threading.get_ident()
        known = [reference() for reference in self._inputs]
        same = len(known) == len(inputs) and all(one is other for one, other in zip(known, inputs))
        if not (inputs and same and thread == self._thread):
            self._in_a_row = []
        self._inputs, self._thread = [weakref.ref(one) for one in inputs], thread
        if number not in self._layers:
            self._layers[number] = _layers(model)
        for other in self._in_a_row:
            self._compare(number, other)
        if number not in self._in_a_row:
            self._in_a_row.append(number)

    def _compare(self, number: int, other: int) -> None:
        mine, theirs = self._layers[number], self._layers[other]
        for identity in mine.keys() & theirs.keys() if number != other else ():
            reference, name = mine[identity]
            layer = reference()
            if layer is not None and layer is theirs[identity][0]():
                self._shared.setdefault(number, {}).setdefault(name, set()).add(other)
                self._shared.setdefault(other, {}).setdefault(theirs[identity][1], set()).add(number)

    def describe(self, numbers: Collection[int]) -> list[dict[str, Any]]:
        """Returns the layers of these models that others run on the same input, and how many models do."""
        found: dict[str, int] = {}
        for number in numbers:
            for name, others in self._shared.get(number, {}).items():
                found[name] = max(found.get(name, 0), 1 + len(others))
        return [{"layer": name, "models": count} for name, count in found.items()]


def _arrays(values: Any) -> list[Any]:
    try:
        parts = leaves(values)
    except TypeError:  # a dict whose keys have no order
        return []
    arrays = [leaf for leaf in parts[: _MOST_LEAVES + 1] if frameworks.holds_values(leaf)]
    return arrays if len(parts) <= _MOST_LEAVES else []


def _layers(model: Any) -> dict[int, tuple[_Reference, str]]:
    """The layers of a Keras model, and those of models in it."""
    found: dict[int, tuple[_Reference, str]] = {}
    waiting = list(getattr(model, "layers", None) or ())
    while waiting:
        layer = waiting.pop()
        name = getattr(layer, "name", None)
        if id(layer) in found or not isinstance(name, str) or type(layer).__name__ == _INPUT:
            continue
        found[id(layer)] = (weakref.ref(layer), name)
        inner = getattr(layer, "layers", None)
        waiting += inner if isinstance(inner, (list, tuple)) else ()
    return found
