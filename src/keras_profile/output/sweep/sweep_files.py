"""Writes the files of a sweep; each is complete whenever it is read."""

from __future__ import annotations

from pathlib import Path

from ...model.sweep import SweepContent
from ...recordings.writing import encode_json, write_files
from . import to_page, to_toml

JSON_FILE, HTML_FILE, BEST_FILE = "sweep.json", "sweep.html", "best.toml"


def write_sweep(content: SweepContent, folder: Path) -> list[Path]:
    """Writes the files into ``folder``, which must exist, and returns their paths."""
    return write_files(
        folder,
        [
            (JSON_FILE, encode_json(content)),
            (HTML_FILE, to_page.render(content)),
            (BEST_FILE, to_toml.render(content)),
        ],
    )
