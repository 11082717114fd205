"""What was measured in turn: blocks of both sides, made next to each other in one job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from statistics import median

import numpy as np

#: The sides of a quad's four blocks, in the two orders that are drawn from.
ORDERS = ((0, 1, 1, 0), (1, 0, 0, 1))


@dataclass(frozen=True)
class Block:
    """Calls of one side: ``side`` is 0 before and 1 after. Times are ns."""

    side: int
    walls: Sequence[int]
    cpus: Sequence[int]


@dataclass(frozen=True)
class Quad:
    """Four blocks under one capture, made one after the other.

    In a control, both sides are the first one, in two processes.
    """

    capture: str
    blocks: Sequence[Block]
    is_control: bool = False

    def log_ratio(self) -> float:
        """The logarithm of the second side's median call over the first's."""
        return _log_ratio(*([median(block.walls) for block in self._of(side)] for side in (0, 1)))

    def cpu_log_ratio(self) -> float | None:
        """The same for processor time; None if a block used none that the clock shows."""
        found = [[median(block.cpus) for block in self._of(side)] for side in (0, 1)]
        return _log_ratio(*found) if all(one > 0 for side in found for one in side) else None

    def _of(self, side: int) -> list[Block]:
        return [block for block in self.blocks if block.side == side]


@dataclass(frozen=True)
class Pair:
    """The quads of two processes, one of each side, that were alive at the same time; and their control."""

    quads: list[Quad] = field(default_factory=list)
    control: list[Quad] = field(default_factory=list)

    def under(self, capture: str) -> list[Quad]:
        """The quads under one capture."""
        return [quad for quad in self.quads if quad.capture == capture]


@dataclass(frozen=True)
class InTurn:
    """All pairs of processes of a comparison, and how many seconds their quads took."""

    pairs: list[Pair]
    seconds: float

    def log_ratios(self) -> list[list[float]]:
        """The logarithms of the quads' ratios, with nothing installed, a list for each pair."""
        return [[quad.log_ratio() for quad in pair.under("bare")] for pair in self.pairs]

    def control_log_ratios(self) -> list[list[float]]:
        """The same for the control: two processes of the first side."""
        return [[quad.log_ratio() for quad in pair.control] for pair in self.pairs]

    def cpu_log_ratios(self) -> list[list[float]]:
        """The same for processor time."""
        found = [[quad.cpu_log_ratio() for quad in pair.under("bare")] for pair in self.pairs]
        return [[one for one in pair if one is not None] for pair in found]


def _log_ratio(before: Sequence[float], after: Sequence[float]) -> float:
    return float(np.mean([log(one) for one in after]) - np.mean([log(one) for one in before]))
