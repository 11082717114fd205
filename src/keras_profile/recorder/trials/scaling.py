"""How the cost of the original call and of the best change grows with the rows."""
from __future__ import annotations

import time

from .contender import Contender
from .usage import usage_of
from .variations import repeated_rows

#: The rows that are measured, as parts and multiples of a batch: one row, part of a batch,
#: a batch, and several, so that what a call, a batch and a row cost can be told apart.
BATCHES = (0, 0.25, 1, 2, 8, 32)
#: A number of rows whose call takes longer than this is the last.
LONGEST_CALL_S = 0.5
ROUNDS, MOST_CALLS = 5, 20


def measure_scaling(workload, original, best, x, seconds, scratch):
    """Wall times of both for several numbers of rows, measured in turn.

    A list with an entry for each of the two: its ``recipe`` (None for the original),
    ``title`` and ``points``, each with ``rows``, ``batches`` and ``wall_ns``.
    """
    batch = workload.request.batch_size or 32
    points = []
    for part in BATCHES:
        rows = max(1, int(part * batch))
        if points and rows <= points[-1].rows:
            continue
        points.append(_Point(rows, repeated_rows(x, rows), workload, original, best, scratch))
        if max(points[-1].estimates) > LONGEST_CALL_S * 1e9:
            break
    slot = seconds * 1e9 / (ROUNDS * len(points) * 2)
    begin = time.perf_counter()
    for number in range(ROUNDS):
        for turn in range(len(points)):
            points[(turn + number) % len(points)].measure(slot, number)
        if number and time.perf_counter() - begin > 2 * seconds:
            break
    for point in points:
        point.close()
    cut = batch if workload.entry == "predict" else points[-1].rows
    return [
        {"recipe": None, "title": original.change.title, "points": [
            {"rows": point.rows, "batches": -(-point.rows // cut), "wall_ns": point.walls[0]}
            for point in points]},
        {"recipe": best.recipe.id, "title": best.change.title, "points": [
            {"rows": point.rows, "batches": 1, "wall_ns": point.walls[1]} for point in points]},
    ]


class _Point:
    """Both ways of making the call with one number of rows."""

    def __init__(self, rows, x, workload, original, best, scratch):
        self.rows = rows
        self._x = x
        changed = best.recipe.changes(usage_of(workload, x, original.contender.outputs(x)))
        change = changed[min(best.index, len(changed) - 1)]
        self._best = Contender(change, workload.names(), scratch)
        self._best.set_up()
        self._both = (original.contender, self._best)
        self.walls = ([], [])
        self.estimates = [min(one.block(lambda: x, 1, 2)) for one in self._both]

    def measure(self, slot_ns, number):
        for which in ((0, 1) if number % 2 else (1, 0)):
            calls = max(1, min(MOST_CALLS, int(slot_ns / self.estimates[which]) - 1))
            self.walls[which].extend(self._both[which].block(lambda: self._x, 1, calls))

    def close(self):
        self._best.close()
