"""Reads source files in the middle of a program, whose ``linecache`` stays as it is."""

from __future__ import annotations

import io
import linecache
import os
import sys
import tokenize

from .own_files import read_file


def source_of(path: str) -> str:
    """Returns the text. Raises :class:`OSError`, :class:`SyntaxError` or :class:`ValueError`."""
    content = io.BytesIO(read_file(path))
    encoding, _ = tokenize.detect_encoding(content.readline)
    content.seek(0)
    return io.TextIOWrapper(content, encoding).read()


class SourceLines:
    """Lines of files; each file is read once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """Returns a line without the space around it, empty if it cannot be read."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = _lines_of(path)
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _lines_of(path: str) -> list[str]:
    """Looks for a relative path as :mod:`linecache` does."""
    known = linecache.cache.get(path)  # also what is no file, such as a notebook's cells
    if known is not None and len(known) > 2:
        return list(known[2])
    places = [] if os.path.isabs(path) else [os.path.join(str(folder), path) for folder in sys.path]
    for place in [path, *places]:
        try:
            return io.StringIO(source_of(place)).readlines()
        except (OSError, SyntaxError, ValueError):
            continue
    return []
