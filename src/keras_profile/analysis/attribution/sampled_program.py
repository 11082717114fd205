"""Divides a whole program by sampled stacks, which begin at the program and not at a call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...model.samples import Samples
from .entered import (
    CALL,
    INFERENCE,
    MAKING,
    PROGRAM,
    STATE_NUMBER,
    STATES,
    after,
    is_making,
    kind_of,
)
from .named_functions import NamedFunction
from .program_division import Caller, ProgramDivision
from .sampled import PART_OF_CALLER, stack_phase
from .vocabulary import NUMBER, PHASES


@dataclass(frozen=True)
class _Read:
    """What a stack is: its state, where the entry point begins in it, its phase there, and who called it."""

    state: str
    entered_at: int
    phase: str
    caller: int | None


def divide_samples(samples: Samples, functions: Sequence[NamedFunction], in_order: bool) -> ProgramDivision:
    """Divides ``samples``; ``functions`` says what each of their frames is.

    If they are ``in_order``, a sample in a wrapper right after its entry point is the entry point's teardown:
    what the call leaves behind is destroyed as the wrapper returns.
    """
    kinds = [kind_of(one) for one in functions]
    phases = [one.phase if one.is_code else PART_OF_CALLER for one in functions]
    reads = [_read(stack, functions, kinds, phases) for stack in samples.stacks]
    costs: dict[tuple[int, _Read], int] = defaultdict(int)
    last: dict[int, tuple[tuple[int, ...], _Read]] = {}
    for number, thread, cost in zip(samples.stack, samples.call, samples.weight_ns):
        stack, read = samples.stacks[number], reads[number]
        if in_order and read.state == PROGRAM and thread in last:
            read = _teardown(stack, last[thread], functions) or read
        if read.state in INFERENCE:
            last[thread] = stack, read
        else:
            last.pop(thread, None)
        costs[number, read] += cost
    called, making = (
        sum(cost for (_, read), cost in costs.items() if read.state == state) for state in (CALL, MAKING)
    )
    if is_making(called, making):
        made = {read: replace(read, state=MAKING) for _, read in costs if read.state == CALL}
        costs = {(number, made.get(read, read)): cost for (number, read), cost in costs.items()}
    return _summed(samples, costs)


def _summed(samples: Samples, costs: Mapping[tuple[int, _Read], int]) -> ProgramDivision:
    states = np.zeros(len(STATES))
    phases = {entry: np.zeros(len(PHASES)) for entry in INFERENCE}
    total, own, own_of_all = (np.zeros(len(samples.frames)) for _ in range(3))
    places = [(one.file, one.name) for one in samples.frames]
    callers: defaultdict[tuple[int, str], float] = defaultdict(float)
    for (number, read), cost in costs.items():
        stack = samples.stacks[number]
        states[STATE_NUMBER[read.state]] += cost
        if stack:
            own_of_all[stack[-1]] += cost
        if read.state not in phases:
            continue
        phases[read.state][NUMBER[read.phase]] += cost
        below = stack[read.entered_at :]
        if below:
            # A function that calls itself counts once, whichever of its lines run.
            total[list({places[frame]: frame for frame in reversed(below)}.values())] += cost
            own[below[-1]] += cost
        if read.caller is not None:
            callers[read.caller, read.state] += cost
    found = [Caller(function, entry, cost, None) for (function, entry), cost in callers.items()]
    return ProgramDivision(states, phases, total, own, own_of_all, found)


def _read(
    stack: tuple[int, ...],
    functions: Sequence[NamedFunction],
    kinds: Sequence[str],
    phases: Sequence[str | None],
) -> _Read:
    state, begin = PROGRAM, 0
    for depth, frame in enumerate(stack):
        below = after(state, kinds[frame])
        if below != state:
            state, begin = below, depth
    if state not in INFERENCE:
        return _Read(state, len(stack), "", None)
    phase, _ = stack_phase([phases[frame] for frame in stack[begin:]])
    above = [frame for frame in reversed(stack[:begin]) if functions[frame].is_calling]
    # A program may be installed like a library.
    caller = next((frame for frame in above if functions[frame].is_users), above[0] if above else None)
    return _Read(state, begin, phase, caller)


def _teardown(
    stack: tuple[int, ...], last: tuple[tuple[int, ...], _Read], functions: Sequence[NamedFunction]
) -> _Read | None:
    """What a stack is if it ends in the wrapper from which the entry point of the last sample was called."""
    above, read = last
    is_left = bool(stack) and functions[stack[-1]].is_wrapper and above[: len(stack)] == stack
    if not is_left or len(stack) > read.entered_at:
        return None
    return _Read(read.state, len(stack), "teardown", read.caller)
