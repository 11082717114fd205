"""Formats that other programs open: each module is one, and ends with its ``EXPORT``."""

from __future__ import annotations

import pkgutil


def format_names() -> list[str]:
    """The names of all formats, by the modules here. Loads none of them."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
