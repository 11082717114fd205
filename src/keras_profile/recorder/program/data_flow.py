"""Finds out whether the inputs of a line's calls are made of the previous call's output.

Some of the first calls are looked at: each input with the previous input and output. An input is made
of that output if it is the same object or shares its memory. It is also made of it if all that is new,
compared with the previous input, are values of the output. In an input of integers these may be the
positions of the output's largest values, as in greedy decoding. Other ways are not recognised.

Of two inputs of one shape, one may stay while the other changes, such as a gallery that queries are
compared with: what the model computes from that, it computes again in each call. So it does with a text
that is translated, which stays while the translation is made of the outputs.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any, Callable, Sequence

import numpy as np

from .. import frameworks
from ..structures import leaves
from .held import bytes_of

#: At most this many calls are looked at, bytes of an array, and arrays of a structure.
_CALLS, _MOST_BYTES, _MOST_LEAVES = 8, 2 * 2**20, 8
#: Of a larger output, up to this, only the positions of its largest values are kept, if these may be scores
#: of a vocabulary: of so many words at least, of which the positions are at most this part.
_MOST_BYTES_OF_SCORES, _LEAST_WORDS, _MOST_OF_THEM = 16 * 2**20, 256, 0.25
#: How many values of a larger array are compared, and a prime that spreads them over all of its axes.
_SAMPLED, _SPREAD = 4096, 2654435761
#: Smaller inputs are settings of a call rather than what it computes.
_LEAST_STAYING_BYTES = 4096
#: What is compared of an input beside arrays: other objects are asked for nothing.
_PLAIN = (bool, int, float, str, bytes, type(None))
#: Numbers that say nothing: they are everywhere.
_EVERYWHERE = (0.0, 1.0, -1.0)
#: At most this part of an input of integers may be new: the rest is to be the previous input.
_MOSTLY_KEPT = 0.5


class DataFlow:
    """What was seen of the calls of one line: how many ``calls`` were looked at, and for how many the input
    is made of the previous output, or is the previous input."""

    def __init__(self) -> None:
        self.calls = self.from_outputs = self.same_input = 0
        #: The largest of the first calls' outputs, if a call has one output.
        self.output_shape: list[int] | None = None
        self._staying = StayingInputs()
        self._thread = 0
        self._inputs: list[_Seen] = []
        self._settings: list[Any] | None = None
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
        parts = _parts(values)
        inputs, settings = _seen(parts, to_compare=True), _settings(parts)
        thread = threading.get_ident()
        if self._outputs is not None and thread == self._thread and inputs:
            self.calls += 1
            self.from_outputs += _any_made_of(self._outputs, self._inputs, inputs)
            same_settings = settings is not None and settings == self._settings
            self.same_input += same_settings and _are_same(self._inputs, inputs)
            self._staying.note(self._inputs, inputs)
        self._thread, self._inputs, self._settings, self._outputs = thread, inputs, settings, None

    def after(self, result: Any) -> None:
        """Looks at the result of the call."""
        if self.calls >= _CALLS:
            self._inputs, self._outputs = [], None
        elif threading.get_ident() == self._thread:
            parts = _parts(result)
            # Without an input there is nothing to compare outputs with.
            self._outputs = _seen(parts) if self._inputs else None
            shape = frameworks.shape_of(parts[0]) if len(parts) == 1 else None
            if shape is not None and np.prod(shape) > np.prod(self.output_shape or [0]):
                self.output_shape = list(shape)

    def describe(self) -> dict[str, float]:
        return {
            "calls": self.calls,
            "from_outputs": self.from_outputs,
            "same_input": self.same_input,
            "same_part": self._staying.share(),
            # In a chain of calls, such as a decoder's, the input that changes need not look like the other.
            "staying_part": self._staying.share(of_any_shape=self.is_chained),
        }


class StayingInputs:
    """Which of several inputs stay in all calls, beside one that changes in all."""

    def __init__(self) -> None:
        self._stay: list[bool] | None = None  # for each input; None before the first comparison
        self._change: list[bool] = []
        self._kinds: list[Any] = []
        self._bytes: list[int] = []

    def note(self, before: Sequence[_Seen], now: Sequence[_Seen]) -> None:
        """Compares the inputs of a call with those of the one before."""
        if self._stay is None:
            self._stay = [one.is_worth_keeping for one in now] if 1 < len(now) < _MOST_LEAVES else []
            self._change = [True] * len(self._stay)
            self._kinds, self._bytes = [one.kind for one in now], [one.bytes for one in now]
        if not len(before) == len(now) == len(self._stay):
            self._stay = []  # others than the first call had, or some that are not looked at
            return
        for place, (one, other) in enumerate(zip(now, before)):
            stays = one.stays(other)
            self._stay[place] = self._stay[place] and stays is True
            self._change[place] = self._change[place] and stays is False

    def share(self, of_any_shape: bool = False) -> float:
        """Returns the share of the bytes of all inputs that stays beside one of the same shape, or any."""
        changed = [kind for kind, changes in zip(self._kinds, self._change) if changes]
        staying = sum(
            size
            for size, stays, kind in zip(self._bytes, self._stay or [], self._kinds)
            if stays and (kind in changed or (of_any_shape and changed))
        )
        return round(staying / max(sum(self._bytes), 1), 4)


class _Seen:
    """One of the user's arrays or tensors, which is not kept alive, and a copy of its values if these
    are numbers, at hand and not too many."""

    def __init__(self, leaf: Any, to_compare: bool = False) -> None:
        self._itself: Callable[[], Any] = weakref.ref(leaf)
        array = frameworks.array_at_hand(leaf, _MOST_BYTES)
        self.values = None if array is None or array.dtype.kind not in "fiu" else np.array(array)
        self.largest = None if to_compare or array is not None else _positions_of_largest(leaf)
        self.bytes, self.kind, self._sample = 0, None, self.values
        if to_compare:
            self.bytes, self.kind = bytes_of(leaf), (frameworks.shape_of(leaf), leaf.dtype.name)
            if self.values is None:
                self._sample = _sample(leaf)

    def shares(self, other: _Seen) -> bool:
        """Whether the two are the same object or share memory. What is gone shares nothing."""
        mine, theirs = self._itself(), other._itself()
        if mine is None or theirs is None:
            return False
        arrays = type(mine) is np.ndarray and type(theirs) is np.ndarray
        return mine is theirs or bool(arrays and np.may_share_memory(mine, theirs))

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it is large and not of one value: neither a setting, nor a mask of an unpadded input."""
        sample = self._sample
        if self.bytes < _LEAST_STAYING_BYTES:
            return False
        return sample is None or bool((sample != sample.flat[0]).any())

    def is_same(self, other: _Seen) -> bool:
        """Whether it is equal to ``other``; if it is large, it must also be the same object."""
        if self.values is not None:
            return other.values is not None and np.array_equal(self.values, other.values)
        itself = self._itself()
        return itself is not None and itself is other._itself() and self.stays(other) is True

    def stays(self, other: _Seen) -> bool | None:
        """Whether it has the values of ``other``, by some of them if it is large; None if not known."""
        mine, theirs = self._sample, other._sample
        if mine is None or theirs is None:
            itself = self._itself()
            # Of the same array, only a tensor's values are the same for sure.
            same = itself is not None and itself is other._itself() and type(itself) is not np.ndarray
            return True if same else None
        if mine.shape != theirs.shape:
            return False
        return bool(((mine == theirs) | ((mine != mine) & (theirs != theirs))).all())


def _parts(values: Any) -> list[Any]:
    try:
        return leaves(values)
    except TypeError:  # a dict whose keys have no order
        return []


def _seen(parts: Sequence[Any], to_compare: bool = False) -> list[_Seen]:
    return [_Seen(leaf, to_compare) for leaf in parts[:_MOST_LEAVES] if frameworks.holds_values(leaf)]


def _settings(parts: Sequence[Any]) -> list[Any] | None:
    """Returns the plain values among the inputs; None if there are more inputs than are looked at."""
    return [leaf for leaf in parts if type(leaf) in _PLAIN] if len(parts) <= _MOST_LEAVES else None


def _are_same(before: Sequence[_Seen], now: Sequence[_Seen]) -> bool:
    return len(before) == len(now) and all(one.is_same(other) for one, other in zip(now, before))


def _sample(leaf: Any) -> Any:
    """Returns some values of a large array; None if it is a tensor, or if its values are not in order."""
    if type(leaf) is not np.ndarray or leaf.dtype.kind not in "fiub" or not leaf.flags.c_contiguous:
        return None
    at = np.arange(min(leaf.size, _SAMPLED), dtype=np.int64) * _SPREAD % max(leaf.size, 1)
    return leaf.reshape(-1)[at]


def _any_made_of(outputs: Sequence[_Seen], before: Sequence[_Seen], now: Sequence[_Seen]) -> bool:
    """Whether any input of ``now`` is made of the ``outputs`` of the call whose inputs were ``before``."""
    for place, one in enumerate(now):
        if any(one.shares(output) for output in outputs):
            return True
        last = before[place].values if place < len(before) else None
        given = [output.values for output in outputs if output.values is not None]
        largest = [output.largest for output in outputs if output.largest is not None]
        if one.values is not None and last is not None and is_made_of(given, last, one.values, largest):
            return True
    return False


def _positions_of_largest(leaf: Any) -> Any:
    """Returns the positions of the largest values along the last axis of a large output; None for others."""
    array = frameworks.array_at_hand(leaf, _MOST_BYTES_OF_SCORES)
    if array is None or array.dtype.kind != "f" or array.ndim < 2 or array.shape[-1] < _LEAST_WORDS:
        return None
    found = np.unique(array.argmax(-1))
    return found if len(found) <= _MOST_OF_THEM * array.shape[-1] else None


def is_made_of(
    outputs: Sequence[np.ndarray[Any, Any]], before: Any, now: Any, largest: Sequence[Any] = ()
) -> bool:
    """Whether what is new in the array ``now``, compared with ``before``, comes from ``outputs``.

    ``largest`` are the positions of the largest values of other outputs.

    >>> is_made_of([np.array([[0.5]])], np.array([[3.0, 4.0]]), np.array([[4.0, 0.5]]))
    True
    >>> is_made_of([np.array([[0.1, 0.7, 0.2]])], np.array([[5, 6]]), np.array([[5, 6, 1]]))
    True
    >>> is_made_of([np.array([[0.5]])], np.array([[3.0, 4.0]]), np.array([[4.0, 5.0]]))
    False
    """
    new = _new_part(before, now)
    if not new.size or not (outputs or largest):
        return False
    if now.dtype.kind == "f":
        if not outputs:
            return False
        telling = new.astype(np.float32)
        telling = telling[~np.isin(telling, _EVERYWHERE) & np.isfinite(telling)]
        known = np.concatenate([output.astype(np.float32).ravel() for output in outputs])
        made: bool = bool(telling.size) and bool(np.isin(telling, known).all())
        return made and not np.isin(telling, before.astype(np.float32)).all()
    if new.size > _MOSTLY_KEPT * now.size:
        return False
    scores = [output.argmax(-1).ravel() for output in outputs if output.dtype.kind == "f" and output.ndim]
    positions = [*scores, *largest]
    return bool(positions) and bool(np.isin(new, np.concatenate(positions)).all())


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
