"""Copies of the work tree, to be changed or used as somebody else's clone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(*folders: str) -> list[str]:
    """The files below ``folders`` that git tracks, or would: relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    ).stdout.split("\0")
    return [name for name in listed if name and (ROOT / name).is_file()]


def copy_work_tree(place: Path) -> None:
    """Copies the work tree to ``place``, with what is not committed and without what git ignores."""
    for name in tracked():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
