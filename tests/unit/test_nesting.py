"""One sweep in numpy has the parents and self times of a stack that is walked event by event."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.analysis.attribution.nesting import _parents, nested
from keras_profile.model.trace import TraceLine


def line(events):
    """A thread's events from (begin, end), sorted as a trace has them."""
    events = sorted(events, key=lambda event: (event[0], -event[1]))
    begin, end = np.array(events, dtype=np.int64).reshape(-1, 2).T.copy()
    return TraceLine("python", np.arange(len(events), dtype=np.int32), begin, end)


def by_stack(one):
    """Self time and parent's number of each event, -1 for none."""
    ends, stack, own, parents = one.end.tolist(), [], [], []
    for number, begin in enumerate(one.begin.tolist()):
        while stack and ends[stack[-1]] <= begin:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        if stack:
            ends[number] = min(ends[number], ends[stack[-1]])
            own[stack[-1]] -= ends[number] - begin
        own.append(ends[number] - begin)
        stack.append(number)
    return own, parents


def swept(one, size):
    own, parents = [0] * len(one.begin), [-1] * len(one.begin)
    for piece in nested(one, size):
        for number, parent, self_ps in zip(
            piece.name.tolist(), piece.name[piece.parent].tolist(), piece.self_ps.tolist()
        ):
            own[number] += self_ps
            parents[number] = -1 if parent == number else parent
    return own, parents


TIMES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 15)).map(lambda drawn: (drawn[0], sum(drawn))))


@settings(deadline=None, max_examples=60)
@given(TIMES, st.sampled_from([1, 2, 5, 1000]))
def test_events_that_need_not_nest(events, size):
    one = line(events)
    assert swept(one, size) == by_stack(one)


def tree(rng):
    """Events that nest."""
    events = []

    def within(begin, end, depth):
        while begin < end and len(events) < 60:
            stop = rng.randint(begin, end)
            events.append((begin, stop))
            if stop > begin and depth < 6:
                within(begin, stop, depth + 1)
            begin = max(stop, begin) + rng.randint(0, 2) + (stop == begin)

    within(0, rng.randint(1, 60), 0)
    return events


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_events_that_nest(size):
    rng = random.Random(size)
    for _ in range(60):
        one = line(tree(rng))
        assert _parents(one.begin, one.end) is not None
        assert swept(one, size) == by_stack(one)


@pytest.mark.parametrize("depth", [1000, 50_000])
def test_events_that_lie_deep(depth):
    one = line([(level, 2 * depth - level) for level in range(depth)])
    pieces = list(nested(one, 1000))
    assert sum(int(piece.self_ps.sum()) for piece in pieces) == 2 * depth
    assert pieces[-1].parent[-1] == len(pieces[-1].parent) - 2


def test_a_thread_without_events_has_no_pieces():
    assert list(nested(line([]))) == []
