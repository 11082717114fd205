"""Finds out whether the inputs of a line's calls are made of the previous call's output.

Some of the first calls are looked at: each input with the previous input and output. An input is made
of that output if it is the same object or shares its memory. It is also made of it if all that is new,
compared with the previous input, are values of the output. In an input of integers these may be the
positions of the output's largest values, as in greedy decoding. Other ways are not recognised.

Of several inputs, some may be those of the call before: the model then computes from them again what it
has computed already.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable, Sequence

import numpy as np

from .. import frameworks
from ..structures import leaves

#: At most this many calls are looked at, bytes of an array, and arrays of a structure.
_CALLS, _MOST_BYTES, _MOST_LEAVES = 8, 2 * 2**20, 8
#: How many values of a larger array are compared, if it is the same array.
_SAMPLED = 4096
#: Numbers that say nothing: they are everywhere.
_EVERYWHERE = (0.0, 1.0, -1.0)
#: At most this part of an input of integers may be new: the rest is to be the previous input.
_MOSTLY_KEPT = 0.5


class DataFlow:
    """What was seen of the calls of one line: how many ``calls`` were looked at, and for how many the input
    is made of the previous output, or is the previous input."""

    def __init__(self) -> None:
        self.calls = self.from_outputs = self.same_input = 0
        self._same_parts = 0.0
        self._thread = 0
        self._inputs: list[_Seen] = []
        self._outputs: list[_Seen] | None = None  # None during a call, or if it raised

    @property
    def wants_more(self) -> bool:
        """Whether more calls are to be looked at."""
        return self.calls < _CALLS

    @property
    def is_chained(self) -> bool:
        """Whether most inputs are made of the output before."""
        return self.from_outputs * 2 > self.calls

    def before(self, values: Any) -> None:
        """Looks at the inputs of a call that is about to be made."""
        if self.calls >= _CALLS:
            return
        inputs = _seen(values)
        thread = threading.get_ident()
        if self._outputs is not None and thread == self._thread and inputs:
            self.calls += 1
            self.from_outputs += _any_made_of(self._outputs, self._inputs, inputs)
            self.same_input += _are_same(self._inputs, inputs)
            self._same_parts += _same_part(self._inputs, inputs)
        self._thread, self._inputs, self._outputs = thread, inputs, None

    def after(self, result: Any) -> None:
        """Looks at the result of the call."""
        if self.calls >= _CALLS:
            self._inputs, self._outputs = [], None
        elif threading.get_ident() == self._thread:
            self._outputs = _seen(result)

    def describe(self) -> dict[str, float]:
        return {
            "calls": self.calls,
            "from_outputs": self.from_outputs,
            "same_input": self.same_input,
            "same_part": round(self._same_parts / self.calls, 4) if self.calls else 0.0,
        }


class _Seen:
    """One of the user's arrays or tensors, which is not kept alive, and a copy of its values if these
    are numbers, at hand and not too many."""

    def __init__(self, leaf: Any) -> None:
        self._itself: Callable[[], Any] = weakref.ref(leaf)
        array = frameworks.array_at_hand(leaf, _MOST_BYTES)
        self.values = None if array is None or array.dtype.kind not in "fiu" else np.array(array)
        self.bytes = int(getattr(leaf, "nbytes", 0))
        self._sample = _sample(leaf) if array is None else None

    def shares(self, other: _Seen) -> bool:
        """Whether the two are the same object or share memory. What is gone shares nothing."""
        mine, theirs = self._itself(), other._itself()
        if mine is None or theirs is None:
            return False
        arrays = type(mine) is np.ndarray and type(theirs) is np.ndarray
        return mine is theirs or bool(arrays and np.may_share_memory(mine, theirs))

    def equals(self, other: _Seen) -> bool:
        return (
            self.values is not None and other.values is not None and np.array_equal(self.values, other.values)
        )

    def is_still(self, other: _Seen) -> bool:
        """Whether it is the same array as ``other`` with the same values, as far as some of them show."""
        if self.values is not None:
            return self.equals(other)
        itself = self._itself()
        if itself is None or itself is not other._itself() or self._sample is None:
            return False
        return other._sample is not None and np.array_equal(self._sample, other._sample)


def _seen(values: Any) -> list[_Seen]:
    try:
        parts = leaves(values)[:_MOST_LEAVES]
    except TypeError:  # a dict whose keys have no order
        return []
    return [_Seen(leaf) for leaf in parts if frameworks.holds_values(leaf)]


def _are_same(before: Sequence[_Seen], now: Sequence[_Seen]) -> bool:
    return len(before) == len(now) and all(one.equals(other) for one, other in zip(before, now))


def _same_part(before: Sequence[_Seen], now: Sequence[_Seen]) -> float:
    """The share of the bytes of several inputs that are those of the call before; 0 if all are."""
    whole = sum(one.bytes for one in now)
    if len(now) < 2 or len(before) != len(now) or not whole:
        return 0.0
    still = [one.is_still(other) for one, other in zip(now, before)]
    return 0.0 if all(still) else sum(one.bytes for one, is_still in zip(now, still) if is_still) / whole


def _sample(leaf: Any) -> Any:
    """Returns some values of a large array; None if it is none, or if its values are not in order."""
    if type(leaf) is not np.ndarray or leaf.dtype.kind not in "fiu" or not leaf.flags.c_contiguous:
        return None
    return leaf.reshape(-1)[:: max(leaf.size // _SAMPLED, 1)].copy()


def _any_made_of(outputs: Sequence[_Seen], before: Sequence[_Seen], now: Sequence[_Seen]) -> bool:
    """Whether any input of ``now`` is made of the ``outputs`` of the call whose inputs were ``before``."""
    for place, one in enumerate(now):
        if any(one.shares(output) for output in outputs):
            return True
        last = before[place].values if place < len(before) else None
        given = [output.values for output in outputs if output.values is not None]
        if one.values is not None and last is not None and is_made_of(given, last, one.values):
            return True
    return False


def is_made_of(outputs: Sequence[np.ndarray[Any, Any]], before: Any, now: Any) -> bool:
    """Whether what is new in the array ``now``, compared with ``before``, comes from ``outputs``.

    >>> is_made_of([np.array([[0.5]])], np.array([[3.0, 4.0]]), np.array([[4.0, 0.5]]))
    True
    >>> is_made_of([np.array([[0.1, 0.7, 0.2]])], np.array([[5, 6]]), np.array([[5, 6, 1]]))
    True
    >>> is_made_of([np.array([[0.5]])], np.array([[3.0, 4.0]]), np.array([[4.0, 5.0]]))
    False
    """
    new = _new_part(before, now)
    if not new.size or not outputs:
        return False
    if now.dtype.kind == "f":
        telling = new.astype(np.float32)
        telling = telling[~np.isin(telling, _EVERYWHERE) & np.isfinite(telling)]
        known = np.concatenate([output.astype(np.float32).ravel() for output in outputs])
        made: bool = bool(telling.size) and bool(np.isin(telling, known).all())
        return made and not np.isin(telling, before.astype(np.float32)).all()
    if new.size > _MOSTLY_KEPT * now.size:
        return False
    largest = [output.argmax(-1).ravel() for output in outputs if output.dtype.kind == "f" and output.ndim]
    return bool(largest) and bool(np.isin(new, np.concatenate(largest)).all())


def _new_part(before: Any, now: Any) -> Any:
    """Returns the values that were appended to an axis, moved in at its end, or changed."""
    if before.ndim != now.ndim:
        return now.ravel()
    for axis in range(now.ndim):
        ahead, behind = np.moveaxis(now, axis, 0), np.moveaxis(before, axis, 0)
        if ahead.shape[1:] != behind.shape[1:]:
            continue
        added = len(ahead) - len(behind)
        kept = behind[1:] if added == 0 else behind
        if added >= 0 and len(kept) and np.array_equal(ahead[: len(kept)], kept):
            return ahead[len(kept) :].ravel()
    return now[now != before].ravel() if now.shape == before.shape else now.ravel()
