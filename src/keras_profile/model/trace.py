"""A TensorFlow trace: events of the profiled process's threads, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..recorder.protocol import STEP_SUFFIX
from .arrays import Ints

#: What events may bear that tells what they are: a step's number, and how a tf.function
#: was called.
STEP_NUMBER, FUNCTION_CALL = "step_num", "tf_function_call"
BORNE = (STEP_NUMBER, FUNCTION_CALL)


@dataclass(frozen=True)
class TraceLine:
    """One thread's events, sorted by begin, an enclosing event before what it encloses.

    ``name`` numbers into ``Trace.names``; times are ps, from the same moment on all lines.
    """

    thread: str
    name: npt.NDArray[np.int32] | Ints
    begin: Ints
    end: Ints


@dataclass(frozen=True)
class DeviceEvent:
    """What an event on a device is: the kernel or copy, the op that it is of, and how much it copies.

    ``op`` is ``path:Op`` in TensorFlow, a path in JAX, and empty where the format does not tell;
    ``bytes`` is -1 there.
    """

    name: str
    op: str = ""
    bytes: int = -1


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Correlated:
    """Events with a correlation id, in the order of these: launches on the host, or what was launched.

    ``begin`` is in ps. Not all need to be here: readers look at the first ones alone.
    """

    id: Ints = field(default_factory=_none)
    begin: Ints = field(default_factory=_none)


@dataclass(frozen=True)
class MemoryInUse:
    """How many bytes of a device's memory are in use from each moment on, in ps, in order."""

    begin: Ints = field(default_factory=_none)
    bytes: Ints = field(default_factory=_none)


@dataclass(frozen=True)
class DevicePlane:
    """The lines of a GPU or TPU: its streams, and what was derived from them.

    ``name`` of a line numbers into ``events``; times count from the same moment as the host's.
    """

    name: str
    events: list[DeviceEvent]
    lines: list[TraceLine]
    launched: Correlated = field(default_factory=Correlated)
    memory: MemoryInUse = field(default_factory=MemoryInUse)


@dataclass(frozen=True)
class Trace:
    """The lines of one trace file: the host's threads, and the devices.

    ``bearing`` has the names whose events bear each of :data:`BORNE`, by number, where
    the format tells. ``cut`` says what is missing where the file ends too early.
    """

    source: str
    names: list[str]
    lines: list[TraceLine]
    bearing: Mapping[str, frozenset[int]] = field(default_factory=dict)
    cut: str = ""
    devices: tuple[DevicePlane, ...] = ()
    launches: Correlated = field(default_factory=Correlated)

    def steps(self, entry: str) -> tuple[TraceLine, npt.NDArray[np.bool_]] | None:
        """The calling thread's line and which of its events are calls of ``entry``.

        It is the one that has most of them. Older recordings name them like the entry
        point alone, as TensorFlow may name what lies within: such events are no steps.
        None where there are none.
        """
        name = next((name for name in (entry + STEP_SUFFIX, entry) if name in self.names), None)
        if name is None or not self.lines:
            return None
        marker = self.names.index(name)
        line = max(self.lines, key=lambda line: int((line.name == marker).sum()))
        found = line.name == marker
        ended = int(line.begin.min(initial=0))
        for row in np.flatnonzero(found).tolist():
            if line.begin[row] < ended:
                found[row] = False
            else:
                ended = int(line.end[row])
        return (line, found) if found.any() else None
