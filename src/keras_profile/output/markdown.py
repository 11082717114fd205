"""Building blocks of Markdown: escaped text, code, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..recorder.protocol.visible import visible
from .words.printable import printable, shortened

#: Characters with a meaning in a Markdown table or in the resulting HTML.
_ESCAPES = str.maketrans(
    {character: "\\" + character for character in "\\|`*_[]#~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def escape(text: str) -> str:
    """``text``, escaped for Markdown, without control characters.

    >>> escape("<b>|x")
    '&lt;b&gt;\\\\|x'
    """
    return printable(shortened(text)).translate(_ESCAPES)


def fenced(code: str, language: str = "python") -> str:
    """Code in a fence that the code cannot close; control characters are escaped.

    >>> print(fenced("y = model(x)"))
    ```python
    y = model(x)
    ```
    """
    code = "\n".join(visible(shortened(line)) for line in code.split("\n"))
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def table(header: Sequence[str], alignment: str, rows: Sequence[Sequence[str]]) -> str:
    """A table; ``alignment`` has an ``l`` or ``r`` for each column."""
    lines = ["| " + " | ".join(header) + " |"]
    lines.append("|" + "|".join("---:" if side == "r" else "---" for side in alignment) + "|")
    lines += ["| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)
