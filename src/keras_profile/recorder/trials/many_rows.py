"""The original call's outputs for many rows: as many as there is time and memory for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Iterator

import numpy as np

from ..protocol import events
from ..structures import leaves
from .error_words import in_words
from .limits import LIMITS, Limits
from .outputs import compare
from .variations import MANY_ROWS, many_rows

if TYPE_CHECKING:
    from ...recipes.usage import Usage
    from ..workload.workload import Workload


class ManyRows:
    """One call with so many ``rows``: its input, its outputs, and how many seconds it took."""

    def __init__(self, x: Any, outputs: Any, rows: int, took_s: float) -> None:
        self.x = x
        self.outputs = outputs
        self.rows = rows
        self.took_s = took_s

    @property
    def fitting_rows(self) -> int:
        """Returns how many rows may be kept, with input and outputs."""
        taken = sum(_nbytes(leaf) for leaf in leaves(self.x) + leaves(self.outputs))
        return int(LIMITS.kept_bytes / max(taken / self.rows, 1))


def rows_in_memory(usage: Usage, x: Any) -> int:
    """Returns how many rows may be one batch, from the memory that the layers' outputs take for each."""
    given = sum(np.asarray(leaf[:1]).nbytes for leaf in leaves(x))
    taken = usage.bytes_per_row or given * LIMITS.unknown_growth
    return int(LIMITS.many_rows_bytes / max(taken + given, 1))


def call_many_rows(
    workload: Workload,
    usage: Usage,
    original: Callable[[Any], Any],
    call_ns: int,
    x: Any,
    report: events.Report,
    limits: Limits = LIMITS,
) -> ManyRows | None:
    """Returns the call with the most rows; None if it takes no other number, or only a few.

    ``original`` makes the call, which takes ``call_ns`` for the input ``x``.
    """
    if not usage.rows:
        return None  # a dataset or a generator determines its own number of rows
    most = rows_in_memory(usage, x)
    # Rows may be large, such as images: a batch of a thousand may take all the memory.
    if most < LIMITS.first_many_rows:
        return None
    call = original
    calls: list[ManyRows] = []
    for rows in _row_counts(usage.rows, call_ns / 1e9, most, calls, limits):
        x_many = many_rows(x, rows)
        begin = time.perf_counter()
        try:
            outputs = call(x_many)
        except Exception as error:
            # The model's number of rows is fixed.
            report(
                events.Announce(
                    "outputs are compared only for the input's own number of rows, others fail: "
                    + in_words(error)
                )
            )
            return None
        calls.append(ManyRows(x_many, outputs, rows, time.perf_counter() - begin))
        if rows == LIMITS.first_many_rows:
            call = _fastest_call(workload, usage, original, x_many, outputs)
    return calls[-1] if calls and calls[-1].rows >= LIMITS.least_many_rows else None


def _row_counts(rows: int, call_s: float, most: int, calls: list[ManyRows], limits: Limits) -> Iterator[int]:
    """Yields growing numbers of rows, starting from ``rows``, whose call takes ``call_s``.

    ``calls`` has the call with each number before the next one is requested.
    """
    first = LIMITS.first_many_rows
    larger = min(rows * LIMITS.rows_growth, first)
    # In the worst case, time grows with the number of rows, as in a user's loop over rows.
    while call_s * larger / rows <= limits.many_rows_s:
        yield larger
        rows, call_s = larger, calls[-1].took_s
        if rows < first:
            larger = min(rows * LIMITS.rows_growth, first)
            continue
        larger = min(
            MANY_ROWS,
            rows * int(limits.comparing_s / max(call_s, 1e-9)),
            rows * LIMITS.further_growth,
            most,
            calls[-1].fitting_rows,
        )
        if larger < 2 * rows:
            return


def _fastest_call(
    workload: Workload, usage: Usage, original: Callable[[Any], Any], x: Any, expected: Any
) -> Callable[[Any], Any]:
    """Returns the fastest call for many rows: predict in large batches, if its outputs are the same."""
    if not workload.entry_point.takes_batches:
        return original

    def in_large_batches(x: Any) -> Any:
        return workload.method("predict")(x, batch_size=LIMITS.large_batch, verbose=0)

    try:
        compare(expected, in_large_batches(x), through=usage.compute_dtypes)
    except Exception:  # whatever the error is, the user's own batch size works
        return original
    return in_large_batches


def _nbytes(leaf: Any) -> int:
    return int(leaf.nbytes if hasattr(leaf, "nbytes") else 8 * leaf.shape.num_elements())
