"""Who wins where: a map of rows by another factor, and what it shows in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...model.sweep import FACTORS, CellSettings, CrossoverMap, Factor, MapPlace, MapRow
from .estimates import Estimate, Ratio, ratio
from .grid import level_words, settings_words

#: What rows are compared by, the first that has more than one level.
_COMPARED: tuple[Factor, ...] = (
    "entry",
    "batch_size",
    "threads",
    "environment",
    "interpreter",
    "model",
)


@dataclass(frozen=True)
class EstimatedCell:
    """A cell of the plan; without an ``estimate`` it is not measured."""

    name: str
    settings: CellSettings
    estimate: Estimate | None


def key_of(level: Any) -> Any:
    """A level that can be a key.

    >>> key_of({"A": "1"}), key_of(64)
    ((('A', '1'),), 64)
    """
    return tuple(sorted(level.items())) if isinstance(level, dict) else level


def levels_of(cells: Sequence[EstimatedCell], factor: Factor) -> list[Any]:
    """The levels of a factor, in the order of the plan."""
    found: dict[Any, Any] = {}
    for cell in cells:
        level = getattr(cell.settings, factor)
        found.setdefault(key_of(level), level)
    return list(found.values())


def crossover_maps(cells: Sequence[EstimatedCell]) -> list[CrossoverMap]:
    """A map for each combination of all factors but rows and the one that is compared."""
    factor = next((one for one in _COMPARED if len(levels_of(cells, one)) > 1), None)
    if factor is None:
        return []
    others: list[Factor] = [one for one in FACTORS if one not in (factor, "rows")]
    groups: dict[tuple[Any, ...], list[EstimatedCell]] = defaultdict(list)
    for cell in cells:
        # Only predict has a batch size: other entry points stand beside it for each.
        groups[tuple(key_of(getattr(cell.settings, one)) for one in others)].append(cell)
    if factor == "entry" and len(levels_of(cells, "batch_size")) > 1:
        groups = _beside_each_batch_size(groups, others.index("batch_size"))
    return [made for group in groups.values() if (made := _map(factor, others, group)) is not None]


def _beside_each_batch_size(
    groups: Mapping[tuple[Any, ...], list[EstimatedCell]], place: int
) -> dict[tuple[Any, ...], list[EstimatedCell]]:
    """The groups of each batch size, with the cells that have none and are else the same."""
    found = {}
    for key, group in groups.items():
        if key[place] is not None:
            without = groups.get((*key[:place], None, *key[place + 1 :]), [])
            found[key] = [*group, *without]
    return found or dict(groups)


def _map(factor: Factor, others: Sequence[Factor], group: Sequence[EstimatedCell]) -> CrossoverMap | None:
    levels = levels_of(group, factor)
    if len(levels) < 2 or all(cell.estimate is None for cell in group):
        return None
    at = {(cell.settings.rows, key_of(getattr(cell.settings, factor))): cell for cell in group}
    rows = [
        _row(count, [(level_words(factor, level), at.get((count, key_of(level)))) for level in levels])
        for count in levels_of(group, "rows")
    ]
    return CrossoverMap(
        factor,
        settings_words(group[0].settings, others),
        [level_words(factor, level) for level in levels],
        rows,
        map_words(rows),
    )


def _row(count: int, places: Sequence[tuple[str, EstimatedCell | None]]) -> MapRow:
    measured = [cell.estimate for _, cell in places if cell is not None and cell.estimate is not None]
    fastest = min(measured, key=lambda one: one.log) if measured else None
    return MapRow(count, [_place(words, cell, fastest) for words, cell in places])


def _place(words: str, cell: EstimatedCell | None, fastest: Estimate | None) -> MapPlace:
    if cell is None or cell.estimate is None or fastest is None:
        return MapPlace(words, "" if cell is None else cell.name, None, None, None, False)
    is_fastest = cell.estimate is fastest
    found = Ratio(1.0, 1.0, 1.0) if is_fastest else ratio(cell.estimate, fastest)
    return MapPlace(
        words, cell.name, cell.estimate.ns, round(found.value, 4), found.interval, not found.is_sure
    )


def map_words(rows: Sequence[MapRow]) -> list[str]:
    """What a map shows: a sentence for each range of rows in which the same levels win.

    Only the rows that were measured are spoken of: what happens between two of them is not known.
    """
    known = [row for row in rows if sum(place.median_ns is not None for place in row.places) > 1]
    sentences = []
    begin = 0
    while begin < len(known):
        winners = _winners(known[begin])
        end = begin
        while end + 1 < len(known) and _winners(known[end + 1]) == winners:
            end += 1
        where = _range(begin, end, [row.rows for row in known])
        sentences.append(f"{where} {_who(known[begin], known[end])}")
        begin = end + 1
    return sentences


def _winners(row: MapRow) -> list[str]:
    return [place.level for place in row.places if place.wins]


def _range(begin: int, end: int, rows: Sequence[int]) -> str:
    """Which rows, in words.

    >>> rows = [1, 8, 64, 512]
    >>> _range(0, 3, rows), _range(0, 1, rows), _range(2, 3, rows), _range(1, 2, rows), _range(0, 0, rows)
    ('from 1 to 512 rows', 'up to 8 rows', 'from 64 rows on', 'from 8 to 64 rows', 'at 1 row')
    """
    if begin == end:
        return f"at {level_words('rows', rows[begin])}"
    if begin == 0 and end < len(rows) - 1:
        return f"up to {level_words('rows', rows[end])}"
    if begin > 0 and end == len(rows) - 1:
        return f"from {level_words('rows', rows[begin])} on"
    return f"from {rows[begin]:,} to {level_words('rows', rows[end])}"


def _who(first: MapRow, last: MapRow) -> str:
    winners = _winners(first)
    losers = [place for place in first.places if place.ratio is not None and not place.wins]
    if not losers:
        return f"no clear difference between {_list(winners)}"
    verb = "is fastest" if len(winners) == 1 else "are fastest, with no clear difference between them"
    near = min(losers, key=lambda place: place.ratio or 0)
    text = f"{_list(winners)} {verb}: {near.level} takes {_times(near.ratio)} as long"
    at_last = next((place for place in last.places if place.level == near.level), None)
    if last.rows != first.rows and at_last is not None and at_last.ratio is not None:
        text += f" at {level_words('rows', first.rows)}, {_times(at_last.ratio)} at {last.rows:,}"
    return text


def _times(value: float | None) -> str:
    return f"{value:.2f} times" if value is not None and value < 2 else f"{value:.3g} times"


def _list(words: Sequence[str]) -> str:
    """
    >>> _list(["a"]), _list(["a", "b"]), _list(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
