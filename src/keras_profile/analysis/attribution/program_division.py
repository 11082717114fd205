"""A program of another profiler's file, divided: what ran for which entry point, and in which phases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Caller:
    """A function of the program that calls an entry point: the cost of these calls, and how many they are.

    ``function`` is its number in the profile; ``calls`` is None if the profile does not count.
    """

    function: int
    entry: str
    cost: float
    calls: int | None


@dataclass(frozen=True)
class ProgramDivision:
    """Costs in the profile's unit.

    ``states`` divides the whole program by :data:`.entered.STATES`, ``phases`` each entry point of inference
    by the phases. ``total`` and ``own`` have what each function costs within inference, with and without
    what it calls; ``calls`` how often it was called there, and ``entry_calls`` how often each entry point
    was, both None if the profile does not count. ``own_of_all`` is a function's own cost in the program.
    ``lost`` is how many internals lack a caller: then the profiler lost calls.
    """

    states: Floats
    phases: dict[str, Floats]
    total: Floats
    own: Floats
    own_of_all: Floats
    callers: list[Caller]
    calls: Floats | None = None
    entry_calls: dict[str, int] | None = None
    lost: int = 0
