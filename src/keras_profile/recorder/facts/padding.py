"""How much of an input is padding: one whole number that fills its rows up to one length."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import frameworks

#: Inputs with fewer steps are not looked at: what is padded there costs little.
LEAST_STEPS = 16
#: At most this many rows are looked at, and this many bytes.
_MOST_ROWS, _MOST_BYTES = 512, 8 * 2**20
#: Less padding than this is not worth a fact.
_LEAST_SHARE = 0.05
#: What is padding occurs at one end of the rows: at most this share of the other steps has it too.
_ELSEWHERE = 0.01


def padding_of(leaf: Any) -> dict[str, Any] | None:
    """Returns the padding of an array of whole numbers, (rows, steps).

    None if there is none, or if the values are not at hand. A mask has none.

    >>> row = np.array([[7, 8, 9] + [0] * 17, [5] + [0] * 19])
    >>> padding_of(row)
    {'share': 0.9, 'longest': 3, 'at_end': True}
    >>> padding_of(row[:, ::-1])["at_end"], padding_of(np.arange(40).reshape(2, 20))
    (False, None)
    """
    shape = frameworks.shape_of(leaf)
    if shape is None or len(shape) != 2 or not shape[0] or shape[1] < LEAST_STEPS:
        return None
    # A part of an array is a view; of a tensor it would be an op of the program's.
    rows = frameworks.array_at_hand(leaf[:_MOST_ROWS] if type(leaf) is np.ndarray else leaf, _MOST_BYTES)
    if rows is None or rows.dtype.kind not in "iu":
        return None
    rows = rows[:_MOST_ROWS]
    if len(np.unique(rows)) < 3:
        return None
    found = [_lengths(rows, _usual(rows[:, 0])), _lengths(rows[:, ::-1], _usual(rows[:, -1]))]
    at_end = bool(found[1].sum() > found[0].sum())
    lengths, steps = found[at_end], rows.shape[1]
    share = float(lengths.mean()) / steps
    if share < _LEAST_SHARE:
        return None
    return {"share": round(share, 4), "longest": int(steps - lengths.min()), "at_end": at_end}


def _usual(column: Any) -> Any:
    """Returns the value that most rows have there."""
    values, counts = np.unique(column, return_counts=True)
    return values[counts.argmax()]


def _lengths(rows: Any, filling: Any) -> Any:
    """Returns how many of the first values of each row are the filling; 0 if it occurs among others too."""
    is_filling = rows == filling
    first = (~is_filling).argmax(axis=1)
    first[is_filling.all(axis=1)] = rows.shape[1]
    others = rows.size - int(first.sum())
    elsewhere = int(is_filling.sum()) - int(first.sum())
    return first if elsewhere <= _ELSEWHERE * others else np.zeros_like(first)
