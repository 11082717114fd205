"""TensorFlow's global seed, on which ops that draw random numbers depend when they run eagerly."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import Any, Iterator

#: What a context keeps of its seed: see ``Context._set_global_seed``, from 2.0 on.
_KEPT = ("_seed", "_rng")


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Eager ops draw the same numbers each time; afterwards the user's own sequence goes on."""
    tensorflow, context = sys.modules.get("tensorflow"), _context()
    if tensorflow is None or context is None:
        yield
        return
    before = {name: vars(context)[name] for name in _KEPT if name in vars(context)}
    tensorflow.random.set_seed(seed)
    try:
        yield
    finally:
        for name in _KEPT:
            if name in before:
                setattr(context, name, before[name])
            elif name in vars(context):
                delattr(context, name)


def _context() -> Any:
    module = sys.modules.get("tensorflow.python.eager.context")
    return None if module is None else module.context()
