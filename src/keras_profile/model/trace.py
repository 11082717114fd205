"""A TensorFlow trace: events of the profiled process's threads, column by column."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TraceLine:
    """One thread's events, sorted by begin, an enclosing event before what it encloses.

    ``name`` numbers into ``Trace.names``; times are ps, from the same moment on all lines.
    """

    thread: str
    name: Ints
    begin: Ints
    end: Ints


@dataclass(frozen=True)
class Trace:
    """The host's lines of one trace file."""

    source: str
    names: list[str]
    lines: list[TraceLine]
