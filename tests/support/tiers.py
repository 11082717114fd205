"""The tiers of tests: which folders are in which."""

from __future__ import annotations

#: The tier of the tests in a folder of ``tests/``.
OF_FOLDER = {
    "live": "live",
    "rules": "live",
    "releases": "releases",
    "programs": "programs",
    "browser": "browser",
    "semantics": "semantics",
}
#: Folders that ``pytest`` alone runs, as ``pyproject.toml`` names them.
DEFAULT = {"unit", "golden", "smoke"}
#: All that are asked for by a marker. What is in the timing tier is in a folder of another.
MARKERS = (*dict.fromkeys(OF_FOLDER.values()), "timing")
