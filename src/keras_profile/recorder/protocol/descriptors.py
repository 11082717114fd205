"""Identifies descriptors: a program may close one of ours and get the same number for its own file."""

from __future__ import annotations

import os


def file_of(descriptor: int) -> tuple[int, int] | None:
    """Returns what distinguishes the file of a descriptor from all others; None if it is closed."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino
