"""How the cost of the original call and of the best change grows with the rows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ..protocol.frameworks import KERAS_BATCH_SIZE
from .contender import Contender
from .loading import load_recipes
from .usage import usage_of
from .variations import repeated_rows

if TYPE_CHECKING:
    from ..workload.workload import Workload
    from .entrant import Entrant

#: The calls that are measured: rows, and batch size, both in multiples of the user's batch size.
#: One row, a part of a batch, one batch, several; and several again in fewer, larger batches.
#: Only these separate the cost of a batch from the cost of its rows.
CALLS = ((0, 1), (0.25, 1), (1, 1), (8, 1), (8, 8), (32, 1), (32, 8))
#: How many of them are enough if the rows are cut into batches, and if they are not.
LEAST_CUT, LEAST_UNCUT = 5, 3
#: If a call takes longer than this, its number of rows is the last.
LONGEST_CALL_S = 0.5
ROUNDS, MOST_CALLS = 5, 20


class NoTime(Exception):
    """Raised if the time was over before there were enough measurements."""


def measure_scaling(
    workload: Workload,
    original: Entrant,
    best: Entrant,
    x: Any,
    seconds: float,
    scratch: str,
    most_rows: int,
    building_s: float | None = None,
) -> list[dict[str, Any]]:
    """Measures wall times of both for several numbers of rows, in turn, for so many ``seconds``.

    Returns a list with an entry for each of the two: its ``recipe`` (None for the original),
    ``title`` and ``points``, each with ``rows``, ``batches`` and ``wall_ns``. Entry points
    that do not cut their rows take them as one batch. More than ``most_rows`` in one batch would not
    fit into memory. Numbers of rows that are not built within ``building_s`` are left out. Raises
    :class:`NoTime` if too few are built.
    """
    recipe, cuts = best.recipe, workload.entry_point.takes_batches
    assert recipe is not None
    batch = workload.request.batch_size or KERAS_BATCH_SIZE
    points: list[_Point] = []
    longest = 0
    begin = time.perf_counter()
    taken_s = last_s = 0.0
    for number, (part, larger) in enumerate(CALLS):
        rows = max(1, int(part * batch))
        if building_s is not None and taken_s + last_s > building_s:
            if number >= (LEAST_CUT if cuts else LEAST_UNCUT):
                break
            for point in points:
                point.close()
            raise NoTime("no time was left")
        if (not cuts and larger > 1) or (longest and rows > longest) or rows > most_rows:
            continue
        if points and (rows, larger) in [(point.rows, point.larger) for point in points]:
            continue
        points.append(_Point(rows, larger, batch, repeated_rows(x, rows), workload, original, best, scratch))
        if max(points[-1].estimates) > LONGEST_CALL_S * 1e9:
            longest = rows
        last_s = time.perf_counter() - begin - taken_s
        taken_s += last_s
    slot = seconds * 1e9 / (ROUNDS * len(points) * 2)
    begin = time.perf_counter()
    for step in range(ROUNDS * len(points)):
        number, turn = divmod(step, len(points))
        if number and time.perf_counter() - begin > 2 * seconds:
            break
        points[(turn + number) % len(points)].measure(slot, number)
    for point in points:
        point.close()
    return [
        {
            "recipe": None,
            "title": original.change.title,
            "points": [
                {
                    "rows": point.rows,
                    "batches": -(-point.rows // (batch * point.larger)) if cuts else 1,
                    "wall_ns": point.walls[0],
                }
                for point in points
            ],
        },
        {
            "recipe": recipe.id,
            "title": best.change.title,
            "points": [{"rows": point.rows, "batches": 1, "wall_ns": point.walls[1]} for point in points],
        },
    ]


class _Point:
    """Both ways of making the call with one number of rows; the original in ``larger`` batches."""

    def __init__(
        self,
        rows: int,
        larger: int,
        batch: int,
        x: Any,
        workload: Workload,
        original: Entrant,
        best: Entrant,
        scratch: str,
    ) -> None:
        self.rows = rows
        self.larger = larger
        self._x = x
        usage = usage_of(workload, x, original.running.outputs(x))
        mine = original.change
        if larger > 1:
            mine = load_recipes("recipe").Change(
                mine.title, load_recipes("snippets").predict(usage, batch_size=batch * larger)
            )
        assert best.recipe is not None
        changes = best.recipe.changes(usage)
        self._both = [
            Contender(change, workload.names(), scratch)
            for change in (mine, changes[min(best.index, len(changes) - 1)])
        ]
        for one, entrant in zip(self._both, (original, best)):
            built = entrant.contender
            if one.change.setup == entrant.change.setup and isinstance(built, Contender):
                one.adopt(built)
            else:
                one.set_up(x)
        self.walls: tuple[list[int], list[int]] = ([], [])
        self.estimates = [min(one.block(lambda: x, 1, 2)) for one in self._both]

    def measure(self, slot_ns: float, number: int) -> None:
        """Measures both, alternating their order between rounds."""
        for which in (0, 1) if number % 2 else (1, 0):
            calls = max(1, min(MOST_CALLS, int(slot_ns / self.estimates[which]) - 1))
            self.walls[which].extend(self._both[which].block(lambda: self._x, 1, calls))

    def close(self) -> None:
        """Releases what was built."""
        for one in self._both:
            one.close()
