"""TensorFlow's global seed, on which ops that draw random numbers depend when they run eagerly."""

from __future__ import annotations

import sys
from typing import Any


def state() -> Any:
    """Returns what :func:`restore` takes: the seed, and the position in the numbers that follow from it."""
    context = _context()
    if context is None:
        return None
    kept = vars(context)  # see ``Context._set_global_seed``, from 2.0 on: they may not be there yet
    numbers = kept.get("_rng")
    return kept.get("_seed"), numbers, None if numbers is None else numbers.getstate()


def restore(state: Any) -> None:
    """Lets the user's own sequence go on from where it was."""
    context = _context()
    if context is None or state is None:
        return
    context._seed, numbers, position = state
    if numbers is not None:
        numbers.setstate(position)
        context._rng = numbers
    elif "_rng" in vars(context):
        del context._rng


def seed(number: int) -> None:
    """Makes eager ops draw the same numbers from here on, each time."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and _context() is not None:
        tensorflow.random.set_seed(number)


def _context() -> Any:
    module = sys.modules.get("tensorflow.python.eager.context")
    return None if module is None else module.context()
