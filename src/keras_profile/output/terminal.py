"""Building blocks of a terminal's output: text without markup, tables of figures."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from ..recorder.protocol.visible import visible
from .streams import Stream
from .words.printable import printable, shortened


class _Console(Console):
    """A console on which only its own styles control the terminal: text from anywhere is escaped."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control else Segment(visible(text), style)


#: When to use colours, and the console settings for it. ``auto`` follows the terminal and NO_COLOR.
COLOURS: dict[str, dict[str, Any]] = {
    "auto": {},
    "always": {"force_terminal": True},
    "never": {"no_color": True, "color_system": None},
}
_chosen = {"colours": "auto"}


def choose_colours(when: str) -> None:
    """Sets when later consoles of this process use colours: ``when`` is a key of :data:`COLOURS`."""
    _chosen["colours"] = when


def console(stream: Any = None, **settings: Any) -> Console:
    """A console on ``stream``, standard output by default. Make consoles only here."""
    settings = {**COLOURS[_chosen["colours"]], **settings}
    stream = sys.stdout if stream is None else stream
    if not isinstance(stream, Stream):
        stream = Stream(stream, 2)
    return _Console(file=stream.styled, **settings)


def plain(text: str, style: str = "") -> Text:
    """Text from a recording, unchanged: rich would otherwise read it as markup."""
    return Text(printable(shortened(text)), style)


def indented(console: Console, text: str, style: str = "", by: int = 2) -> None:
    """Prints ``text``, wrapped between words, with all lines indented."""
    marked(console, " " * by, text, style)


def wrapped(console: Console, text: str, style: str = "", by: int = 2) -> None:
    """Prints ``text``, wrapped between words, with all lines but the first indented."""
    _print_lines(console, plain(text, style), "", " " * by)


def marked(console: Console, mark: str, text: str, style: str = "", mark_style: str = "") -> None:
    """Prints ``text``, wrapped between words, its first line after ``mark``."""
    _print_lines(console, plain(text, style), Text(mark, mark_style), " " * len(mark))


def _print_lines(console: Console, text: Text, first: str | Text, others: str) -> None:
    """Prints ``text`` wrapped to the width beside ``others``, which stands before all lines but the first."""
    for number, line in enumerate(text.wrap(console, max(console.width - len(others), 20))):
        line.rstrip()
        console.print(Text.assemble(others if number else first, line))


def figures_table(header: Sequence[str]) -> Table:
    """A table of names, which may wrap, and figures beside them, which may not."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column(header[0], overflow="fold")
    for title in header[1:]:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def as_text(print_it: Callable[[Console], None], width: int) -> str:
    """The output on a console of ``width`` columns, as plain text."""
    buffer = io.StringIO()
    print_it(console(buffer, width=width, color_system=None, force_terminal=False, force_jupyter=False))
    return buffer.getvalue()
