"""What pytest must not import in search of doctests: programs."""

from __future__ import annotations

collect_ignore = ["programs"]
