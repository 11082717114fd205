"""The inclusive view: total times by internal, recursion counted once."""

from __future__ import annotations

import pytest

from keras_profile.analysis.attribution.inclusive import internal_shares
from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.typical_call import typical_call
from support import contents, trees

#: The recorded internals, by number, and their phases.
NAMES = ["predict", "loop", "run", "collect"]
PHASES = ["entry", "loop", "execution", "teardown"]


@pytest.fixture
def shares_of():
    """The shares by name, of calls that take the whole of ``total_ns`` on average."""

    def shares_of(*calls, total_ns=1000, internals=NAMES):
        line = trees.timeline(*calls)
        rows = [contents.internal(name) for name in internals]
        parts = partition(line, PHASES)
        factors = typical_call(parts.self_ns, total_ns).factors()
        found = internal_shares(line, parts, rows, PHASES, factors, total_ns)
        return {one.qualname: one for one in found}

    return shares_of


def test_total_has_the_callees_and_self_has_not(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(0, 0, 1000, span(2, 100, 400), span(2, 500, 600))))
    assert (found["predict"].total_ns, found["predict"].self_ns) == (1000, 600)
    assert (found["run"].total_ns, found["run"].self_ns) == (400, 400)
    assert found["run"].total_share == 0.4


def test_the_most_expensive_come_first(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(0, 0, 1000, span(3, 0, 200), span(2, 300, 900))))
    assert list(found) == ["predict", "run", "collect"]


def test_those_of_equal_time_are_in_alphabetical_order(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(2, 0, 500), span(1, 500, 1000)))
    assert list(found) == ["loop", "run"]


def test_recursion_is_counted_once_in_the_total_and_each_time_in_the_count(shares_of):
    span, call = trees.span, trees.call
    inner = span(1, 200, 800, span(1, 300, 700))
    found = shares_of(call(0, 1000, span(0, 0, 1000, span(1, 100, 900, inner))))
    assert found["loop"].total_ns == 800
    assert found["loop"].self_ns == 800
    assert found["loop"].count_per_call == 3


def test_recursion_through_another_function_is_counted_once(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(1, 0, 1000, span(2, 100, 900, span(1, 200, 800)))))
    assert found["loop"].total_ns == 1000
    assert found["run"].total_ns == 800
    assert (found["loop"].self_ns, found["run"].self_ns) == (800, 200)


def test_siblings_are_no_recursion(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(1, 0, 300), span(1, 400, 900)))
    assert found["loop"].total_ns == 800


def test_counts_are_a_call(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 100, span(1, 0, 50), span(1, 50, 100)), call(200, 300, span(1, 200, 300)))
    assert found["loop"].count_per_call == 1.5


def test_a_resumption_counts_for_the_time_and_not_for_the_count(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(1, 0, 300), span(1, 400, 800, resumed=True)))
    assert found["loop"].total_ns == 700
    assert found["loop"].count_per_call == 1


def test_times_are_scaled_to_the_call(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 100, span(1, 0, 50)), call(100, 200, span(1, 150, 200)), total_ns=6000)
    assert found["loop"].total_ns == 3000
    assert found["loop"].total_share == 0.5


def test_what_is_below_a_half_thousandth_is_not_listed(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 10_000, span(0, 0, 10_000, span(1, 10, 15), span(2, 20, 26))))
    assert list(found) == ["predict", "run"]


def test_the_parent_is_where_most_spans_come_from(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(
        call(
            0,
            1000,
            span(0, 0, 600, span(2, 0, 300)),
            span(1, 600, 1000, span(2, 610, 620), span(2, 630, 640)),
        )
    )
    assert found["run"].parent == "loop"


def test_what_the_user_called_has_no_parent(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(0, 0, 1000, span(1, 0, 1000))))
    assert found["predict"].parent is None
    assert found["loop"].parent == "predict"


def test_a_recursive_function_is_not_its_own_parent(shares_of):
    span, call = trees.span, trees.call
    inner = span(1, 100, 900, span(1, 200, 800, span(1, 300, 700)))
    found = shares_of(call(0, 1000, span(0, 0, 1000, inner)))
    assert found["loop"].parent == "predict"


def test_a_function_called_mostly_while_collecting_has_no_parent(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span("gc", 0, 1000, span(3, 100, 900))))
    assert found["collect"].parent is None


def test_collections_are_no_internals(shares_of):
    span, call = trees.span, trees.call
    assert shares_of(call(0, 1000, span("gc", 0, 1000))) == {}


def test_the_phase_is_the_rows_own_also_below_a_sticky_one(shares_of):
    span, call = trees.span, trees.call
    found = shares_of(call(0, 1000, span(3, 0, 1000, span(2, 0, 600))))
    assert found["run"].phase == "execution"
