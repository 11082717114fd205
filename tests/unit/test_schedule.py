"""The schedule, with a clock that only calls move."""

from __future__ import annotations

import pytest

from keras_profile.recorder.protocol import CAPTURE_OF, CAPTURE_TABLE, CAPTURES
from keras_profile.recorder.workload.schedule import (
    LEAST_PLANNED,
    LEAST_ROUNDS,
    MOST_PLANNED,
    Schedule,
)

SECOND = 1_000_000_000


class Run:
    """Goes through a schedule as the recorder does, calls taking what ``call_ns`` says.

    ``call_ns`` is a number or a function of the capture's name; ``overhead_ns`` is what
    starting and stopping a capture takes; ``failing`` captures are dropped in their
    first block.
    """

    def __init__(self, seconds, call_ns, names=CAPTURES, overhead_ns=0, failing=(), estimate=None):
        self.now = 5 * SECOND
        self.blocks = []  # (round, name, calls)
        takes = call_ns if callable(call_ns) else lambda name: call_ns
        begin = self.now
        self.schedule = schedule = Schedule(names, seconds, estimate or takes("bare"), lambda: self.now)
        for number, order in schedule.rounds():
            for name in order:
                if number >= LEAST_ROUNDS and schedule.is_over():
                    break
                if name in failing:
                    schedule.drop(name)
                    continue
                calls, start = schedule.calls(name), self.now
                self.now += overhead_ns + schedule.settling_calls * takes(name)
                made = 0
                while made < calls:
                    self.now += takes(name)
                    made += 1
                    if number >= LEAST_ROUNDS - 1 and schedule.is_over():
                        break
                schedule.block_done(name, made, takes(name), self.now - start)
                self.blocks.append((number, name, made))
        self.took = self.now - begin

    def calls(self, name):
        return sum(calls for _, one, calls in self.blocks if one == name)

    def order(self, number):
        return [name for one, name, _ in self.blocks if one == number]


def test_the_order_is_rotated_from_round_to_round():
    run = Run(60, 300_000_000)
    names = list(CAPTURES)
    for number in range(4):
        assert run.order(number) == names[number:] + names[:number]


def test_a_call_longer_than_the_budget_gets_the_least_rounds_of_one_call():
    run = Run(1, 5 * SECOND)
    assert [calls for _, _, calls in run.blocks] == [1] * LEAST_ROUNDS * len(CAPTURES)
    assert {number for number, _, _ in run.blocks} == set(range(LEAST_ROUNDS))


def test_short_calls_get_hundreds_of_bare_calls():
    run = Run(30, 2_000_000)
    assert run.calls("bare") >= 400
    assert run.calls("spans") >= 300


@pytest.mark.parametrize("call_ns", [1_000, 300_000, 2_000_000, 97_000_000, 400_000_000])
def test_no_capture_gets_more_than_its_caps(call_ns):
    run = Run(60, call_ns)
    for number, name, calls in run.blocks:
        assert 1 <= calls <= CAPTURE_OF[name].most_in_round, (number, name)
    for name in CAPTURES:
        assert run.calls(name) <= CAPTURE_OF[name].most_in_all


def test_very_short_calls_reach_every_cap_and_then_it_ends():
    run = Run(600, 10_000)
    for name in CAPTURES:
        assert run.calls(name) == CAPTURE_OF[name].most_in_all
    assert run.took < 600 * SECOND


@pytest.mark.parametrize("seconds", [5, 30, 120])
@pytest.mark.parametrize("call_ns", [100_000, 2_000_000, 97_000_000, 450_000_000])
@pytest.mark.parametrize("overhead_ns", [0, 300_000_000])
def test_it_ends_within_the_budget_and_one_block(seconds, call_ns, overhead_ns):
    run = Run(seconds, call_ns, overhead_ns=overhead_ns)
    least = LEAST_ROUNDS * len(CAPTURES) * (overhead_ns + 2 * call_ns)
    block = overhead_ns + 2 * call_ns
    assert run.took <= max(seconds * SECOND, least) + block


def test_slow_captures_do_not_eat_the_others_time():
    run = Run(30, lambda name: {"cprofile": 500_000_000, "tensorflow": 300_000_000}.get(name, 50_000_000))
    assert run.took <= 30 * SECOND + SECOND
    assert run.calls("bare") > 60
    assert run.calls("cprofile") < 20


def test_an_estimate_that_was_wrong_is_learnt():
    run = Run(30, 100_000_000, estimate=100_000)
    per_round = [calls for _, name, calls in run.blocks if name == "bare"]
    assert per_round[0] > 5 * per_round[1]


def test_what_was_no_call_s_makes_it_longer_and_not_its_blocks():
    now = [0]
    schedule = Schedule(["bare"], 1.0, SECOND // 100, lambda: now[0])
    calls = schedule.calls("bare")
    now[0] = SECOND
    assert schedule.is_over()
    schedule.lengthen(0.5)
    assert schedule.left_ns() == SECOND // 2
    assert schedule.calls("bare") == calls


def test_overhead_of_starting_is_taken_off_the_calls():
    schedule = Schedule(["bare"], 60, 100_000_000, lambda: 0, rounds=6)
    assert schedule.calls("bare") == 99
    schedule.block_done("bare", 99, 100_000_000, 10 * SECOND)
    assert schedule.calls("bare") == 99
    schedule.block_done("bare", 99, 100_000_000, 12 * SECOND)  # two seconds beside the calls
    assert schedule.calls("bare") == 79


def test_a_capture_at_its_cap_is_left_out_of_the_order():
    run = Run(60, 20_000_000)
    last = max(number for number, name, _ in run.blocks if name == "tensorflow")
    assert run.calls("tensorflow") == CAPTURE_OF["tensorflow"].most_in_all
    assert "tensorflow" not in run.order(last + 1)
    assert "bare" in run.order(last + 1)


def test_rounds_are_about_as_many_as_planned():
    run = Run(30, 50_000_000)
    assert LEAST_PLANNED <= max(number for number, _, _ in run.blocks) + 1 <= MOST_PLANNED + 4


@pytest.mark.parametrize("failing", CAPTURES)
def test_a_dropped_capture_gets_no_more_blocks(failing):
    run = Run(10, 20_000_000, failing=[failing])
    assert run.calls(failing) == 0
    for name in set(CAPTURES) - {failing}:
        assert len([one for _, one, _ in run.blocks if one == name]) >= LEAST_ROUNDS


def test_when_all_are_dropped_it_ends():
    run = Run(10, 20_000_000, failing=CAPTURES)
    assert run.blocks == []
    assert run.took == 0


def test_one_capture_alone_gets_its_rounds():
    run = Run(10, 20_000_000, names=["spans"])
    assert {name for _, name, _ in run.blocks} == {"spans"}
    assert run.calls("spans") > 300


def test_long_calls_need_no_call_to_settle():
    assert Run(1, 400_000_000).schedule.settling_calls == 1
    assert Run(1, 600_000_000).schedule.settling_calls == 0


def test_a_call_is_begun_where_most_of_it_fits():
    now = [0]
    schedule = Schedule(["spans", "tensorflow"], 10.0, 8 * SECOND, lambda: now[0], least_rounds=0)
    assert schedule.has_time_for("spans")
    now[0] = 4 * SECOND
    schedule.block_done("spans", 1, 4 * SECOND, 4 * SECOND)
    assert schedule.has_time_for("tensorflow")  # what the first took is expected of the others
    now[0] = 8 * SECOND
    assert not schedule.has_time_for("tensorflow")


def test_the_first_call_is_begun_however_long_it_takes():
    schedule = Schedule(["spans"], 1.0, 80 * SECOND, lambda: 0, least_rounds=0)
    assert schedule.has_time_for("spans")


def test_what_is_left_is_the_budget_or_the_least_work():
    clock = [0]
    schedule = Schedule(["bare", "spans"], 10, 1_000, lambda: clock[0])
    assert schedule.left_ns() == 10 * SECOND
    clock[0] = 4 * SECOND
    assert schedule.left_ns() == 6 * SECOND
    assert not schedule.is_over()
    clock[0] = 11 * SECOND
    assert schedule.is_over()
    assert schedule.left_ns() == LEAST_ROUNDS * 2 * 1_000
    for name in ("bare", "spans"):
        schedule.block_done(name, 2, 1_000, 2_000)
    assert schedule.left_ns() == 0


def test_the_least_time_is_that_of_the_least_calls():
    schedule = Schedule(["bare", "spans"], 10, 7 * SECOND, lambda: 0)
    assert schedule.least_ns() == LEAST_ROUNDS * 2 * 7 * SECOND


def test_a_block_without_calls_teaches_nothing():
    schedule = Schedule(["bare"], 10, 50_000_000, lambda: 0)
    before = schedule.calls("bare")
    schedule.block_done("bare", 0, 0, 10**12)
    assert schedule.calls("bare") == before


def test_the_shares_of_the_captures_are_the_whole():
    assert sum(spec.share for spec in CAPTURE_TABLE) == pytest.approx(1)
