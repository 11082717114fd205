"""The phases' colours, for outputs that have no style sheet: those of the page."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def phase_colours() -> dict[str, str]:
    """The colour of each phase, as ``page.css`` has it.

    >>> phase_colours()["execution"]
    '#45b487'
    """
    style = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--phase-(\w+): (#[0-9a-f]{6})", style))
