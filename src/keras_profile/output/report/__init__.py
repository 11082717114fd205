"""The report of one workload's calls, in each format; ``html`` has its page."""

from __future__ import annotations

from . import to_markdown, to_notebook, to_screen, to_terminal

__all__ = ["to_markdown", "to_notebook", "to_screen", "to_terminal"]
