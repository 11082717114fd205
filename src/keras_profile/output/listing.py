"""The list of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten
from typing import Literal

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from ..analysis.call_figures import bare_median_ns
from ..model.program import ListedProgram
from ..model.recording import Recording, Unreadable
from ..number_words import duration, milliseconds, percent, plural
from .words.printable import printable

_UNLIMITED = 10_000
#: Characters of the reason why a recording cannot be read.
_MOST_REASON = 100


def print_recordings(
    recordings: Sequence[tuple[str, Recording | ListedProgram | Unreadable, float]], console: Console
) -> None:
    """Prints a row a recording under the name given with it, in the order given.

    The last of each is when it was made, in seconds since 1970.

    Those named ``FOLDER/NAME`` stand below a row with the folder's name. A program has one row.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("recording", no_wrap=True)
    for column in ("made", "took", "inference", "TensorFlow", "Keras", "state"):
        justify: Literal["left", "right"] = "right" if column in ("took", "inference") else "left"
        table.add_column(column, justify=justify, no_wrap=True)
    above = ""
    for name, recording, made in recordings:
        date = f"{datetime.fromtimestamp(made):%Y-%m-%d %H:%M}"
        group, _, own = name.rpartition("/")
        if group and group != above:
            table.add_row(_text(group + "/"))
        above = group
        if isinstance(recording, ListedProgram):
            table.add_row(
                _text(name),
                date,
                duration(recording.wall_ns),
                percent(recording.inference_ns / max(recording.wall_ns, 1)),
                _text(recording.environment.tensorflow or ""),
                _text(recording.environment.keras or ""),
                _program_state(recording),
            )
            continue
        if isinstance(recording, Unreadable):
            reason = shorten(printable(recording.reason), _MOST_REASON, placeholder=" …")
            table.add_row(_text(f"  {own}" if group else own), date, "", "", "", "", f"unreadable: {reason}")
            continue
        content = recording.content
        bare_ns = bare_median_ns(recording)
        state = (
            "complete"
            if content.complete and not content.interrupted
            else ("interrupted" if content.interrupted else "cut short")
        )
        table.add_row(
            _text(f"  {own}" if group else own),
            date,
            "" if bare_ns is None else f"{milliseconds(bare_ns)} ms a call",
            "",
            _text(content.environment.facts.tensorflow or ""),
            _text(content.environment.facts.keras or ""),
            state,
        )
    # Names are there to be copied: a narrow terminal breaks the lines, nothing is cut off.
    unlimited = console.options.update(max_width=_UNLIMITED)
    console.width = max(console.width, Measurement.get(console, unlimited, table).maximum)
    console.print(table)


def _program_state(program: ListedProgram) -> str:
    """How a program ended and how many calls it made."""
    content = program.content
    state = "interrupted" if content.interrupted else "complete" if program.ended else "not ended"
    return f"program, {plural(program.calls, 'call')}, {state}"


def _text(value: object) -> Text:
    return Text(printable(str(value)))
