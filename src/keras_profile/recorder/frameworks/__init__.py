"""What is known about Keras, its backends and their releases: here, and nowhere else in the recorder.

:mod:`.keras` is Keras, whatever it runs on. A backend is a module or folder here and a member
of :data:`BACKENDS`, with these functions, which import nothing that is not loaded already:

- ``PACKAGES``: the names of its packages;
- ``load()``: imports the framework and returns it; raises a ``RecorderError`` with the fix if
  that is not possible. Only this one imports;
- ``version()`` and ``devices()``: as text, and as a list of texts; None and empty if not loaded;
- ``settings()``: the process's settings that change how its functions run, as plain data;
- ``is_tensor(leaf)``, ``is_symbolic(leaf)``: whether something is one of the framework's arrays,
  and whether it only stands for values while a graph is built;
- ``tensor(array, dtype=None)``: an array as one of the framework's;
- ``holds_values(leaf)``: whether something is a tensor with values, by its type alone;
- ``shape_of(leaf)``: the shape of what holds values, as numbers, found fast;
- ``array_at_hand(leaf, most_bytes)``: a tensor's numbers as an array if they are that few and
  reading them copies from no other device, else None;
- ``graph_builder()``: the module and the name of the function that every trace goes through,
  None if not loaded; ``describe_trace(...)``, ``size_of_trace(...)``: what a trace was;
- ``is_generated(file)``: whether the framework wrote a source file itself;
- ``reads_input(module)``: whether a module's functions call the user's code for the batches of an input.

TensorFlow's calls return when their results are ready. A backend whose calls return earlier
needs one more function, which waits for a result: :func:`..measuring.measured_call` has to wait
within the measured time.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from . import keras, tensorflow

#: The backends that the recorder knows from within. Keras on others is recorded without these facts.
BACKENDS = (tensorflow,)
#: The packages of all of these: calls from one of their modules to another are not the user's.
PACKAGES = keras.PACKAGES + tensorflow.PACKAGES


def chosen_backend() -> str:
    """The name of the backend that Keras is to run on in this process."""
    return os.environ.get("KERAS_BACKEND", "tensorflow")


def is_tensor(leaf: object) -> bool:
    """Whether something is a backend's array, rather than numpy's or the user's own."""
    return any(backend.is_tensor(leaf) for backend in BACKENDS)


def holds_values(leaf: object) -> bool:
    """Whether something is an array, or a tensor with values. Only its type is checked."""
    return _is_numpys(leaf) or any(backend.holds_values(leaf) for backend in BACKENDS)


def shape_of(leaf: Any) -> tuple[int, ...] | None:
    """Returns the shape of what holds values; None for anything else."""
    found: tuple[int, ...] | None = None
    if _is_numpys(leaf):
        found = leaf.shape
    else:
        for backend in BACKENDS:  # no generator: this runs in each call of a program
            if backend.holds_values(leaf):
                found = backend.shape_of(leaf)
    return found


def array_at_hand(leaf: Any, most_bytes: int) -> Any:
    """Returns the values if they are numbers, at most ``most_bytes`` and on no other device, else None."""
    if _is_numpys(leaf):
        return leaf if leaf.dtype.kind in "fiu" and leaf.nbytes <= most_bytes else None
    found = (backend.array_at_hand(leaf, most_bytes) for backend in BACKENDS if backend.holds_values(leaf))
    return next(found, None)


def is_symbolic(leaf: object) -> bool:
    """Whether something only stands for values, as it does while a model or a graph is built."""
    return keras.is_symbolic(leaf) or any(backend.is_symbolic(leaf) for backend in BACKENDS)


def _is_numpys(leaf: object) -> bool:
    """Whether it is one of numpy's own arrays. numpy may be missing: that is reported elsewhere."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(leaf) is numpy.ndarray


def tensor_like(array: Any, leaf: Any) -> Any:
    """Returns ``array`` in the framework and dtype of ``leaf``, unchanged if ``leaf`` is no tensor."""
    for backend in BACKENDS:
        if backend.is_tensor(leaf):
            return backend.tensor(array, leaf.dtype)
    return array


def makes_batches(module: str) -> bool:
    """Whether a module's functions call the user's code for the batches of an input."""
    return keras.reads_input(module) or any(backend.reads_input(module) for backend in BACKENDS)


def is_generated(file: str) -> bool:
    """Whether a backend wrote a source file itself."""
    return any(backend.is_generated(file) for backend in BACKENDS)
