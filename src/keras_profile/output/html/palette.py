"""The page's style sheet and its colours, for all other outputs with colours."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def style_sheet() -> str:
    """``page.css`` as it is."""
    return resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")


@cache
def colours(dark: bool = False) -> dict[str, str]:
    """The colours of the page by their names in ``page.css``.

    >>> colours()["text"], colours(dark=True)["text"]
    ('#1b1e24', '#e8e9ec')
    """
    light, darker = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r'^:root(?:\[data-theme="dark"\])? \{(.*?)^\}', style_sheet(), re.M | re.S)
    )
    return light | darker if dark else light


@cache
def phase_colours() -> dict[str, str]:
    """The colour of each phase, the same in both themes.

    >>> phase_colours()["execution"]
    '#45b487'
    """
    return {
        name.removeprefix("phase-"): colour
        for name, colour in colours().items()
        if name.startswith("phase-") and name != "phase-ink"
    }
