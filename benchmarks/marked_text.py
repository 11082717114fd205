"""Puts what a benchmark prints between two marks of a page."""

from __future__ import annotations

from pathlib import Path


def write_between(page: Path, name: str, text: str) -> None:
    """Replaces what is between the marks ``name: begin`` and ``name: end`` of the page.

    Raises :class:`ValueError` if the page does not have each of them once.
    """
    begin, end = (f"<!-- {name}: {place} -->" for place in ("begin", "end"))
    before, rest = page.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    page.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
