"""What is known about any other system: next to nothing."""

from __future__ import annotations

from . import polling


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
    """There is no peak to forget."""
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


parent_pid = polling.parent_pid
ends_with_parent = polling.ends_with_parent
