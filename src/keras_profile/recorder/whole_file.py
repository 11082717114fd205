"""Writes files so that readers see all of them or nothing."""

from __future__ import annotations

import json
import os
import time
from typing import Callable

from .protocol.visible import readable_json

#: How many attempts are made to replace a file that somebody reads, and the seconds between them.
_TRIES, _WAIT_S = 40, 0.025


def write_json(path: str, content: object) -> None:
    """Writes a JSON file in place of an earlier one; names in it may be any text. Raises :class:`OSError`."""
    part = path + ".part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(readable_json(json.dumps(content)))
    put_in_place(part, path)


def put_in_place(part: str, path: str, rename: Callable[[str, str], None] = os.replace) -> None:
    """Renames ``part`` to ``path``. On Windows, waits for a file that somebody has open.

    Raises :class:`PermissionError` if that takes longer than a second; ``part`` is still there then.
    """
    for left in reversed(range(_TRIES)):
        try:
            rename(part, path)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_WAIT_S)
