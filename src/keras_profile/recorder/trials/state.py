"""The state that a model keeps between calls, so that compared calls begin with the same state."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

from ..frameworks import keras
from ..frameworks.tensorflow import seeds
from ..workload.inputs import all_layers
from .limits import LIMITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEED = 20260101


class ModelState:
    """The values of a model's variables at the time when this object is made.

    :meth:`forget_unchanged` releases those that calls do not assign. ``model`` may be None.
    """

    def __init__(self, model: Any) -> None:
        self._variables = _variables(model)
        self._saved: dict[int, NDArray[Any]] = {}
        left = LIMITS.state_bytes
        # The smallest first: weights that calls do not assign are large.
        for number in sorted(range(len(self._variables)), key=lambda one: _bytes(self._variables[one])):
            left -= _bytes(self._variables[number])
            if left < 0:
                break
            self._saved[number] = np.array(self._variables[number].numpy())

    @property
    def is_kept(self) -> bool:
        """Whether there is anything to restore; after :meth:`forget_unchanged`, whether calls change it."""
        return bool(self._saved)

    def forget_unchanged(self) -> None:
        """Keeps only the saved values of variables that have changed since."""
        self._saved = {
            number: value
            for number, value in self._saved.items()
            if not np.array_equal(self._variables[number].numpy(), value)
        }

    def set(self, *copies: Any) -> None:
        """Gives these values to the model, and to those of its ``copies`` with the same variables."""
        if not self._saved:
            return
        for variables in [self._variables, *map(_variables, copies)]:
            if len(variables) == len(self._variables) and all(
                tuple(variables[number].shape) == value.shape for number, value in self._saved.items()
            ):
                for number, value in self._saved.items():
                    variables[number].assign(value)


class Generators:
    """The states of the global random generators of Python, numpy and TensorFlow when this is made."""

    def __init__(self) -> None:
        self._python = random.getstate()
        self._numpy = np.random.get_state()
        self._tensorflow = seeds.state()

    def restore(self) -> None:
        """Restores these states."""
        random.setstate(self._python)
        np.random.set_state(self._numpy)
        seeds.restore(self._tensorflow)


def seed_all() -> None:
    """Seeds all of them, so that they draw the same numbers each time."""
    random.seed(_SEED)
    np.random.seed(_SEED)
    seeds.seed(_SEED)


def _variables(model: Any) -> list[Any]:
    if model is None:
        return []
    return keras.state_variables(model, [layer for layer, _ in all_layers(model)])


def _bytes(variable: Any) -> int:
    return int(np.prod([int(one or 0) for one in variable.shape])) * 8
