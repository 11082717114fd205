"""The partition: hand-made trees for each rule, and properties over random ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES, STICKY, TRANSPARENT, UNATTRIBUTED
from keras_profile.model.timeline import COLLECTION, ROOT, Timeline
from support import trees

relaxed = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def phases_of():
    """What each phase has of one call, those with nothing left out."""

    def phases_of(root):
        parts = partition(trees.timeline(root), trees.ROWS)
        return {phase: int(ns) for phase, ns in zip(PHASES, parts.self_ns[0]) if ns}

    return phases_of


@pytest.fixture
def entries_of():
    def entries_of(root):
        parts = partition(trees.timeline(root), trees.ROWS)
        return {phase: int(count) for phase, count in zip(PHASES, parts.entries[0]) if count}

    return entries_of


# --- rule 1: self time ---


def test_a_span_has_its_time_less_its_childrens(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("dataset_building", 10, 40), span("execution", 50, 90)))
    assert phases_of(tree) == {"entry": 30, "dataset_building": 30, "execution": 40}


def test_a_grandchild_is_taken_from_its_parent_alone(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("loop", 10, 90, span("execution", 20, 30))))
    assert phases_of(tree) == {"entry": 20, "loop": 70, "execution": 10}


def test_self_times_of_spans_are_told():
    span, call = trees.span, trees.call
    line = trees.timeline(call(0, 100, span("entry", 5, 95, span("loop", 10, 90, span("execution", 20, 30)))))
    assert partition(line, trees.ROWS).span_self_ns.tolist() == [10, 10, 70, 10]


# --- rule 2: transparent rows ---


def test_a_transparent_row_has_its_parents_phase(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("loop", 0, 100, span("transparent", 10, 60, span("execution", 20, 30))))
    assert phases_of(tree) == {"loop": 90, "execution": 10}


def test_transparent_rows_pass_a_phase_down_any_depth(phases_of):
    span, call = trees.span, trees.call
    inner = span("transparent", 30, 40)
    tree = call(0, 100, span("callbacks", 0, 100, span("transparent", 20, 50, inner)))
    assert phases_of(tree) == {"callbacks": 100}


def test_a_transparent_row_right_below_the_call_has_no_phase(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("transparent", 0, 100, span("entry", 30, 100)))
    assert phases_of(tree) == {UNATTRIBUTED: 30, "entry": 70}


# --- rule 3: sticky phases and garbage collection ---


@pytest.mark.parametrize("sticky", ["function_tracing", "teardown"])
def test_all_below_a_sticky_phase_is_that_phase(phases_of, sticky):
    span, call = trees.span, trees.call
    below = span("execution", 20, 80, span("dataset_building", 30, 70))
    assert phases_of(call(0, 100, span("entry", 0, 100, span(sticky, 10, 90, below)))) == {
        "entry": 20,
        sticky: 80,
    }


def test_the_outermost_sticky_phase_wins(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("function_tracing", 10, 90, span("teardown", 20, 60))))
    assert phases_of(tree) == {"entry": 20, "function_tracing": 80}


def test_a_transparent_row_below_a_sticky_phase_is_that_phase(phases_of):
    span, call = trees.span, trees.call
    below = span("transparent", 20, 80, span("execution", 30, 40))
    assert phases_of(call(0, 100, span("entry", 0, 100, span("function_tracing", 10, 90, below)))) == {
        "entry": 20,
        "function_tracing": 80,
    }


@pytest.mark.parametrize("around", ["loop", "function_tracing", "teardown"])
def test_garbage_collection_is_taken_out_of_whatever_it_interrupts(phases_of, around):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span(around, 10, 90, span("gc", 40, 55))))
    assert phases_of(tree) == {"entry": 20, around: 65, "garbage_collection": 15}


def test_what_runs_while_collecting_is_garbage_collection(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("gc", 40, 60, span("teardown", 45, 55))))
    assert phases_of(tree) == {"entry": 80, "garbage_collection": 20}


def test_a_phase_after_a_sticky_sibling_is_its_own(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("function_tracing", 10, 20), span("execution", 20, 90)))
    assert phases_of(tree) == {"entry": 20, "function_tracing": 10, "execution": 70}


# --- rule 4: the call itself ---


def test_before_the_first_child_is_its_phase_and_after_the_last_is_teardown(phases_of):
    span, call = trees.span, trees.call
    assert phases_of(call(0, 100, span("entry", 7, 80))) == {"entry": 80, "teardown": 20}


def test_between_two_children_is_unattributed(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("dispatch", 10, 30), span("execution", 45, 90))
    assert phases_of(tree) == {"dispatch": 30, UNATTRIBUTED: 15, "execution": 45, "teardown": 10}


def test_teardown_after_the_entry_returned_does_not_move_the_end(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 10, 60), span("teardown", 70, 80))
    assert phases_of(tree) == {"entry": 60, "teardown": 40}


def test_teardown_before_the_entry_does_not_count_as_the_first_child(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("teardown", 2, 6), span("entry", 10, 100))
    assert phases_of(tree) == {"entry": 96, "teardown": 4}


def test_collections_around_the_entry_are_garbage_collection_alone(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("gc", 1, 4), span("entry", 10, 80), span("gc", 85, 95))
    assert phases_of(tree) == {"entry": 77, "garbage_collection": 13, "teardown": 10}


def test_a_collection_between_two_children_is_not_unattributed(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("dispatch", 0, 30), span("gc", 35, 40), span("execution", 50, 100))
    assert phases_of(tree) == {"dispatch": 30, UNATTRIBUTED: 15, "garbage_collection": 5, "execution": 50}


def test_a_call_without_children_is_unattributed(phases_of):
    assert phases_of(trees.call(0, 100)) == {UNATTRIBUTED: 100}


def test_a_call_with_nothing_but_a_collection_is_otherwise_unattributed(phases_of):
    assert phases_of(trees.call(0, 100, trees.span("gc", 10, 30))) == {
        UNATTRIBUTED: 80,
        "garbage_collection": 20,
    }


def test_the_calls_own_times_are_told():
    span, call = trees.span, trees.call
    line = trees.timeline(
        call(0, 100, span("gc", 1, 4), span("loop", 10, 80), span("teardown", 85, 95)), call(200, 250)
    )
    parts = partition(line, trees.ROWS)
    assert parts.before_ns.tolist() == [7, 0]
    assert parts.after_ns.tolist() == [10, 0]
    assert parts.first_phase.tolist() == [NUMBER["loop"], NUMBER[UNATTRIBUTED]]


def test_children_that_touch_leave_nothing_unattributed(phases_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("dispatch", 0, 50), span("execution", 50, 100))
    assert phases_of(tree) == {"dispatch": 50, "execution": 50}


# --- recursion, generators, calls ---


def test_recursion_counts_each_nanosecond_once(phases_of, entries_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("loop", 0, 100, span("loop", 10, 90, span("loop", 20, 80))))
    assert phases_of(tree) == {"loop": 100}
    assert entries_of(tree) == {"loop": 1}


def test_predict_within_predict_is_two_entries(phases_of, entries_of):
    span, call = trees.span, trees.call
    inner = span("callbacks", 20, 80, span("entry", 30, 70))
    tree = call(0, 100, span("entry", 0, 100, inner))
    assert phases_of(tree) == {"entry": 80, "callbacks": 20}
    assert entries_of(tree) == {"entry": 2, "callbacks": 1}


def test_a_resumed_generator_has_its_time_and_is_no_new_entry(phases_of, entries_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("loop", 10, 20), span("loop", 50, 60, resumed=True)))
    assert phases_of(tree) == {"entry": 80, "loop": 20}
    assert entries_of(tree) == {"entry": 1, "loop": 1}


def test_entries_count_how_often_a_phase_is_come_into(entries_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("entry", 0, 100, span("execution", 10, 20), span("execution", 30, 40)))
    assert entries_of(tree) == {"entry": 1, "execution": 2}


def test_what_lies_below_a_sticky_phase_is_no_entry(entries_of):
    span, call = trees.span, trees.call
    tree = call(0, 100, span("function_tracing", 0, 100, span("execution", 10, 20), span("loop", 30, 40)))
    assert entries_of(tree) == {"function_tracing": 1}


def test_calls_are_apart():
    span, call = trees.span, trees.call
    line = trees.timeline(
        call(0, 100, span("entry", 0, 100)), call(150, 170), call(200, 230, span("execution", 210, 230))
    )
    parts = partition(line, trees.ROWS)
    assert parts.total_ns.tolist() == [100, 20, 30]
    assert parts.self_ns[:, NUMBER["entry"]].tolist() == [100, 0, 0]
    assert parts.self_ns[:, NUMBER[UNATTRIBUTED]].tolist() == [0, 20, 0]
    assert parts.self_ns[:, NUMBER["execution"]].tolist() == [0, 0, 30]


def test_no_call_gives_no_row():
    parts = partition(trees.timeline(), trees.ROWS)
    assert parts.self_ns.shape == (0, len(PHASES))
    assert parts.total_ns.tolist() == []


# --- properties ---

ROWS = [TRANSPARENT, *PHASES]
GAPS = st.integers(0, 4)
INTERNALS = st.integers(-1, len(ROWS) - 1).map(lambda row: COLLECTION if row == -1 else row)


def nodes(levels):
    """(internal, resumed, [(gap before it, child)], gap at the end), so many levels deep."""
    children = st.lists(st.tuples(GAPS, nodes(levels - 1)), max_size=2) if levels else st.just([])
    return st.tuples(INTERNALS, st.booleans(), children, GAPS)


CALLS = st.lists(st.tuples(st.lists(st.tuples(GAPS, nodes(3)), max_size=3), GAPS), min_size=1, max_size=3)


def build(calls):
    """A timeline of drawn calls, the gaps between spans being what was drawn."""
    rows = []

    def add(internal, resumed, children, tail, begin, number, parent, depth):
        row = len(rows)
        rows.append(None)
        clock = begin
        for gap, (inner, inner_resumed, grandchildren, inner_tail) in children:
            clock = add(inner, inner_resumed, grandchildren, inner_tail, clock + gap, number, row, depth + 1)
        end = clock + tail
        rows[row] = (number, internal, parent, depth, resumed, begin, end)
        return end

    clock = 0
    for number, (children, tail) in enumerate(calls):
        clock = add(ROOT, False, children, tail, clock + 5, number, -1, 0)
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows)]
    number, internal, parent, depth, resumed, begin, end = columns
    return Timeline(number, internal, parent, depth, resumed.astype(bool), begin, end)


def tick_by_tick(line):
    """The same partition the slow way: who has each nanosecond?"""
    found = [[0] * len(PHASES) for _ in range(line.calls)]
    parent, depth, begin, end = (
        column.tolist() for column in (line.parent, line.depth, line.begin, line.end)
    )

    def phase_of(row):
        if parent[row] < 0:
            return UNATTRIBUTED
        own = "garbage_collection" if line.internal[row] == COLLECTION else ROWS[line.internal[row]]
        outer = phase_of(parent[row])
        if own == "garbage_collection":
            return own
        return outer if own == TRANSPARENT or outer in STICKY else own

    roots = [row for row, above in enumerate(parent) if above < 0]
    for call, root in enumerate(roots):
        rows = np.flatnonzero(line.call == call).tolist()
        main = [
            row
            for row in rows
            if parent[row] == root and phase_of(row) not in ("garbage_collection", "teardown")
        ]
        for tick in range(begin[root], end[root]):
            inside = [row for row in rows if begin[row] <= tick < end[row]]
            innermost = max(inside, key=depth.__getitem__)
            phase = phase_of(innermost)
            if innermost == root and main:
                if tick < begin[main[0]]:
                    phase = phase_of(main[0])
                elif tick >= end[main[-1]]:
                    phase = "teardown"
            found[call][NUMBER[phase]] += 1
    return found


@relaxed
@given(CALLS)
def test_each_nanosecond_is_where_the_rules_put_it(calls):
    line = build(calls)
    assert partition(line, ROWS).self_ns.tolist() == tick_by_tick(line)


@relaxed
@given(CALLS)
def test_phases_and_self_times_sum_to_the_total_of_each_call(calls):
    line = build(calls)
    parts = partition(line, ROWS)
    roots = line.parent < 0
    assert parts.total_ns.tolist() == (line.end - line.begin)[roots].tolist()
    assert parts.self_ns.sum(axis=1).tolist() == parts.total_ns.tolist()
    assert np.bincount(line.call, parts.span_self_ns, line.calls).tolist() == parts.total_ns.tolist()
    assert (parts.self_ns >= 0).all()


@relaxed
@given(CALLS, st.permutations(range(len(ROWS))))
def test_row_numbers_do_not_matter(calls, order):
    line = build(calls)
    named = line.internal >= 0
    internal = line.internal.copy()
    internal[named] = np.array(order)[line.internal[named]]
    renumbered = Timeline(line.call, internal, line.parent, line.depth, line.resumed, line.begin, line.end)
    rows = [""] * len(ROWS)
    for old, new in enumerate(order):
        rows[new] = ROWS[old]
    one, other = partition(line, ROWS), partition(renumbered, rows)
    assert one.self_ns.tolist() == other.self_ns.tolist()
    assert one.entries.tolist() == other.entries.tolist()


@relaxed
@given(CALLS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_selecting_calls_keeps_their_sums(calls, chosen):
    line = build(calls)
    chosen = np.array(chosen[: line.calls])
    whole, part = partition(line, ROWS), partition(line.select(chosen), ROWS)
    assert part.self_ns.tolist() == whole.self_ns[chosen].tolist()
    assert part.entries.tolist() == whole.entries[chosen].tolist()
    assert part.total_ns.tolist() == whole.total_ns[chosen].tolist()


@relaxed
@given(CALLS)
def test_every_selected_parent_is_the_same_span(calls):
    line = build(calls)
    chosen = np.arange(line.calls) % 2 == 0
    part = line.select(chosen)
    rows = np.flatnonzero(chosen[line.call])
    for new, old in enumerate(rows):
        if line.parent[old] < 0:
            assert part.parent[new] == -1
        else:
            assert rows[part.parent[new]] == line.parent[old]


def with_wrappers(children, wrapped):
    """Drawn nodes with a transparent span, of no time of its own, around those chosen."""
    return [
        (
            gap,
            (
                internal,
                resumed,
                [
                    (inner_gap, (0, False, [(0, inner)], 0) if next(wrapped) else inner)
                    for inner_gap, inner in with_wrappers(grandchildren, wrapped)
                ],
                tail,
            ),
        )
        for gap, (internal, resumed, grandchildren, tail) in children
    ]


@relaxed
@given(CALLS, st.lists(st.booleans(), min_size=1, max_size=20))
def test_wrappers_in_between_change_nothing(calls, chosen):
    wrapped = itertools.cycle(chosen)
    more = [(with_wrappers(children, wrapped), tail) for children, tail in calls]
    assert partition(build(more), ROWS).self_ns.tolist() == partition(build(calls), ROWS).self_ns.tolist()


def in_two(children, share):
    """Drawn nodes with every leaf cut into two spans, as a generator that yields once has them."""
    pieces = []
    for gap, (internal, resumed, grandchildren, tail) in children:
        if grandchildren:
            pieces.append((gap, (internal, resumed, in_two(grandchildren, share), tail)))
        else:
            first = tail * share // 4
            pieces += [(gap, (internal, resumed, [], first)), (0, (internal, True, [], tail - first))]
    return pieces


@relaxed
@given(CALLS, st.integers(0, 4))
def test_a_span_cut_in_two_is_the_same_time(calls, share):
    cut = [(in_two(children, share), tail) for children, tail in calls]
    assert partition(build(cut), ROWS).self_ns.tolist() == partition(build(calls), ROWS).self_ns.tolist()


@relaxed
@given(CALLS)
def test_calls_do_not_depend_on_each_other(calls):
    alone = [partition(build([call]), ROWS).self_ns.tolist()[0] for call in calls]
    assert partition(build(calls), ROWS).self_ns.tolist() == alone
    assert partition(build(calls[::-1]), ROWS).self_ns.tolist() == alone[::-1]
