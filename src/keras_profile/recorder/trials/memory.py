"""How much memory a call takes at its peak."""

from __future__ import annotations

from .. import system


class Peak:
    """How far the process's resident memory rises from now on."""

    def __init__(self) -> None:
        # If the earlier peak cannot be reset, it may be higher than this one and hide it.
        self._hidden_below = None if system.forget_peak() else system.peak_bytes()
        self._before = system.resident_bytes()

    def growth_bytes(self) -> int | None:
        """Returns by how much it rose at most; None if the system does not report it."""
        most, hidden = system.peak_bytes(), self._hidden_below
        if most is None or self._before is None or (hidden is not None and most <= hidden):
            return None
        return max(0, most - self._before)
