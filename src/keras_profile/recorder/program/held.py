"""Keeps what is needed to make calls again, within limits of memory.

A program lets go of its models and inputs long before its end. To make calls again, the recorder holds
on to all small models, as long as they are small in total, and to the last large one that was called:
a program that works in a function lets go of that right before its end. The large model is let go, too,
once another model is called or made, or the process needs more memory than it needed for that model.
Inputs are copied, within the same limit, so the program's own are free.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable

#: Held models and inputs may take this many bytes in total. A large model is let go if the process needs
#: this much more than before.
MOST_BYTES = 64 * 2**20


class Held:
    """A thing with a weak reference, and a strong one as long as it is held."""

    def __init__(self, thing: Any) -> None:
        self._strong = thing
        try:
            self._weak: Callable[[], Any] = weakref.ref(thing)
        except TypeError:  # it allows no weak reference: once it is let go, it is gone
            self._weak = _gone

    def let_go(self) -> None:
        self._strong = None

    @property
    def thing(self) -> Any:
        """The thing; None if the program has let go of it and it is not held."""
        return self._weak() if self._strong is None else self._strong


def _gone() -> None:
    return None


class HeldThings:
    """What the recorder holds on to, and how much more it may hold."""

    def __init__(self) -> None:
        self._left = MOST_BYTES
        self._large: Held | None = None
        self._large_is_of = -1
        self._unknown: list[Held] = []
        self._most_resident = 0
        self._lock = threading.Lock()

    def room(self) -> int:
        """Returns how many more bytes may be held."""
        return self._left

    def take(self, size: int) -> None:
        """Counts bytes that are held from now on."""
        self._left -= size

    def hold_until_needed(self, thing: Any) -> Held:
        """Holds a thing of unknown size until the process needs more memory than before."""
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
        """Lets go of the large model: one with another ``number`` is called, or one is made."""
        if self._large is not None and self._large_is_of != number:
            with self._lock:
                self._let_go_of_model()

    def resident(self, size: int | None, in_call: bool) -> None:
        """Notes the process's memory now, in or after a call of what is held, or at another time."""
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


#: Graphs of a model have a second copy of its weights, in the order in which a processor wants them.
_COPIES = 2


def weights_bytes(model: Any) -> int | None:
    """Returns how many bytes a called model takes, by its weights; None if they do not say."""
    try:
        return _COPIES * sum(bytes_of(weight) for weight in model.weights)
    except Exception:  # a user's model may answer anything
        return None


def bytes_of(array: Any) -> int:
    """Returns how many bytes the values of an array, tensor or variable take.

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
