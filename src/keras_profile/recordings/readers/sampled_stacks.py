"""Samples as readers of other programs' profiles find them: stacks kept once, within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from ...errors import RecordingError
from ...model.call_graph import Function
from ...model.samples import Samples

#: The maximum number of frames of a stack: what is deeper is part of the last of these.
MOST_DEPTH = 500
#: The maximum number of different stacks, and of frames in all of them.
_MOST_STACKS = 1 << 20
_MOST_FRAMES = 1 << 24


class SampleRows:
    """Samples of the profile in ``path``. A stack is a node: a frame and the node of its caller."""

    #: The node of no function.
    ROOT: ClassVar[int] = 0
    #: The maximum cost of all samples.
    MOST_COST: ClassVar[int] = 1 << 53

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers: dict[Function, int] = {}
        self._nodes: dict[tuple[int, int], int] = {}
        # Of each node, what it is below and its depth.
        self._parents: list[tuple[int, int]] = [(-1, -1)]
        self._depths: list[int] = [0]
        self._stack_of_node: dict[int, int] = {}
        self._samples = Samples([], [], [], [], [])
        self._frames = 0
        self._cost = 0

    def below(self, node: int, frame: Function) -> int:
        """The node of ``frame`` where it is called in ``node``."""
        if self._depths[node] == MOST_DEPTH:
            return node
        number = self._numbers.get(frame)
        if number is None:
            number = self._numbers[frame] = len(self._samples.frames)
            self._samples.frames.append(frame)
        found = self._nodes.get((node, number))
        if found is None:
            if len(self._parents) > _MOST_STACKS:
                self._refuse(f"more than {_MOST_STACKS:,} different stacks")
            found = self._nodes[node, number] = len(self._parents)
            self._parents.append((node, number))
            self._depths.append(self._depths[node] + 1)
        return found

    def add(self, node: int, thread: int, cost: int) -> None:
        """Adds a sample that was taken in ``node``; one that costs nothing is left out."""
        if cost == 0:
            return
        stack = self._stack_of_node.get(node)
        if stack is None:
            self._frames += self._depths[node]
            if self._frames > _MOST_FRAMES:
                self._refuse(f"more than {_MOST_FRAMES:,} frames")
            stack = self._stack_of_node[node] = len(self._samples.stacks)
            self._samples.stacks.append(self._frames_of(node))
        self._cost += cost
        if self._cost > self.MOST_COST:
            self._refuse("samples of more time than any program takes")
        self._samples.stack.append(stack)
        self._samples.call.append(thread)
        self._samples.weight_ns.append(cost)

    def finished(self) -> Samples:
        """All samples, in order. Raises :class:`RecordingError` if there are none."""
        if not self._samples.stack:
            self._refuse("no samples", "record again, for longer")
        return self._samples

    def _frames_of(self, node: int) -> tuple[int, ...]:
        found = []
        while node != self.ROOT:
            node, frame = self._parents[node]
            found.append(frame)
        return tuple(reversed(found))

    def _refuse(self, what: str, advice: str = "record a shorter run, or with a lower rate") -> None:
        raise RecordingError(f"{self._path}: expected a profile of a program, found {what}", advice)
