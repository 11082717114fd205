"""The same partition by sampling: an independent check, and a measure of unnamed functions.

A sampler does not see garbage collection, and it sees native code only as the Python function that called
it. But it sees every Python function, so it shows how much of a phase lies in functions that the internals
table does not name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...model.arrays import Ints
from ...model.recording import RecordedInternal
from ...model.samples import Samples
from .own_time import AFTER, BEFORE, own_phase
from .vocabulary import HELPER, NUMBER, PHASES, STICKY, TRANSPARENT, UNATTRIBUTED

#: The file that pyinstrument 5 gives for functions that are not Python.
BUILT_IN = "<built-in>"
#: In place of a phase: a built-in function is part of the line that calls it.
PART_OF_CALLER = "part of its caller"
#: The functions that Python calls as an object is destroyed.
DESTRUCTOR = "__del__"


@dataclass(frozen=True)
class SampledPartition:
    """Sampled time by call and phase: all of it, and what lies in unnamed functions.

    ``unnamed_before`` and ``unnamed_after`` are the shares of unnamed functions, such as
    a ``predict`` of the user's own class, in a call's time before the first internal
    runs and after the last one has.
    """

    self_ns: Ints
    unnamed_ns: Ints
    samples: Ints
    unnamed_before: float
    unnamed_after: float


def sampled_partition(
    samples: Samples,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
) -> SampledPartition:
    """Assigns each sample to a phase by the rules of :mod:`.partition`."""
    place_phases = frame_phases(samples, internals, row_phases)
    seen = [stack_phase([place_phases[frame] for frame in stack]) for stack in samples.stacks]
    resolved = sample_phases(samples, place_phases)
    shape = (max(samples.call, default=-1) + 1, len(PHASES))
    self_ns, unnamed_ns = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    counts = np.zeros(shape, np.int64)
    # Time with no internal on the stack: [before, after], of all and of unnamed functions.
    outside, outside_unnamed = [0, 0], [0, 0]
    for stack, call, weight, (phase, is_after) in zip(
        samples.stack, samples.call, samples.weight_ns, resolved
    ):
        by_stack, is_unnamed = seen[stack]
        if by_stack == UNATTRIBUTED:
            is_unnamed = is_unnamed and phase == UNATTRIBUTED
            outside[is_after] += weight
            outside_unnamed[is_after] += weight * is_unnamed
        column = NUMBER[phase]
        self_ns[call, column] += weight
        counts[call, column] += 1
        if is_unnamed:
            unnamed_ns[call, column] += weight
    before, after = (part / whole if whole else 0.0 for part, whole in zip(outside_unnamed, outside))
    return SampledPartition(self_ns, unnamed_ns, counts, before, after)


def frame_phases(
    samples: Samples,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
) -> list[str | None]:
    """The internals table's entry for each frame; None if it does not name the frame."""
    phase_of_place = {
        (row.file, row.line, row.qualname.rpartition(".")[2]): phase
        for row, phase in zip(internals, row_phases)
        if row.file is not None
    }
    return [
        PART_OF_CALLER if frame.file == BUILT_IN else phase_of_place.get((frame.file, frame.line, frame.name))
        for frame in samples.frames
    ]


def sample_phases(samples: Samples, place_phases: Sequence[str | None]) -> list[tuple[str, bool]]:
    """Each sample's phase, and whether it was taken after an internal had run in its call.

    ``place_phases`` are those of :func:`frame_phases`.
    """
    seen = [stack_phase([place_phases[frame] for frame in stack]) for stack in samples.stacks]
    destructors = {number for number, frame in enumerate(samples.frames) if frame.name == DESTRUCTOR}
    destroys = [not destructors.isdisjoint(stack) for stack in samples.stacks]
    begun: set[int] = set()
    found = []
    for stack, call, weight in zip(samples.stack, samples.call, samples.weight_ns):
        phase, is_unnamed = seen[stack]
        is_after = call in begun
        if phase == UNATTRIBUTED:
            if destroys[stack]:
                # Any destructor: the call's objects are being destroyed.
                phase = "teardown"
            elif not is_unnamed:
                # Only wrappers are on the stack: it is the call's own time. Samples do not show which
                # part is the first or the last: any part that ran counts as both.
                phase = own_phase(AFTER if is_after else BEFORE, "entry")
        if phase != UNATTRIBUTED and weight:
            begun.add(call)
        found.append((phase, is_after))
    return found


def prefix_phases(phases: Sequence[str | None], whole: str) -> list[str]:
    """The phase of each frame of a stack: that of the named frame that it works for.

    Frames above the first one with a phase have its phase, as in :mod:`.partition`; those
    of a stack without one have ``whole``, the phase of the sample.

    >>> prefix_phases([TRANSPARENT, "entry", None, "dataset_building", None], "dataset_building")
    ['entry', 'entry', 'entry', 'dataset_building', 'dataset_building']
    """
    found: list[str] = []
    current = None
    for phase in phases:
        is_named = phase is not None and phase not in (TRANSPARENT, HELPER, PART_OF_CALLER)
        if is_named and current not in STICKY:
            if current is None:
                found = [str(phase)] * len(found)
            current = phase
        found.append(current or whole)
    return found


def stack_phase(phases: Sequence[str | None]) -> tuple[str, bool]:
    """The phase of a stack, and whether frames below the one that decides it are unnamed.

    >>> stack_phase(["transparent", "entry", "dataset_building", None, "transparent"])
    ('dataset_building', True)
    >>> stack_phase(["entry", "helper", None])  # what a helper calls is known with it
    ('entry', False)
    >>> stack_phase([None, "transparent"])  # a wrapper below a function of the user's
    ('unattributed', False)
    """
    found, is_unnamed, in_helper = UNATTRIBUTED, False, False
    for phase in phases:
        if phase is None:
            is_unnamed = is_unnamed or not in_helper
        elif phase == HELPER:
            in_helper = True
        elif phase == TRANSPARENT and found == UNATTRIBUTED:
            is_unnamed = False
        elif phase not in (TRANSPARENT, PART_OF_CALLER) and found not in STICKY:
            found, is_unnamed, in_helper = phase, False, False
    return found, is_unnamed
