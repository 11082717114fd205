"""A profile of a whole program that another program recorded: counted functions, or sampled stacks."""

from __future__ import annotations

from dataclasses import dataclass

from .call_graph import CallGraph
from .samples import Samples

#: The units of costs. A sampler that keeps only counts does not say how long a sample is.
NANOSECONDS, SAMPLES = "nanoseconds", "samples"


@dataclass(frozen=True)
class ForeignProfile:
    """What a profiler kept of a program: either a call graph or samples.

    ``format`` is one of ``pstats``, ``pyinstrument``, ``speedscope`` and ``folded``; ``made_by`` the program
    that wrote it, as far as the file says. ``threads`` is how many threads the samples are of, 0 if the file
    does not say. The call of a sample is the number of its thread; weights are in ``unit``. ``in_order`` says
    whether samples of a thread follow each other as they were taken. Names of functions may have their
    class and outer function before them, and lines be those that ran.
    """

    source: str
    format: str
    made_by: str
    graph: CallGraph | None = None
    samples: Samples | None = None
    unit: str = NANOSECONDS
    threads: int = 0
    in_order: bool = False
