"""Whether two calls' outputs are the same, and where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Sequence

import numpy as np

from ..structures import leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How far apart numbers may be, as a part of the largest one of that output. Another order of
#: the same sums changes results by about 1e-7 for float32, and more in deeper models: by 2e-6
#: for MobileNetV2 with and without oneDNN. Sixteen bits have 3 digits.
TOLERANCES = {"float16": 1e-2, "bfloat16": 2e-2, "float32": 1e-4, "float64": 1e-9}


#: How many projections are used to order rows, and how far apart the same row may be, as a part of the
#: largest number.
_PROJECTIONS, _SAME_ROW = 4, 1e-5
_SEED = 20260101


class Difference(Exception):
    """Raised if the outputs are not the same; the text says where."""


class Agreement:
    """How close outputs are: ``equal`` to the bit, the largest ``error``, and what is allowed.

    ``error`` is absolute, ``tolerance`` a part of the largest number.
    """

    def __init__(self, equal: bool = True, error: float = 0.0, tolerance: float = 0.0) -> None:
        self.equal = equal
        self.error = error
        self.tolerance = tolerance

    def add(self, other: Agreement) -> None:
        """Adds how close further outputs are."""
        self.equal = self.equal and other.equal
        self.error = max(self.error, other.error)
        self.tolerance = max(self.tolerance, other.tolerance)


class Flat:
    """Outputs that are already ``pairs`` of a place and an array."""

    def __init__(self, pairs: Sequence[tuple[str, NDArray[Any]]]) -> None:
        self.pairs = pairs


def flatten(outputs: Any, path: str = "the output") -> Sequence[tuple[str, NDArray[Any]]]:
    """Returns pairs of a place and a numpy array, whatever framework the arrays come from.

    >>> [(place, array.shape) for place, array in flatten({"a": [1.0], "b": (2.0, [3.0, 4.0])})]
    [("the output['a']", (1,)), ("the output['b'][0]", ()), ("the output['b'][1]", (2,))]
    """
    if isinstance(outputs, Flat):
        return outputs.pairs
    if isinstance(outputs, dict):
        return [
            pair for key in sorted(outputs) for pair in flatten(outputs[key], "{}[{!r}]".format(path, key))
        ]
    if isinstance(outputs, (list, tuple)) and not _is_numbers(outputs):
        return [
            pair for number, one in enumerate(outputs) for pair in flatten(one, "{}[{}]".format(path, number))
        ]
    return [(path, np.asarray(outputs))]


def compare(
    reference: Any,
    outputs: Any,
    through: Iterable[str] = (),
    approximate: bool = False,
    largest: dict[str, float] | None = None,
) -> Agreement:
    """Returns the :class:`Agreement` of two calls' outputs. Raises :class:`Difference`.

    Both are as the calls returned them, nested or not. Not-a-number agrees only with itself.
    ``through`` are the dtypes that numbers pass through: they are only as exact as the coarsest of
    them. ``approximate`` outputs may differ by any amount, and have another dtype: then the error is
    the result. ``largest`` has, by place, the largest number of the whole that the reference is a
    part of: a single row may have only small ones.
    """
    left, right = flatten(reference), flatten(outputs)
    if [place for place, _ in left] != [place for place, _ in right]:
        raise Difference(
            "{} output{} instead of {}".format(len(right), "" if len(right) == 1 else "s", len(left))
        )
    agreement = Agreement()
    for (place, ours), (_, theirs) in zip(left, right):
        agreement.add(
            _compare_arrays(place, ours, theirs, through, approximate, (largest or {}).get(place, 0.0))
        )
    return agreement


def kind_of_output(leaf: Any) -> str:
    """Returns what an output is, in words: an array, a tensor, or a Python number.

    >>> kind_of_output(np.zeros(2)), kind_of_output(1.0)
    ('an array', 'a number')
    """
    if isinstance(leaf, (np.ndarray, np.generic)):
        return "an array"
    return "a number" if isinstance(leaf, (bool, int, float, complex)) else "a tensor"


def same_kinds(reference: Any, outputs: Any) -> None:
    """Raises :class:`Difference` if outputs are of different kinds, such as a tensor instead of an array.

    The kinds of outputs from another process are not known.
    """
    if isinstance(reference, Flat) or isinstance(outputs, Flat):
        return
    for ours, theirs in zip(leaves(reference), leaves(outputs)):
        if kind_of_output(ours) != kind_of_output(theirs):
            raise Difference("{} instead of {}".format(kind_of_output(theirs), kind_of_output(ours)))


def in_order_of(reference: Any, outputs: Any) -> Any:
    """Returns the outputs with their rows in the reference's order, as far as the rows are the same.

    Outputs are returned unchanged if they are not arrays with the same number of rows.
    """
    left, right = flatten(reference), flatten(outputs)
    rows = _row_count(left)
    if rows is None or rows != _row_count(right) or len(left) != len(right):
        return outputs
    ours, theirs = _as_table(left, rows), _as_table(right, rows)
    if ours.shape != theirs.shape:
        return outputs
    random = np.random.RandomState(_SEED)
    order, open_rows = np.arange(rows), np.arange(rows)
    scale = np.abs(ours).max(initial=0.0) or 1.0
    # Rows are ordered by one number each. If two are closer than the tolerance, their order may be
    # wrong: those that do not agree are ordered again, by another number.
    for _ in range(_PROJECTIONS):
        weights = random.standard_normal(ours.shape[1])
        mine = np.argsort(ours[open_rows] @ weights, kind="stable")
        other = np.argsort(theirs[order[open_rows]] @ weights, kind="stable")
        matched = np.empty_like(open_rows)
        matched[mine] = order[open_rows][other]
        order[open_rows] = matched
        apart = np.abs(ours[open_rows] - theirs[matched]).max(axis=1, initial=0.0)
        open_rows = open_rows[apart > _SAME_ROW * scale]
        if not len(open_rows):
            break
    return Flat([(place, array[order]) for place, array in right])


def _row_count(pairs: Sequence[tuple[str, NDArray[Any]]]) -> int | None:
    """Returns how many rows all arrays have; None if that differs, or if they do not hold numbers."""
    counts = {len(array) if array.ndim and array.dtype.kind in "fiub" else None for _, array in pairs}
    return counts.pop() if len(counts) == 1 else None


def _as_table(pairs: Sequence[tuple[str, NDArray[Any]]], rows: int) -> NDArray[Any]:
    table = np.concatenate([array.reshape(rows, -1).astype("float64") for _, array in pairs], axis=1)
    made: NDArray[Any] = np.nan_to_num(table)
    return made


def largest_numbers(outputs: Any) -> dict[str, float]:
    """Returns the largest finite number of each output, by its place.

    >>> largest_numbers([np.array([1.0, -3.0])])
    {'the output[0]': 3.0}
    """
    return {place: _largest(array) for place, array in flatten(outputs) if array.dtype.name in TOLERANCES}


def _largest(array: NDArray[Any]) -> float:
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


def _compare_arrays(
    place: str,
    ours: NDArray[Any],
    theirs: NDArray[Any],
    through: Iterable[str],
    approximate: bool,
    largest: float,
) -> Agreement:
    if ours.shape != theirs.shape:
        raise Difference("{} has shape {} instead of {}".format(place, theirs.shape, ours.shape))
    if approximate and {ours.dtype.name, theirs.dtype.name} <= set(TOLERANCES):
        theirs = theirs.astype(ours.dtype)
    if ours.dtype != theirs.dtype:
        raise Difference("{} is {} instead of {}".format(place, theirs.dtype, ours.dtype))
    if ours.dtype.name not in TOLERANCES:
        wrong = ours != theirs
        if np.any(wrong):
            raise Difference(_where(place, wrong, ours, theirs))
        return Agreement()
    tolerance = max(TOLERANCES.get(name, 0.0) for name in (ours.dtype.name, *through))
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    if np.all(same):
        return Agreement(tolerance=tolerance)
    finite = np.isfinite(ours) & np.isfinite(theirs)
    error = np.zeros(ours.shape)
    np.subtract(ours, theirs, out=error, where=finite, dtype=float)
    error = np.abs(error)
    largest = max(_largest(ours), largest) or 1.0
    wrong = ~same & (~finite | (error > (np.inf if approximate else tolerance * largest)))
    if np.any(wrong):
        raise Difference(_where(place, wrong, ours, theirs))
    return Agreement(False, float(error.max()), tolerance)


def _where(place: str, wrong: NDArray[Any], ours: NDArray[Any], theirs: NDArray[Any]) -> str:
    first = tuple(int(index[0]) for index in np.nonzero(np.atleast_1d(wrong)))
    count = int(np.count_nonzero(wrong))
    text = "{} differs in {:,} of {:,} numbers".format(place, count, wrong.size)
    return "{}, first at {}: {} instead of {}".format(
        text, list(first), np.atleast_1d(theirs)[first], np.atleast_1d(ours)[first]
    )


def _is_numbers(value: Any) -> bool:
    return bool(value) and all(isinstance(one, (int, float)) for one in value)
