"""How much memory a call takes at its peak."""

from __future__ import annotations

from .. import system


class Peak:
    """What the process's resident memory rises to from here on."""

    def __init__(self) -> None:
        # What cannot be forgotten was perhaps higher once, which hides how high it is now.
        self._hidden_below = None if system.forget_peak() else system.peak_bytes()
        self._before = system.resident_bytes()

    def growth_bytes(self) -> int | None:
        """By how much it rose at most; None where the system does not tell."""
        most, hidden = system.peak_bytes(), self._hidden_below
        if most is None or self._before is None or (hidden is not None and most <= hidden):
            return None
        return max(0, most - self._before)
