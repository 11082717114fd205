"""Files of which readers see all or nothing."""

from __future__ import annotations

import json
import os
import time
from typing import Callable

from .protocol.visible import readable_json

#: How often a file that somebody reads is tried to be replaced, and how long is waited between, in s.
_TRIES, _WAIT_S = 40, 0.025


def write_json(path: str, content: object) -> None:
    """Writes a JSON file in place of an earlier one, of any names. Raises :class:`OSError`."""
    part = path + ".part"
    with open(part, "w", encoding="utf-8") as file:
        file.write(readable_json(json.dumps(content)))
    put_in_place(part, path)


def put_in_place(part: str, path: str, rename: Callable[[str, str], None] = os.replace) -> None:
    """Renames ``part`` to ``path``. On Windows a file that somebody has open is waited for.

    Raises :class:`PermissionError` where that takes longer than a second; ``part`` is there then.
    """
    for left in reversed(range(_TRIES)):
        try:
            rename(part, path)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_WAIT_S)
