"""The lines of a module that some of its functions need in order to be compiled again.

The internals are a hundred functions in some thirty modules of thousands of lines. Parsing whole
modules takes longer than everything else that is done to make probes.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, Sequence

_DEFINITION = re.compile(r"\s*(async\s+)?def\s")
_CLASS = re.compile(r"\s*class\s+(\w+)")
#: Other statements that can contain a function; which of their branches ran does not matter here.
_STATEMENT = re.compile(r"\s*(if|elif|else|try|except|finally|with)\b")
_FUTURE = re.compile(r"from\s+__future__\s+import\s")
#: Lines that do not end a function although they are not indented more than it.
_GOES_ON = (")", "]", "}", "#")


def excerpt(source: str, first_lines: Iterable[int]) -> str:
    """Returns ``source`` with all lines blank except the functions that begin on ``first_lines``.

    Lines keep their numbers. Of each class or branch around a function one line is kept. The
    source is read line by line, not parsed. If a text within it looks like code, the excerpt
    can be wrong, so the code compiled from it has to be compared with what runs.

    >>> print(excerpt("import os\\nclass A(B):\\n    x = 1\\n    def f(self):\\n        return 2\\n", [4]))
    <BLANKLINE>
    class A:
    <BLANKLINE>
        def f(self):
            return 2
    """
    lines = source.splitlines()
    kept = [line if _FUTURE.match(line) else "" for line in lines]
    for first in first_lines:
        begin = first - 1
        if begin >= len(lines):
            continue  # the file differs from what runs
        end = _end(lines, begin)
        kept[begin:end] = lines[begin:end]
        for number, header in _around(lines, begin):
            kept[number] = header
    return "\n".join(kept)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end(lines: Sequence[str], begin: int) -> int:
    """Returns the index after a function's last line. The function begins with its decorators."""
    depth = _indent(lines[begin])
    body = begin
    while body < len(lines) and not (_DEFINITION.match(lines[body]) and _indent(lines[body]) == depth):
        body += 1
    for number in range(body + 1, len(lines)):
        line = lines[number].strip()
        if line and not line.startswith(_GOES_ON) and _indent(lines[number]) <= depth:
            return number
    return len(lines)


def _around(lines: Sequence[str], begin: int) -> Iterator[tuple[int, str]]:
    """Yields (index, line) for each class or branch around the function, from the inside out."""
    depth = _indent(lines[begin])
    for number in range(begin - 1, -1, -1):
        line = lines[number]
        if depth == 0:
            return
        if not line.strip() or _indent(line) >= depth:
            continue
        named = _CLASS.match(line)
        if named or _STATEMENT.match(line):
            depth = _indent(line)
            yield number, " " * depth + ("class {}:".format(named.group(1)) if named else "if 1:")
