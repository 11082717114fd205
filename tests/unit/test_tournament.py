"""Who is measured, how often, and who drops out: with a clock that only calls move."""

from __future__ import annotations

import pytest

from keras_profile.recorder.trials.tournament import (
    BEHIND_ROUNDS,
    FINALISTS,
    LEAST_ROUNDS,
    MOST_CALLS,
    MOST_ROUNDS,
    SLOW_ROUNDS,
    SURE_ROUNDS,
    Tournament,
)


class Clock:
    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now


def uneven(number, one, ns):
    """Calls that take up to twice as long in some rounds: nothing is sure early."""
    return int(ns * (1 + ((number * 7 + one * 5) % 11) / 11))


def play(call_ns, seconds, change=uneven, work=None, simplicity=None):
    """A tournament of contenders whose calls take ``call_ns``; ``change`` may alter a round's.

    ``work`` is how many of the original's calls each does the work of, one without it; ``simplicity`` its
    place in the order of what is simple, its number without it.
    """
    clock = Clock()
    tournament = Tournament(
        call_ns, work or [1] * len(call_ns), simplicity or range(len(call_ns)), seconds, clock
    )
    orders = []
    for number, order in tournament.orders():
        orders.append(list(order))
        for one in order:
            calls, settling = tournament.calls(one)
            ns = change(number, one, call_ns[one])
            clock.now += ns * (calls + settling)
            tournament.block_done(one, number, [ns] * calls)
    return tournament, orders, clock


def test_each_round_has_all_in_another_order():
    _, orders, _ = play([1000000, 900000, 1100000], 0.2)
    assert all(sorted(order) == [0, 1, 2] for order in orders[:4])
    assert [order[0] for order in orders[:4]] == [0, 1, 2, 0]


def test_the_time_is_kept():
    _, _, clock = play([10_000_000, 9_000_000], 2.0)
    assert 1.9e9 < clock.now < 2.3e9


def test_a_slow_call_still_gets_the_least_rounds():
    tournament, _, _ = play([5_000_000_000, 4_000_000_000], 1.0)
    assert [len(rounds) for rounds in tournament.rounds] == [LEAST_ROUNDS, LEAST_ROUNDS]
    assert all(len(walls) == 1 for rounds in tournament.rounds for _, walls in rounds)


def test_there_are_no_more_rounds_than_help():
    tournament, _, _ = play(
        [1000, 900], 1000.0, lambda number, one, ns: ns * (5 if (number + one) % 2 else 1)
    )
    assert len(tournament.rounds[0]) == MOST_ROUNDS
    assert max(len(walls) for _, walls in tournament.rounds[0]) <= MOST_CALLS


def test_who_is_slower_in_every_round_drops_out():
    tournament, _, _ = play([1_000_000, 2_000_000, 900_000], 1.0)
    assert len(tournament.rounds[1]) == SLOW_ROUNDS
    assert "slower than the original" in tournament.out[1]
    assert 2 not in tournament.out


def test_who_is_slower_in_all_rounds_but_one_stays():
    tournament, _, _ = play(
        [1_000_000, 1_500_000], 0.3, lambda number, one, ns: 900_000 if one and number == 2 else ns
    )
    assert tournament.out == {}


def test_who_is_far_behind_the_leader_drops_out():
    tournament, _, _ = play([1_000_000, 500_000, 100_000], 1.0)
    assert len(tournament.rounds[1]) == BEHIND_ROUNDS
    assert "behind the leader" in tournament.out[1]


def test_who_does_the_work_of_many_calls_is_not_slow_for_it():
    tournament, _, _ = play([1_000_000, 4_000_000], 1.0, work=[1, 32])
    assert tournament.out == {}


def test_at_half_time_the_fastest_go_on():
    tournament, _, _ = play(
        [1_000_000, *(900_000 - 40_000 * number for number in range(9))],
        3.0,
        lambda number, one, ns: int(ns * (4 if (number + 3 * one) % 7 == 0 else 1)),
    )
    assert len(tournament.active) <= FINALISTS + 1
    assert 9 in tournament.active
    assert all("half time" in reason or "leader" in reason for reason in tournament.out.values())


def test_of_those_that_cannot_be_told_apart_the_simplest_go_on():
    order = [0, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    tournament, _, _ = play(
        [1_000_000, *(900_000 - 1000 * number for number in range(9))], 3.0, uneven, simplicity=order
    )
    assert len(tournament.active) == FINALISTS + 1
    assert {7, 8, 9} <= set(tournament.active)  # the three simplest
    assert all("half time" in reason for reason in tournament.out.values())


def test_long_calls_leave_the_time_to_the_better_half():
    second = 1_000_000_000
    times = [4 * second, *(second * (9 - number) // 3 for number in range(8))]
    tournament, orders, clock = play(times, 40.0, uneven)
    assert 8 in tournament.active
    assert [len(order) for order in orders[:4]] == [5, 5, 4, 4]
    assert len(tournament.rounds[8]) >= LEAST_ROUNDS
    assert all("half" in reason for reason in tournament.out.values())
    assert clock.now < 1.5 * 40e9


def test_halving_keeps_the_simple_ones_of_those_that_are_as_fast():
    second = 1_000_000_000
    times = [4 * second, second + second // 100, second, second, second]
    tournament, _, _ = play(times, 20.0, uneven, simplicity=[0, 4, 1, 2, 3])
    assert tournament.active == [0, 2, 3, 4]


def test_it_ends_early_when_the_answer_is_sure():
    tournament, _, clock = play(
        [1_000_000, 500_000, 1_000_000], 10.0, lambda number, one, ns: ns + number % 2 * ns // 100
    )
    assert len(tournament.rounds[0]) == SURE_ROUNDS
    assert clock.now < 3e9
    assert tournament.out == {}


def test_it_goes_on_while_one_change_is_not_sure():
    def change(number, one, ns):
        return ns * (3 if one == 2 and number % 2 else 1)

    tournament, _, _ = play([1_000_000, 900_000, 1_000_000], 3.0, change)
    assert len(tournament.rounds[0]) > 2 * SURE_ROUNDS


def test_the_original_alone_is_no_tournament():
    tournament, orders, _ = play([1_000_000], 1.0)
    assert orders == []
    assert tournament.rounds == [[]]


def test_short_calls_settle_first_and_long_ones_do_not():
    clock = Clock()
    tournament = Tournament([1_000_000, 60_000_000], [1, 1], [0, 1], 10.0, clock)
    assert tournament.calls(0)[1] == 1
    assert tournament.calls(1)[1] == 0


@pytest.mark.parametrize("reason", ["raised"])
def test_a_contender_that_is_dropped_gets_no_more_blocks(reason):
    clock = Clock()
    tournament = Tournament([1_000_000, 900_000, 900_000], [1, 1, 1], [0, 1, 2], 1.0, clock)
    rounds = tournament.orders()
    next(rounds)
    for one in (0, 1, 2):
        tournament.block_done(one, 0, [1_000_000])
    tournament.drop(1, reason)
    _, order = next(rounds)
    assert 1 not in order
    assert tournament.out == {1: reason}
