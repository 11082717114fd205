"""Calls with other numbers of rows: how many of them there is time for."""

from __future__ import annotations

import types

import pytest

from keras_profile.recorder.trials import scaling


class Point:
    """A number of rows whose calls take ``building`` seconds to be built, and ten to be measured."""

    building = 1.0
    made = 0

    def __init__(self, clock, rows, larger):
        clock.now += self.building
        Point.made += 1
        self.clock, self.rows, self.larger = clock, rows, larger
        self.estimates, self.walls = [1000], ([], [])

    def measure(self, slot_ns, number):
        self.clock.now += 10.0
        for walls in self.walls:
            walls.append(1000)

    def close(self):
        Point.made -= 1


@pytest.fixture
def measure(monkeypatch):
    clock = types.SimpleNamespace(now=0.0)
    monkeypatch.setattr(scaling.time, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(scaling, "_Point", lambda rows, larger, *rest: Point(clock, rows, larger))
    monkeypatch.setattr(scaling, "repeated_rows", lambda x, rows: x)
    monkeypatch.setattr(Point, "made", 0)
    workload = types.SimpleNamespace(
        entry_point=types.SimpleNamespace(takes_batches=True),
        request=types.SimpleNamespace(batch_size=32),
    )
    entrant = types.SimpleNamespace(
        recipe=types.SimpleNamespace(id="best"), change=types.SimpleNamespace(title="")
    )

    def measured(building_s):
        return scaling.measure_scaling(workload, entrant, entrant, None, 1.0, "", 10**6, building_s)

    return measured


def test_without_a_limit_all_are_built(measure):
    original, best = measure(None)
    assert len(original["points"]) == len(best["points"]) == len(scaling.CALLS)


def test_those_that_say_enough_are_built_in_time(measure):
    original, _ = measure(5.5)
    assert len(original["points"]) == scaling.LEAST_CUT
    # The first round is of all of them, and then the time is over.
    assert {len(point["wall_ns"]) for point in original["points"]} == {1}


def test_too_few_say_nothing(measure):
    with pytest.raises(scaling.NoTime):
        measure(2.5)
    assert Point.made == 0
