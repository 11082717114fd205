"""The rule for a call's own time, by hand and against the rule nanosecond by nanosecond."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.analysis.attribution.own_time import AFTER, BEFORE, BETWEEN, Parts, main_parts, own_time
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.analysis.drilldown.lanes import own_stretches
from keras_profile.model.drilldown import Lane

NAMES = list(PHASES)


def made(*calls):
    """The own time of calls, each (begin, end, *(phase, begin, end))."""
    begin, end = (np.array(column, dtype=np.int64) for column in zip(*[call[:2] for call in calls]))
    rows = [(number, b, e, NUMBER[phase]) for number, call in enumerate(calls) for phase, b, e in call[2:]]
    parts = Parts(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)
    return own_time(begin, end, parts)


def stretches(found):
    return [
        (call, begin, end, NAMES[phase])
        for call, begin, end, phase in zip(
            *(c.tolist() for c in (found.call, found.begin, found.end, found.phase))
        )
        if begin < end
    ]


@pytest.mark.parametrize("aside", ["teardown", "garbage_collection"])
def test_what_stands_aside_is_neither_first_nor_last(aside):
    found = made(
        (0, 100, (aside, 2, 6), ("loop", 10, 20), (aside, 30, 40), ("entry", 50, 60), (aside, 70, 80))
    )
    assert stretches(found) == [
        (0, 0, 2, "loop"),
        (0, 6, 10, "loop"),
        (0, 20, 30, "unattributed"),
        (0, 40, 50, "unattributed"),
        (0, 60, 70, "teardown"),
        (0, 80, 100, "teardown"),
    ]
    assert [found.sums(position).tolist() for position in (BEFORE, BETWEEN, AFTER)] == [[6], [20], [30]]


def test_calls_are_apart_and_those_without_parts_have_no_phase():
    found = made((0, 10), (10, 30, ("entry", 12, 20)), (40, 50), (50, 60, ("teardown", 50, 55)))
    assert stretches(found) == [
        (0, 0, 10, "unattributed"),
        (1, 10, 12, "entry"),
        (1, 20, 30, "teardown"),
        (2, 40, 50, "unattributed"),
        (3, 55, 60, "unattributed"),
    ]
    assert [NAMES[phase] for phase in found.first_phase] == [
        "unattributed",
        "entry",
        "unattributed",
        "unattributed",
    ]


def test_no_call_has_no_own_time():
    nothing = np.zeros(0, dtype=np.int64)
    found = own_time(nothing, nothing, Parts(nothing, nothing, nothing, nothing))
    assert stretches(found) == []
    assert found.sums(BEFORE).tolist() == []


def test_the_position_of_what_is_no_whole_stretch():
    one = np.array([0])
    main = main_parts(2, Parts(one, np.array([10]), np.array([20]), np.array([NUMBER["loop"]])))
    begin, end = np.array([1, 8, 12, 20, 1]), np.array([2, 12, 13, 21, 2])
    assert main.positions(np.array([0, 0, 0, 0, 1]), begin, end).tolist() == [
        BEFORE,
        BETWEEN,
        BETWEEN,
        AFTER,
        BETWEEN,
    ]


@st.composite
def calls(draw):
    """Calls one after the other, of parts with gaps of no length and more."""
    found, now = [], 0
    for _ in range(draw(st.integers(1, 3))):
        begin, parts = now, []
        for phase in draw(
            st.lists(st.sampled_from(["entry", "loop", "teardown", "garbage_collection"]), max_size=5)
        ):
            start = now + draw(st.integers(0, 3))
            now = start + draw(st.integers(1, 3))
            parts.append((phase, start, now))
        now += draw(st.integers(0, 3))
        found.append((begin, now, *parts))
    return found


@given(calls())
def test_each_nanosecond_has_the_phase_of_the_rule(given_calls):
    """As one would find it by looking at each nanosecond alone."""
    expected = []
    for number, (begin, end, *parts) in enumerate(given_calls):
        main = [part for part in parts if part[0] not in ("teardown", "garbage_collection")]
        for at in range(begin, end):
            if any(b <= at < e for _, b, e in parts):
                continue
            if main and at < main[0][1]:
                expected.append((number, at, main[0][0]))
            elif main and at >= main[-1][2]:
                expected.append((number, at, "teardown"))
            else:
                expected.append((number, at, "unattributed"))
    found = stretches(made(*given_calls))
    assert [(call, at, phase) for call, begin, end, phase in found for at in range(begin, end)] == expected


def test_a_lane_gives_the_own_time_of_its_call_and_cuts_what_overlaps():
    # The second part begins before the first has ended, the last outlasts the call.
    boxes = [(0, 0, 100), (1, 10, 20), (2, 12, 5), (1, 25, 15), (1, 90, 20)]
    phases = [NUMBER[name] for name in ("unattributed", "loop", "execution", "teardown", "entry")]
    depth, begin, duration = (np.array(column) for column in zip(*boxes))
    own = own_stretches(Lane("t", depth, begin, duration, depth * 0, np.array(phases)))
    assert list(zip(own.begin_ns.tolist(), own.end_ns.tolist(), (NAMES[phase] for phase in own.phase))) == [
        (0, 10, "loop"),
        (40, 90, "unattributed"),
    ]
