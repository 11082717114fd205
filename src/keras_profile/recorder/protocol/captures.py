"""The captures that there are."""

from __future__ import annotations

#: The captures there are, in the order a report lists them.
CAPTURES = ("bare", "spans", "cprofile", "pyinstrument", "tensorflow")

#: Where a command records and then tries recipes, so much of its time goes to recording.
RECORDING_SHARE = 0.6
