"""Which of a program's calls count for what: the rows of its processes, chosen."""

from __future__ import annotations

import numpy as np

from ..model.arrays import Ints
from ..model.program import Rows
from ..recorder.protocol import CAPTURES, COLD, RAISED, SETTLING

#: A gap within a loop is shorter than so many of its calls.
_GAP_CALLS = 10


def kept(rows: Rows) -> Rows:
    """The rows that a group's figures are of."""
    chosen: Rows = rows[rows["flags"] & (RAISED | SETTLING) == 0]
    return chosen


def warm(rows: Rows) -> Rows:
    """The warm calls among them that are timed, with nothing installed or with probes."""
    timed = kept(rows)
    timed = timed[timed["flags"] & COLD == 0]
    chosen: Rows = timed[np.isin(timed["capture"], [CAPTURES.index("bare"), CAPTURES.index("spans")])]
    return chosen


def longest_runs(calls: Rows, groups: Ints) -> dict[int, int]:
    """For each group how many of its calls follow each other on one thread at most.

    ``groups`` has the group of each call. A call of another group ends a run, and so does a pause
    as long as many calls. But before a call with which an instrument comes or goes the pause is
    the recorder's own.
    """
    found: dict[int, int] = {}
    medians = {
        group: float(np.median(calls["wall_ns"][groups == group])) for group in np.unique(groups).tolist()
    }
    longest_gap = np.array([_GAP_CALLS * medians[group] for group in groups.tolist()])
    for thread in np.unique(calls["thread"]).tolist():
        chosen = np.flatnonzero(calls["thread"] == thread)
        chosen = chosen[np.argsort(calls["begin_ns"][chosen], kind="stable")]
        rows, own = calls[chosen], groups[chosen]
        gaps = rows["begin_ns"][1:] - (rows["begin_ns"][:-1] + rows["wall_ns"][:-1])
        goes_on = (own[1:] == own[:-1]) & (
            (gaps < longest_gap[chosen][1:]) | (rows["flags"][1:] & SETTLING != 0)
        )
        starts = np.concatenate([[0], np.flatnonzero(~goes_on) + 1])
        lengths = np.diff(np.append(starts, len(own)))
        for group, length in zip(own[starts].tolist(), lengths.tolist()):
            found[group] = max(found.get(group, 0), length)
    return found
