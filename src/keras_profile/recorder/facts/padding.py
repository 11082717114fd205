"""How much of an input is padding: one value that fills its rows up to one length."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import frameworks

#: Inputs with fewer steps are not looked at: what is padded there costs little.
LEAST_STEPS = 16
#: At most this many rows are looked at, and arrays of this size.
_MOST_ROWS, _MOST_BYTES = 512, 64 * 2**20
#: Less padding than this is not worth a fact.
_LEAST_SHARE = 0.05


def padding_of(leaf: Any) -> dict[str, Any] | None:
    """Returns the padding of an array of whole numbers, (rows, steps), or of features, (rows, steps, n).

    The numbers may be padded with any value, features with zeros only. None if there is none, or if the
    values are not at hand.

    >>> row = np.array([[7, 8, 9] + [0] * 17, [5] + [0] * 19])
    >>> padding_of(row)
    {'share': 0.9, 'longest': 3, 'at_end': True}
    >>> padding_of(row[:, ::-1])["at_end"], padding_of(np.arange(40).reshape(2, 20))
    (False, None)
    """
    array = frameworks.array_at_hand(leaf, _MOST_BYTES)
    if array is None or array.ndim not in (2, 3) or not array.shape[0] or array.shape[1] < LEAST_STEPS:
        return None
    rows = array[:_MOST_ROWS]
    if array.ndim == 3:
        if array.dtype.kind != "f":
            return None
        ends = [(rows == 0).all(axis=2)] * 2
    elif array.dtype.kind in "iu":
        ends = [rows == _filling(rows[:, 0]), rows == _filling(rows[:, -1])]
    else:
        return None
    found = [_run(ends[0]), _run(ends[1][:, ::-1])]
    at_end = bool(found[1].sum() >= found[0].sum())
    lengths = found[at_end]
    steps = rows.shape[1]
    share = float(lengths.mean()) / steps
    # A row of one value is as likely a row that has it as one that is empty.
    if share < _LEAST_SHARE or bool((lengths == steps).all()):
        return None
    return {"share": round(share, 4), "longest": int(steps - lengths.min()), "at_end": at_end}


def _filling(column: Any) -> Any:
    """Returns the value that most rows have there."""
    values, counts = np.unique(column, return_counts=True)
    return values[counts.argmax()]


def _run(is_filling: Any) -> Any:
    """Returns how many of the first values of each row are True in a row."""
    first = (~is_filling).argmax(axis=1)
    first[is_filling.all(axis=1)] = is_filling.shape[1]
    return first
