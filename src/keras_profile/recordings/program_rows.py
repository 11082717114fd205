"""Selects which of a program's calls count for what, among the rows of its processes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..model.arrays import Ints
from ..model.program import Rows
from ..recorder.protocol import CAPTURES, COLD, RAISED, SETTLING

#: A gap within a loop is shorter than this many of its calls.
_GAP_CALLS = 10


class Run(NamedTuple):
    """Calls that follow each other: how many, and of how many different models."""

    calls: int
    models: int


NO_RUN = Run(0, 0)


def kept(rows: Rows) -> Rows:
    """Returns the rows that a group's figures are based on."""
    chosen: Rows = rows[rows["flags"] & (RAISED | SETTLING) == 0]
    return chosen


def warm(rows: Rows) -> Rows:
    """Returns the timed warm calls among them, with nothing installed or with probes."""
    timed = kept(rows)
    timed = timed[timed["flags"] & COLD == 0]
    chosen: Rows = timed[np.isin(timed["capture"], [CAPTURES.index("bare"), CAPTURES.index("spans")])]
    return chosen


def longest_runs(calls: Rows, lines: Ints) -> dict[int, Run]:
    """Returns, for each line, the longest run of its calls that follow each other on one thread.

    ``lines`` has the number of each call's line. A call from another line ends a run, and so does a pause
    as long as many calls. But a pause before a call at which an instrument is installed or removed is
    caused by the recorder.
    """
    found: dict[int, Run] = {}
    medians = {line: float(np.median(calls["wall_ns"][lines == line])) for line in np.unique(lines).tolist()}
    longest_gap = np.array([_GAP_CALLS * medians[line] for line in lines.tolist()])
    for thread in np.unique(calls["thread"]).tolist():
        chosen = np.flatnonzero(calls["thread"] == thread)
        chosen = chosen[np.argsort(calls["begin_ns"][chosen], kind="stable")]
        rows, own = calls[chosen], lines[chosen]
        gaps = rows["begin_ns"][1:] - (rows["begin_ns"][:-1] + rows["wall_ns"][:-1])
        goes_on = (own[1:] == own[:-1]) & (
            (gaps < longest_gap[chosen][1:]) | (rows["flags"][1:] & SETTLING != 0)
        )
        starts = np.concatenate([[0], np.flatnonzero(~goes_on) + 1])
        lengths = np.diff(np.append(starts, len(own)))
        for line, start, length in zip(own[starts].tolist(), starts.tolist(), lengths.tolist()):
            if length > found.get(line, NO_RUN).calls:
                models = rows["model"][start : start + length]
                found[line] = Run(length, len(np.unique(models[models >= 0])))
    return found
