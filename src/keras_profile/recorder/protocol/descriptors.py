"""Descriptors that a program may close, and get for a file of its own: whose they are is asked before use."""

from __future__ import annotations

import os
from typing import Callable


def file_of(descriptor: int, status_of: Callable[[int], os.stat_result] = os.fstat) -> tuple[int, int] | None:
    """What tells the file of a descriptor from all others; None where it is closed."""
    try:
        status = status_of(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino
