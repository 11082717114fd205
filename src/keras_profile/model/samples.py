"""Sampled stacks, each with the call that it was taken in and the time it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from .call_graph import Function


@dataclass(frozen=True)
class Samples:
    """Samples in the order they were taken.

    ``stacks`` are tuples of frame numbers, outermost first, starting below the frame
    that makes the measured call; ``stack`` and ``call`` and ``weight_ns`` run in
    parallel, one entry a sample.
    """

    frames: list[Function]
    stacks: list[tuple[int, ...]]
    stack: list[int]
    call: list[int]
    weight_ns: list[int]
