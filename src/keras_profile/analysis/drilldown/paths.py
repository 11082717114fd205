"""The paths of samples: each frame with its phase from the call on, each path looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...model.arrays import Ints
from ...model.recording import Recording
from ...model.samples import Samples
from ..attribution.attribute import row_phases
from ..attribution.sampled import frame_phases, prefix_phases, sample_phases
from ..attribution.vocabulary import NUMBER
from .frames import FrameTable

#: The filler below the end of a path in a matrix of paths.
BELOW = -1
#: A step of a path is its frame's number times this, and its phase's number.
STEP = 256


@dataclass(frozen=True)
class SampledPaths:
    """Which path each sample has; ``steps`` of a path are frames and phases as one number."""

    of_sample: Ints
    steps: list[list[int]]

    def matrix(self, numbers: Sequence[int]) -> Ints:
        """The steps of some paths as rows, filled up with :data:`BELOW`."""
        deepest = max((len(self.steps[number]) for number in numbers), default=0)
        rows = np.full((len(numbers), deepest), BELOW, dtype=np.int64)
        for row, number in enumerate(numbers):
            rows[row, : len(self.steps[number])] = self.steps[number]
        return rows


def sampled_paths(recording: Recording, samples: Samples, table: FrameTable) -> SampledPaths:
    """The paths of ``samples``, numbered in the order they are first seen."""
    frames = [frame * STEP for frame in table.functions(samples.frames)]
    places = frame_phases(samples, recording.content.internals, row_phases(recording))
    numbers: dict[tuple[int, str], int] = {}
    of_sample: list[int] = []
    steps: list[list[int]] = []
    for stack, (phase, _) in zip(samples.stack, sample_phases(samples, places)):
        number = numbers.get((stack, phase))
        if number is None:
            number = numbers[stack, phase] = len(steps)
            path = samples.stacks[stack]
            phases = prefix_phases([places[frame] for frame in path], phase)
            steps.append([frames[frame] + NUMBER[its_phase] for frame, its_phase in zip(path, phases)])
        of_sample.append(number)
    return SampledPaths(np.array(of_sample, dtype=np.int64), steps)


def shared(before: Ints, after: Ints) -> Ints:
    """How many steps each row of one matrix of paths shares with that of the other.

    >>> shared(np.array([[1, 2, 3], [1, 2, -1], [1, 2, -1]]),
    ...        np.array([[1, 5, 3], [1, 2, 4], [1, 2, -1]])).tolist()
    [1, 2, 2]
    """
    same = (before == after) & (after != BELOW)
    return np.asarray(np.logical_and.accumulate(same, axis=1).sum(axis=1), dtype=np.int64)
