"""The report of a program, which has many groups of calls, in each format."""

from __future__ import annotations

from . import to_markdown, to_notebook, to_page, to_screen, to_terminal

__all__ = ["to_markdown", "to_notebook", "to_page", "to_screen", "to_terminal"]
