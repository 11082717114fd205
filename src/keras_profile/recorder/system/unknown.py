"""What is known of a system that no other module here is for: next to nothing."""

from __future__ import annotations

import os

from .polling import exit_without


def boot_id() -> str:
    """Not known."""
    return ""


def resident_bytes() -> int | None:
    """Not known."""
    return None


def peak_bytes() -> int | None:
    """Not known."""
    return None


def forget_peak() -> bool:
    """There is none to forget."""
    return False


def available_bytes() -> int | None:
    """Not known."""
    return None


def native_threads() -> int | None:
    """Not known."""
    return None


def waited_ns() -> int | None:
    """Not known."""
    return None


def parent_pid() -> int:
    """Of this process."""
    return os.getppid()


def ends_with_parent() -> None:
    """By a thread that looks who the parent is."""
    parent = os.getppid()
    exit_without(lambda: os.getppid() == parent)
