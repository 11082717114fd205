"""What a terminal's output is put together from: words that are no markup, tables of figures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .words.printable import printable


def plain(text: str, style: str = "") -> Text:
    """Words from a recording as they stand, which rich would else take for its markup."""
    return Text(printable(text), style)


def figures_table(header: Sequence[str]) -> Table:
    """A table of names, which may be folded, and of figures beside them, which may not."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column(header[0], overflow="fold")
    for title in header[1:]:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def as_text(print_it: Callable[[Console], None], width: int) -> str:
    """What is printed to a console of ``width`` columns, as plain text."""
    buffer = io.StringIO()
    print_it(Console(file=buffer, width=width, color_system=None, force_terminal=False, force_jupyter=False))
    return buffer.getvalue()
