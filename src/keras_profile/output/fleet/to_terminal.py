"""The answers of a fleet on one screen, an answer in SQL as a table, and what was collected."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from ...model.fleet import Collection, FleetContent, FleetRows
from ...number_words import plural
from ..terminal import plain
from ..words.printable import printable
from . import fleet_words as words

#: The most rows of each part: together they are a screen.
_CAUSES, _LINES, _SAVINGS, _CHANGES, _HOSTS, _NOTES = 4, 4, 4, 3, 2, 2
#: The most columns.
_WIDTH = 100
#: The most characters of a name, and of a cell of an answer in SQL.
_NAME, _CELL = 30, 60
#: Columns between columns, and the fewest of a text that was cut.
_GAP, _LEAST = 2, 12
#: The most recordings that are named because they could not be collected.
_FAILED = 8


def print_fleet(content: FleetContent, console: Console) -> None:
    """Prints the answers: the rest is in the page."""
    console.print(plain(words.headline(content), "bold"))
    console.print(plain(words.summary(content)))
    width = min(console.width, _WIDTH)
    if content.causes:
        _part(console, "What services pay for", len(content.causes), _CAUSES)
        header = ["cause", "core-hours a day", "others: 1000 calls", "services"]
        rows = [[one.title, *words.cost_of_cause(one)] for one in content.causes[:_CAUSES]]
        _print(console, header, "lrrr", rows, width)
    if content.costs:
        _part(console, "Lines that pay most", len(content.costs), _LINES)
        header = ["service and line", "cause", "core-hours a day", "1000 calls"]
        rows = [
            [f"{one.service} {one.place}", one.title, *words.cost_of_line(one)[:2]]
            for one in content.costs[:_LINES]
        ]
        _print(console, header, "llrr", rows, width)
    if content.savings:
        _part(console, "What measured changes would save", len(content.savings), _SAVINGS)
        header = ["service and line", "change", "outputs", "core-hours a day", "speed-up"]
        rows = [
            [f"{one.service} {one.place}", one.title, words.outputs(one), *words.saving(one)[::2]]
            for one in content.savings[:_SAVINGS]
        ]
        _print(console, header, "lllrr", rows, width)
    _print_changes(content, console, width)
    for note in content.notes[:_NOTES]:
        console.print(plain(f"note: {note}", "yellow"))


def _print_changes(content: FleetContent, console: Console, width: int) -> None:
    slower = [one for one in content.changes if one.direction == "slower"]
    faster = len(content.changes) - len(slower)
    scope = words.looked_for(content)
    if not slower and content.scope.series:
        console.print()
        more = f"; {plural(faster, 'phase')} got faster" if faster else ""
        console.print(plain(f"Nothing got slower{scope and ' ' + scope}{more}", "bold"))
    elif slower:
        _part(console, f"What got slower{scope and ' ' + scope}", len(slower), _CHANGES)
    for one in slower[:_CHANGES]:
        _print_places(console, words.change(one), [service.service for service in one.services], width)
    hosts = words.hosts_together(content.slow_hosts)
    if hosts:
        _part(console, "Slow hosts, beside others with the same service and version", len(hosts), _HOSTS)
        for host, ratio, members in hosts[:_HOSTS]:
            _print_places(console, f"{_cut(host, _NAME)} {ratio}", members, width)


def _print_places(console: Console, what: str, services: Sequence[str], width: int) -> None:
    """Prints where something is: the first services, as far as they fit."""
    count = plural(len(set(services)), "service")
    shown = words.names(services, 4)
    console.print(plain(_cut(f"{what}, in {count}", width)))
    console.print(plain(_cut(f"  {printable(shown)}", width), "dim"))


def print_rows(content: FleetRows, console: Console) -> None:
    """Prints an answer in SQL as a table with aligned columns, as wide as it is."""
    if content.columns:
        alignment = "".join("r" if _is_number(one.type) else "l" for one in content.columns)
        rows = [[_cut(_value(value), _CELL) for value in row] for row in content.rows]
        _print(console, [one.name for one in content.columns], alignment, rows, None)
    count = plural(len(content.rows), "row")
    more = "" if content.complete else ", and there are more: ask for them with --rows N, or add LIMIT"
    console.print(plain(f"{count}{more}", "dim"))
    for note in content.notes:
        console.print(plain(f"note: {note}", "yellow"))


def print_collection(content: Collection, console: Console) -> None:
    """Prints what was collected, and why the rest was not."""
    console.print(plain(words.collected(content)))
    for one in content.failed[:_FAILED]:
        reason = one.reason.removeprefix(f"{one.path}: ")
        console.print(plain(f"not collected: {one.path}: {reason}", "yellow"), soft_wrap=True)
    if len(content.failed) > _FAILED:
        console.print(plain(f"and {len(content.failed) - _FAILED:,} more: --json has all", "yellow"))
    for note in content.notes:
        console.print(plain(f"note: {note}", "yellow"), soft_wrap=True)


def _part(console: Console, title: str, count: int, most: int) -> None:
    more = f" (first {most})" if count > most else ""
    console.print()
    console.print(plain(f"{title}{more}", "bold"))


def _print(
    console: Console, header: Sequence[str], alignment: str, rows: Sequence[Sequence[str]], width: int | None
) -> None:
    """Prints columns. Where they are wider than ``width``, the longest texts are cut, and figures never.

    Columns without any figure are left out then.
    """
    kept = [place for place in range(len(header)) if width is None or any(row[place] for row in rows)]
    columns = [[header[place], *(printable(row[place]) for row in rows)] for place in kept]
    letters = [alignment[place] for place in kept]
    widths = [max(map(cell_len, column)) for column in columns]
    while width is not None and sum(widths) + _GAP * (len(widths) - 1) > width:
        texts = [place for place, letter in enumerate(letters) if letter == "l"]
        longest = max(texts, key=lambda place: widths[place])
        if widths[longest] <= _LEAST:
            break
        widths[longest] -= 1
    for number, cells in enumerate(zip(*columns)):
        shown = (
            _aligned(_cut(cell, most), most, letter) for cell, most, letter in zip(cells, widths, letters)
        )
        line = (" " * _GAP).join(shown).rstrip()
        console.print(plain(line, "" if number else "dim"), soft_wrap=True)


def _aligned(text: str, width: int, letter: str) -> str:
    room = " " * (width - cell_len(text))
    return room + text if letter == "r" else text + room


def _is_number(kind: str) -> bool:
    return kind.startswith(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "FLOAT", "DOUBLE", "DEC")
    )


def _value(value: bool | int | float | str | None) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _cut(text: str, most: int) -> str:
    """A text in at most so many columns of a terminal."""
    return text if cell_len(text) <= most else f"{set_cell_size(text, most - 1).rstrip()}…"
