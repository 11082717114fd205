"""Writes the files of a comparison."""

from __future__ import annotations

from pathlib import Path

from ...model.comparison import ComparisonContent
from ...recorder.protocol.visible import visible
from ...recordings.writing import encode_json, write_files
from . import to_markdown, to_page

JSON_FILE, MARKDOWN_FILE, HTML_FILE = "comparison.json", "comparison.md", "comparison.html"


def write_comparison(content: ComparisonContent, folder: Path, html: bool) -> list[Path]:
    """Writes a comparison's files into ``folder``, which must exist, and returns their paths.

    The page is one of them if ``html``.
    """
    files = [
        (JSON_FILE, encode_json(content)),
        (MARKDOWN_FILE, visible(to_markdown.render(content)).encode()),
    ]
    if html:
        files.append((HTML_FILE, to_page.render(content)))
    return write_files(folder, files)
