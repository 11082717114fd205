"""Makes inputs other than the measured one, since a change may be right only for that one."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import frameworks
from ..structures import leaves, map_leaves
from ..workload.inputs import kind_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Rows on which outputs are compared if there is time: enough to find what happens in one
#: row of ten thousand (missed with a probability of exp(-6.6), one in 700).
MANY_ROWS = 65536
_SEED = 20260101


def variations(x: Any) -> list[tuple[str, Any]]:
    """Returns pairs of a description and an input like ``x`` with other values.

    ``x`` is arrays, tensors, a Dataset or a PyDataset; a generator has no variations.
    """
    kind = kind_of(x)
    if kind in ("array", "tensor"):
        random = np.random.RandomState(_SEED)
        made = [("other values of the same spread", map_leaves(lambda leaf: _like(leaf, random), x))]
        if len(leaves(x)[0]) > 1:
            made.append(("the rows in another order", take_rows(x, _shuffled(len(leaves(x)[0])))))
        if any(_is_float(leaf) for leaf in leaves(x)):
            made.append(
                (
                    "ten times the values, with the other sign",
                    map_leaves(lambda leaf: leaf * -10 if _is_float(leaf) else leaf, x),
                )
            )
        return made
    if kind == "dataset":
        return [("ten times the values, with the other sign", _scaled_dataset(x))]
    if kind == "pydataset":
        return [("ten times the values, with the other sign", _scaled_pydataset(x))]
    return []


def many_rows(x: Any, rows: int) -> Any:
    """Returns ``rows`` rows with the same spread as those of ``x``, which is arrays or tensors."""
    random = np.random.RandomState(_SEED + 1)
    have = len(leaves(x)[0])
    repeated = take_rows(x, np.arange(rows) % have)
    return map_leaves(lambda leaf: _like(leaf, random), repeated)


def take_rows(x: Any, rows: NDArray[np.int64] | slice) -> Any:
    """Returns the rows of ``x`` with these numbers, in this order, for each of its arrays."""
    return map_leaves(lambda leaf: _as(leaf, np.asarray(leaf)[rows]), x)


def repeated_rows(x: Any, rows: int) -> Any:
    """Returns ``rows`` rows: the first ones of ``x``, repeated if it has fewer."""
    return take_rows(x, np.arange(rows) % len(leaves(x)[0]))


def _shuffled(rows: int) -> NDArray[np.int64]:
    return np.random.RandomState(_SEED).permutation(rows)


def _is_float(leaf: Any) -> bool:
    dtype = getattr(leaf, "dtype", None)
    return "float" in (getattr(dtype, "name", None) or str(dtype))


def _like(leaf: Any, random: np.random.RandomState) -> Any:
    """Returns an array with the shape, dtype and spread of ``leaf``."""
    array = np.asarray(leaf)
    if array.dtype.kind == "f" and array.size:
        spread = np.nanstd(array.astype("float64")) or 1.0
        made = random.standard_normal(array.shape) * spread + np.nanmean(array.astype("float64"))
        return _as(leaf, made.astype(array.dtype))
    if array.dtype.kind == "b":
        return _as(leaf, random.rand(*array.shape) < 0.5)
    if array.dtype.kind in "iu" and array.size:
        return _as(leaf, random.randint(array.min(), int(array.max()) + 1, array.shape).astype(array.dtype))
    # For words and other kinds of ids, only those seen are known to be valid.
    return _as(leaf, random.permutation(array.ravel()).reshape(array.shape))


def _as(leaf: Any, array: NDArray[Any]) -> Any:
    """Returns ``array``, as a tensor if ``leaf`` is one."""
    return frameworks.tensor_like(array, leaf)


def _scaled_dataset(dataset: Any) -> Any:
    def scale(*elements: Any) -> Any:
        import tensorflow

        scaled = [
            tensorflow.nest.map_structure(
                lambda tensor: tensor * -10 if tensor.dtype.is_floating else tensor, one
            )
            for one in elements
        ]
        return tuple(scaled) if len(scaled) > 1 else scaled[0]

    return dataset.map(scale)


class _Scaled:
    """Scales what a PyDataset gives; combined with the dataset's own class when used."""

    def __getitem__(self, number: int) -> Any:
        given = super().__getitem__(number)  # type: ignore[misc]
        return map_leaves(lambda leaf: leaf * -10 if _is_float(leaf) else leaf, given)


def _scaled_pydataset(dataset: Any) -> Any:
    scaled = copy.copy(dataset)
    scaled.__class__ = type(type(dataset).__name__, (_Scaled, type(dataset)), {})
    return scaled
