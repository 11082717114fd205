"""Writes the files of a comparison."""

from __future__ import annotations

from pathlib import Path

from ...model.comparison import ComparisonContent, ProgramComparisonContent
from ...recorder.protocol.visible import visible
from ...recordings.writing import encode_json, make_folder, write_files
from . import programs_to_page, programs_to_text, to_markdown, to_page

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


def write_program_comparison(content: ProgramComparisonContent, folder: Path, html: bool) -> list[Path]:
    """Writes the files of the comparison of two programs, and those of each line into a folder of its own."""
    own = [
        (JSON_FILE, encode_json(content)),
        (MARKDOWN_FILE, visible(programs_to_text.render(content)).encode()),
    ]
    if html:
        own.append((HTML_FILE, programs_to_page.render(content)))
    files = write_files(folder, own)
    for number, line in enumerate(content.lines, 1):
        if line.comparison is not None:
            files += write_comparison(line.comparison, make_folder(folder / f"line-{number}"), html)
    return files
