"""What a terminal's output is put together from: words that are no markup, tables of figures."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from ..recorder.protocol.visible import visible
from .streams import Stream
from .words.printable import printable, shortened


class _Console(Console):
    """A console on which only its own styles move anything: text is spelled out, wherever it is from."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control else Segment(visible(text), style)


#: When there are colours, and what that means to a console. ``auto`` is as the terminal and NO_COLOR say.
COLOURS: dict[str, dict[str, Any]] = {
    "auto": {},
    "always": {"force_terminal": True},
    "never": {"no_color": True, "color_system": None},
}
_chosen = {"colours": "auto"}


def choose_colours(when: str) -> None:
    """From now on consoles of this process have colours as :data:`COLOURS` has it under ``when``."""
    _chosen["colours"] = when


def console(stream: Any = None, **settings: Any) -> Console:
    """A console on ``stream``, standard output by default. Nothing else makes one."""
    settings = {**COLOURS[_chosen["colours"]], **settings}
    stream = sys.stdout if stream is None else stream
    if not isinstance(stream, Stream):
        stream = Stream(stream, 2)
    return _Console(file=stream.styled, **settings)


def plain(text: str, style: str = "") -> Text:
    """Words from a recording as they stand, which rich would else take for its markup."""
    return Text(printable(shortened(text)), style)


def indented(console: Console, text: str, style: str = "", by: int = 2) -> None:
    """Prints ``text``, folded between words, all of its lines indented."""
    console.print(Padding(plain(text, style), (0, 0, 0, by), expand=False))


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
    print_it(console(buffer, width=width, color_system=None, force_terminal=False, force_jupyter=False))
    return buffer.getvalue()
