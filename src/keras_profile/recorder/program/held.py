"""What is kept of a call for it to be made again, within limits of memory.

A program lets go of its models and inputs long before its end. To make calls again the recorder holds
on to models: all that are small, as long as they are so in all; of larger ones the last that was
called, since a program that works in a function lets go of it right before its end. That one is let
go, too, once another model is called or made, or the process needs more memory than it needed for
it. Inputs are copied, within the same limit, so that the program's own are free.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable

#: What is held of models and inputs takes so much in all; and so much more than it needed before may
#: the process need until a large model is let go.
MOST_BYTES = 64 * 2**20


class Held:
    """A thing that is referred to weakly, and strongly as long as it is held."""

    def __init__(self, thing: Any) -> None:
        self._strong = thing
        try:
            self._weak: Callable[[], Any] = weakref.ref(thing)
        except TypeError:  # it cannot be referred to weakly: once it is let go it is gone
            self._weak = _gone

    def let_go(self) -> None:
        self._strong = None

    @property
    def thing(self) -> Any:
        """The thing; None where the program has let go of it, and it is not held."""
        return self._weak() if self._strong is None else self._strong


def _gone() -> None:
    return None


class HeldThings:
    """What the recorder holds on to, and how much it may hold on to in all."""

    def __init__(self) -> None:
        self._left = MOST_BYTES
        self._large: Held | None = None
        self._large_is_of = -1
        self._unknown: list[Held] = []
        self._most_resident = 0
        self._lock = threading.Lock()

    def room(self) -> int:
        """How many bytes may be held in addition."""
        return self._left

    def take(self, size: int) -> None:
        """Counts bytes that are held from now on."""
        self._left -= size

    def hold_until_needed(self, thing: Any) -> Held:
        """Holds a thing whose size is not known until the process needs more memory than before."""
        held = Held(thing)
        with self._lock:
            self._unknown.append(held)
            self._most_resident = 0
        return held

    def hold(self, thing: Any, number: int, size: int | None) -> Held:
        """Holds the model with this ``number``, of ``size`` bytes (None if that is not known)."""
        held = Held(thing)
        with self._lock:
            if size is not None and size <= self._left:
                self._left -= size
            else:
                self._let_go_of_model()
                self._large, self._large_is_of, self._most_resident = held, number, 0
        return held

    def another_model(self, number: int = -1) -> None:
        """A model with this number is called, or one is made: the large one is held no longer."""
        if self._large is not None and self._large_is_of != number:
            with self._lock:
                self._let_go_of_model()

    def resident(self, size: int | None, in_call: bool) -> None:
        """The process's memory now, in or after a call of what is held, or at another time."""
        if (self._large is None and not self._unknown) or size is None:
            return
        with self._lock:
            if in_call or not self._most_resident:
                self._most_resident = max(self._most_resident, size)
            elif size > self._most_resident + MOST_BYTES:
                self._let_go_of_model()
                unknown, self._unknown = self._unknown, []
                for held in unknown:
                    held.let_go()

    def _let_go_of_model(self) -> None:
        large, self._large, self._large_is_of = self._large, None, -1
        if large is not None:
            large.let_go()


#: Graphs of a model have its weights once more, in the order in which a processor wants them.
_COPIES = 2


def weights_bytes(model: Any) -> int | None:
    """How many bytes a model that was called takes, by its weights; None where they do not say."""
    try:
        return _COPIES * sum(bytes_of(weight) for weight in model.weights)
    except Exception:  # a model of the user's may answer anything
        return None


def bytes_of(array: Any) -> int:
    """How many bytes the values of an array, tensor or variable have.

    >>> import numpy as np
    >>> bytes_of(np.zeros((3, 2), "float64"))
    48
    """
    dtype = getattr(array.dtype, "size", None) or getattr(array.dtype, "itemsize", None)
    if dtype is None:  # Keras 3 names it
        name = str(array.dtype)
        digits = "".join(letter for letter in name if letter.isdigit())
        dtype = max(int(digits or 32) // 8, 1)
    size = int(dtype)
    for one in array.shape:
        size *= int(one)
    return size
