"""Folds small nodes of a call tree into labelled ones, so that totals stay true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...model.arrays import Ints
from ...model.drilldown import CallTree
from .frames import FrameTable

#: A tree of no more nodes than this is left as it is.
MOST_NODES = 1_000_000
FOLDED_NAME = "smaller functions, folded"


def totals(parent: Ints, own: Ints) -> Ints:
    """Each node's own value plus those of all its descendants; parents come before children.

    >>> totals(np.array([-1, 0, 1, 0]), np.array([1, 2, 3, 4])).tolist()
    [10, 5, 3, 4]
    """
    total = own.tolist()
    above = parent.tolist()
    for node in range(len(total) - 1, 0, -1):
        total[above[node]] += total[node]
    return np.array(total, dtype=np.int64)


def least_kept(values: Ints, most: int) -> int:
    """The least threshold that at most ``most`` of ``values`` reach, if there are more values.

    >>> least_kept(np.array([1, 5, 3, 3]), 1), least_kept(np.array([1, 5, 3, 3]), 2)
    (5, 4)
    """
    at = len(values) - most
    threshold = int(np.partition(values, at)[at])
    return threshold if int((values >= threshold).sum()) <= most else threshold + 1


def fold(tree: CallTree, table: FrameTable, most_nodes: int = MOST_NODES) -> CallTree:
    """``tree`` with at most ``most_nodes`` nodes, plus those that replace the others.

    Uses the least threshold that achieves this. Nodes below it become one child of their parent for each
    phase, so each phase's time stays the same.
    """
    if len(tree.frame) <= most_nodes:
        return tree
    total = totals(tree.parent, tree.self_ns)
    threshold = least_kept(total, most_nodes)
    kept = total >= threshold
    kept[0] = True
    # A child is never greater than its parent, so kept nodes stay connected.
    number = np.cumsum(kept) - 1
    parent = np.where(tree.parent >= 0, number[tree.parent], -1)
    goes_to = _nearest_kept(tree.parent, kept)
    out = np.flatnonzero(~kept)
    keys, inverse = np.unique(number[goes_to[out]] * 256 + tree.phase[out], return_inverse=True)
    self_ns = np.zeros(len(keys), dtype=np.int64)
    count = np.zeros(len(keys), dtype=np.int64)
    np.add.at(self_ns, inverse, tree.self_ns[out])
    np.add.at(count, inverse, tree.count[out])
    folded_frame = np.full(len(keys), table.part(FOLDED_NAME))
    return replace(
        tree,
        frame=np.concatenate([tree.frame[kept], folded_frame]),
        parent=np.concatenate([parent[kept], keys // 256]),
        phase=np.concatenate([tree.phase[kept], keys % 256]),
        self_ns=np.concatenate([tree.self_ns[kept], self_ns]),
        count=np.concatenate([tree.count[kept], count]),
        folded=len(out),
        folded_below_ns=threshold,
    )


def _nearest_kept(parent: Ints, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """For each node itself, or the nearest node above it that is kept."""
    found = np.arange(len(parent)).tolist()
    above, keeps = parent.tolist(), kept.tolist()
    for node in range(1, len(found)):
        if not keeps[node]:
            found[node] = found[above[node]]
    return np.array(found, dtype=np.int64)
