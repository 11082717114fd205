"""The list of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Literal

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ..model.listing import ListedRecording
from ..number_words import duration, milliseconds, percent, plural
from .words.printable import printable

_UNLIMITED = 10_000
#: The most characters of the reason why a recording cannot be read.
_MOST_REASON = 100


def print_recordings(recordings: Sequence[ListedRecording], console: Console) -> None:
    """Prints a row for each recording, in the given order.

    Recordings named ``FOLDER/NAME`` come below a row with the folder's name. A program has one row.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("recording", no_wrap=True)
    for column in ("made", "took", "inference", "TensorFlow", "Keras", "state"):
        justify: Literal["left", "right"] = "right" if column in ("took", "inference") else "left"
        table.add_column(column, justify=justify, no_wrap=True)
    above = ""
    for one in recordings:
        group, _, own = one.name.rpartition("/")
        if group and group != above:
            table.add_row(_text(group + "/"))
        above = group
        table.add_row(
            _text(f"  {own}" if group else own),
            one.made[:16].replace("T", " "),
            _took(one),
            "" if one.inference_share is None else percent(one.inference_share),
            _text(one.tensorflow),
            _text(one.keras),
            _text(_state(one)),
        )
    # Names must be copyable: a narrow terminal breaks the lines, and nothing is cut off.
    unlimited = console.options.update(max_width=_UNLIMITED)
    console.width = max(console.width, Measurement.get(console, unlimited, table).maximum)
    console.print(table)


def _took(one: ListedRecording) -> str:
    if one.wall_ns is not None:
        return duration(one.wall_ns)
    return "" if one.call_ns is None else f"{milliseconds(one.call_ns)} ms a call"


def _state(one: ListedRecording) -> str:
    """How it ended; also the number of a program's calls, and why a recording cannot be read."""
    if one.reason:
        return f"{one.state}: {shorten(printable(one.reason), _MOST_REASON, placeholder=' …')}"
    return one.state if one.calls is None else f"program, {plural(one.calls, 'call')}, {one.state}"


def _text(value: str) -> Text:
    return Text(printable(value))
