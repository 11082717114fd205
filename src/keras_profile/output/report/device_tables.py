"""Prints what GPUs and TPUs did, for a terminal: a report's calls, or a trace's steps."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from ...model.devices import DeviceDivision, busiest
from ...number_words import milliseconds, percent, plural
from ..terminal import figures_table, plain, wrapped
from ..words.device_words import busy_line, copies_line, launches_line
from ..words.printable import ending

#: How many devices, and how many rows of kernels, are shown; all are in the JSON.
MOST_DEVICES, _KERNELS = 8, 12
#: The most letters of a name scope.
_SCOPE_WIDTH = 52


def print_devices(devices: Sequence[DeviceDivision], console: Console, each: str) -> None:
    """Prints how busy each device is and what it waits for; of the busiest one, its kernels and copies."""
    if not devices:
        return
    console.print()
    for device in devices[:MOST_DEVICES]:
        wrapped(console, busy_line(device, each), "bold")
    print_rest(len(devices) - MOST_DEVICES, "device", console)
    most = busiest(devices)
    for line in filter(None, (launches_line(most, each), copies_line(most, each))):
        wrapped(console, line)
    scopes = [one for one in most.scopes if one.scope] or most.scopes
    for title, rows in (
        (f"kernels of {most.device} by scope", [(one.scope or "(unknown)", one) for one in scopes]),
        ("the same by op", [(one.op, one) for one in most.kernels]),
    ):
        if rows:
            console.print()
            table = figures_table([title, "ms", "share of kernels"])
            for name, one in rows[:_KERNELS]:
                table.add_row(
                    plain(ending(name, _SCOPE_WIDTH)), milliseconds(one.self_ns), percent(one.share)
                )
            console.print(table)
            print_rest(len(rows) - _KERNELS, "row", console)


def print_rest(left: int, what: str, console: Console) -> None:
    """Says how many more there are, if any."""
    if left > 0:
        console.print(plain(f"… {plural(left, what)} more", "dim"))
