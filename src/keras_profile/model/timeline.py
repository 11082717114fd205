"""Spans: what ran from when to when on the calling thread, call by call."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .arrays import Ints

#: ``internal`` of a span that is a call itself, and of a garbage collection.
ROOT, COLLECTION = -1, -2


@dataclass(frozen=True)
class Timeline:
    """Properly nested spans, a row each, sorted by begin; parents come before children.

    ``call`` numbers the calls from 0; ``internal`` is the row of the recording's
    internals, or :data:`ROOT` or :data:`COLLECTION`; ``parent`` is a row number, -1 for
    roots; ``depth`` is 0 for roots; ``resumed`` marks spans that continue a generator.
    Times are ns. ``repaired`` counts events that did not nest and were left out, ``damaged`` calls whose
    times cannot be and that were left out.
    """

    call: Ints
    internal: Ints
    parent: Ints
    depth: Ints
    resumed: npt.NDArray[np.bool_]
    begin: Ints
    end: Ints
    repaired: int = 0
    damaged: int = 0

    @property
    def calls(self) -> int:
        return int(self.call.max()) + 1 if len(self.call) else 0

    def select(self, chosen: npt.NDArray[np.bool_]) -> Timeline:
        """The spans of the calls for which ``chosen``, an entry a call, is true."""
        new_call = np.cumsum(chosen) - 1
        found = self.spans(chosen[self.call])
        return replace(found, call=new_call[found.call])

    def spans(self, rows: npt.NDArray[np.bool_]) -> Timeline:
        """The spans for which ``rows``, an entry a span, is true, and with each its parent."""
        new_row = np.cumsum(rows) - 1
        parent = self.parent[rows]
        return Timeline(
            call=self.call[rows],
            internal=self.internal[rows],
            parent=np.where(parent >= 0, new_row[parent], -1),
            depth=self.depth[rows],
            resumed=self.resumed[rows],
            begin=self.begin[rows],
            end=self.end[rows],
            repaired=self.repaired,
            damaged=self.damaged,
        )
