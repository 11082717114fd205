"""The attribution: sums, what moves to unattributed, agreement, notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.analysis.attribution.agreement import LEAST_SAMPLES
from keras_profile.analysis.attribution.attribute import (
    apportion,
    attribute,
    cold_phases,
    nothing_attributed,
    row_phases,
)
from keras_profile.analysis.attribution.internals import internals_table
from keras_profile.analysis.attribution.reconciliation import LostCalls
from keras_profile.analysis.attribution.vocabulary import PHASES
from keras_profile.model.call_graph import Function
from keras_profile.model.samples import Samples
from support import contents, trees

#: A row of the real table for each phase that has one, by phase.
ROWS = {row.phase: row for row in reversed(internals_table())}
NAMES = list(ROWS)


def place(phase):
    """File, line and name of the function that stands for a phase."""
    return "/k/a.py", 10 + NAMES.index(phase), ROWS[phase].qualname.rpartition(".")[2]


@pytest.fixture
def recording():
    return recorded_phases()


def recorded_phases():
    """A recording whose internals are one of each phase."""
    rows = [
        contents.internal(row.qualname, table_module=row.module, file=place(phase)[0], line=place(phase)[1])
        for phase, row in ROWS.items()
    ]
    return contents.recording(calls=[{}] * 4, internals=rows)


@pytest.fixture
def span():
    return span_of


def span_of(phase, begin, end, *children):
    return trees.span(phase if phase == "gc" else NAMES.index(phase), begin, end, *children)


def samples(*taken):
    """Samples from (phases of the stack as one text, how many); ``?`` is no known function."""
    frames = [Function(*place(phase)) for phase in NAMES] + [Function("/x.py", 1, "helper")]
    stacks = [
        tuple(len(NAMES) if name == "?" else NAMES.index(name) for name in stack.split())
        for stack, _ in taken
    ]
    numbers = [number for number, (_, count) in enumerate(taken) for _ in range(count)]
    order = [number for _, number in sorted((index % 10, number) for index, number in enumerate(numbers))]
    return Samples(
        frames, stacks, order, [index % 4 for index in range(len(order))], [1_000_000] * len(order)
    )


def attributed(recording, warm, samples, total_ns):
    """The attribution without cProfile and without traces."""
    return attribute(recording, warm, samples, None, LostCalls([], 0), [], total_ns)


def by_phase(rows):
    return {row.phase: row for row in rows}


@pytest.fixture
def usual(span):
    """Four calls: entry 20%, loop 30%, execution 50%."""
    return trees.timeline(
        *(
            trees.call(
                start,
                start + 1000,
                span(
                    "entry",
                    start,
                    start + 1000,
                    span("loop", start + 100, start + 900, span("execution", start + 200, start + 700)),
                ),
            )
            for start in range(0, 4000, 1000)
        )
    )


# --- phases ---


def test_shares_are_of_the_total_asked_for(recording, usual):
    found = attributed(recording, usual, None, 97_204_001)
    phases = by_phase(found.phases)
    assert phases["execution"].share == 0.5
    assert phases["execution"].self_ns == pytest.approx(48_602_000, abs=1)
    assert phases["entry"].share == 0.2
    assert found.total_ns == 97_204_001
    assert found.model_share == 0.5
    assert sum(phase.self_ns for phase in found.phases) == 97_204_001


def test_phases_are_most_expensive_first_and_unattributed_last(span, recording):
    line = trees.timeline(trees.call(0, 100, span("loop", 0, 10), span("execution", 70, 100)))
    found = attributed(recording, line, None, 100)
    assert [phase.phase for phase in found.phases] == ["execution", "loop", "unattributed"]
    assert found.unattributed_ns == 60


def test_unattributed_is_listed_also_where_it_is_nothing(recording, usual):
    found = attributed(recording, usual, None, 1000)
    assert found.phases[-1].phase == "unattributed"
    assert found.phases[-1].self_ns == found.unattributed_ns == 0


def test_intervals_hold_the_share(span, recording):
    calls = [
        trees.call(
            start,
            start + 100,
            span("loop", start, start + 20 + start // 100),
            span("execution", start + 20 + start // 100, start + 100),
        )
        for start in range(0, 3000, 100)
    ]
    found = attributed(recording, trees.timeline(*calls), None, 100)
    for phase in found.phases:
        assert phase.share_ci95[0] <= phase.share <= phase.share_ci95[1]
    low, high = by_phase(found.phases)["loop"].share_ci95
    assert 0.3 < low < high < 0.4


def test_counts_are_a_call(span, recording):
    line = trees.timeline(
        trees.call(0, 100, span("loop", 0, 50), span("loop", 50, 100)),
        trees.call(100, 200, span("loop", 100, 200)),
    )
    assert by_phase(attributed(recording, line, None, 100).phases)["loop"].count_per_call == 1.5


def test_internals_are_those_of_the_recording(recording, usual):
    found = attributed(recording, usual, None, 1000)
    assert [one.qualname for one in found.internals] == [
        ROWS[phase].qualname for phase in ("entry", "loop", "execution")
    ]


def test_rows_that_the_table_no_longer_has_are_transparent():
    known = ROWS["execution"]
    made = contents.recording(
        internals=[
            contents.internal("nobody.knows"),
            contents.internal(known.qualname, table_module=known.module),
        ]
    )
    assert row_phases(made) == ["transparent", "execution"]


# --- what is unnamed ---


def test_unnamed_time_below_entry_and_loop_moves_to_unattributed(recording, usual):
    taken = samples(
        ("entry", 15), ("entry ?", 5), ("entry loop", 15), ("entry loop ?", 15), ("entry loop execution", 50)
    )
    found = attributed(recording, usual, taken, 1000)
    assert {phase.phase: phase.self_ns for phase in found.phases} == {
        "execution": 500,
        "loop": 150,
        "entry": 150,
        "unattributed": 200,
    }
    assert found.unattributed_ns == 200


def test_unnamed_time_outside_all_internals_moves_to_unattributed(span, recording):
    line = trees.timeline(
        *(
            trees.call(start, start + 1000, span("execution", start + 200, start + 900))
            for start in range(0, 4000, 1000)
        )
    )
    assert {one.phase: one.self_ns for one in attributed(recording, line, None, 1000).phases} == {
        "execution": 900,
        "teardown": 100,
        "unattributed": 0,
    }
    taken = samples(("?", 20), ("execution", 70))
    found = {one.phase: one.self_ns for one in attributed(recording, line, taken, 1000).phases}
    assert found["execution"] + found["unattributed"] + found.get("teardown", 0) == 1000
    assert 700 <= found["execution"] < 900
    assert found["unattributed"] >= 100


def test_unnamed_time_below_other_phases_stays_and_is_told(recording, usual):
    taken = samples(
        ("entry", 20), ("entry loop", 30), ("entry loop execution", 40), ("entry loop execution ?", 10)
    )
    phases = by_phase(attributed(recording, usual, taken, 1000).phases)
    assert phases["execution"].self_ns == 500
    assert phases["execution"].unnamed_share == 0.2
    assert phases["entry"].unnamed_share == 0.0
    assert phases["unattributed"].self_ns == 0


@given(
    lengths=st.lists(st.tuples(*[st.integers(0, 10**6)] * 3, st.integers(1, 10**6)), min_size=1, max_size=8),
    unnamed=st.tuples(*[st.integers(0, 30)] * 3),
    total_ns=st.integers(1, 10**7),
)
@settings(max_examples=200, deadline=None)
def test_no_internal_has_more_than_the_call_however_much_is_unnamed(lengths, unnamed, total_ns):
    recording, span = recorded_phases(), span_of
    calls, start = [], 0
    for before, entry, loop, execution in lengths:
        opened, begun = start + before, start + before + entry
        end = begun + loop + execution
        inner = span("execution", begun + loop, end)
        calls.append(trees.call(start, end, span("entry", opened, end, span("loop", begun, end, inner))))
        start = end
    taken = samples(
        ("?", unnamed[0]),
        ("entry", 10),
        ("entry ?", unnamed[1]),
        ("entry loop", 10),
        ("entry loop ?", unnamed[2]),
        ("entry loop execution", 10),
    )
    found = attributed(recording, trees.timeline(*calls), taken, total_ns)
    assert all(0 <= one.total_share <= 1 and one.total_ns <= total_ns for one in found.internals)
    assert all(one.self_ns <= one.total_ns for one in found.internals)
    assert 0 <= found.model_share <= 1


def test_the_total_of_the_entry_has_what_is_unnamed_below_it(recording, usual):
    taken = samples(("entry", 15), ("entry ?", 5), ("entry loop", 15), ("entry loop ?", 15))
    (entry,) = [one for one in attributed(recording, usual, taken, 1000).internals if one.phase == "entry"]
    assert entry.total_ns == 1000
    assert entry.total_share == 1.0


def test_without_samples_nothing_moves_and_no_unnamed_share_is_told(recording, usual):
    for none in (None, samples()):
        found = attributed(recording, usual, none, 1000)
        assert by_phase(found.phases)["entry"].self_ns == 200
        assert {phase.unnamed_share for phase in found.phases} == {None}
        assert found.agreement == []


def test_a_phase_without_samples_has_no_unnamed_share(recording, usual):
    found = attributed(recording, usual, samples(("entry", 50)), 1000)
    assert by_phase(found.phases)["execution"].unnamed_share is None


# --- agreement ---


def verdicts(found):
    return {row.phase: row.verdict for row in found.agreement}


def test_like_shares_agree(recording, usual):
    taken = samples(("entry", 40), ("entry loop", 60), ("entry loop execution", 100))
    found = attributed(recording, usual, taken, 1000)
    assert verdicts(found) == {"execution": "agree", "loop": "agree", "entry": "agree"}
    assert [row.spans_share for row in found.agreement] == [0.5, 0.3, 0.2]
    assert [row.sampled_share for row in found.agreement] == [0.5, 0.3, 0.2]


def test_shares_beyond_the_interval_differ(recording, usual):
    taken = samples(("entry", 40), ("entry loop", 150), ("entry loop execution", 10))
    assert verdicts(attributed(recording, usual, taken, 1000)) == {
        "execution": "differ",
        "loop": "differ",
        "entry": "agree",
    }


def test_a_large_phase_that_sampling_never_saw_differs(recording, usual):
    taken = samples(("entry", 40), ("entry loop", 60))
    assert verdicts(attributed(recording, usual, taken, 1000))["execution"] == "differ"


def test_a_phase_that_spans_do_not_have_is_listed(recording, usual):
    taken = samples(("entry", 40), ("entry loop", 60), ("entry loop execution", 60), ("entry callbacks", 40))
    found = by_phase(attributed(recording, usual, taken, 1000).agreement)
    assert found["callbacks"].spans_share == 0
    assert found["callbacks"].verdict == "differ"


@pytest.mark.parametrize(
    ("count", "verdict"), [(LEAST_SAMPLES - 1, "too few samples"), (LEAST_SAMPLES, "differ")]
)
def test_a_small_phase_needs_samples_for_a_verdict(recording, usual, count, verdict):
    taken = samples(("entry", 100), ("entry loop", 100), ("entry callbacks", count))
    assert verdicts(attributed(recording, usual, taken, 1000))["callbacks"] == verdict


def test_agreement_is_of_the_shares_before_unnamed_time_moves(recording, usual):
    taken = samples(("entry ?", 40), ("entry loop ?", 60), ("entry loop execution", 100))
    assert verdicts(attributed(recording, usual, taken, 1000)) == {
        "execution": "agree",
        "loop": "agree",
        "entry": "agree",
    }


# --- notes ---


def test_much_unattributed_time_is_noted(span, recording):
    line = trees.timeline(trees.call(0, 1000, span("loop", 0, 400), span("execution", 500, 1000)))
    assert ["10.0%" in note for note in attributed(recording, line, None, 1000).notes] == [True]


def test_little_unattributed_time_is_not_noted(span, recording):
    line = trees.timeline(trees.call(0, 1000, span("loop", 0, 400), span("execution", 420, 1000)))
    assert attributed(recording, line, None, 1000).notes == []


def test_repaired_events_are_noted(recording, usual):
    found = attributed(recording, replace(usual, repaired=7), None, 1000)
    assert found.notes == ["7 probe events did not nest and were skipped"]


# --- apportioning ---


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=22).filter(any), st.integers(0, 10**13))
def test_apportioned_numbers_sum_exactly_and_are_near(parts, total):
    shares = np.array(parts) / np.sum(parts)
    found = apportion(shares, total)
    assert sum(found) == total
    assert all(isinstance(value, int) for value in found)
    assert all(abs(value - share * total) <= 1 + 1e-3 for value, share in zip(found, shares))


def test_the_largest_remainders_get_what_is_left():
    assert apportion(np.array([0.5, 0.26, 0.24]), 10) == [5, 3, 2]


# --- cold calls and no spans ---


def test_cold_phases_are_summed_most_expensive_first(span, recording):
    line = trees.timeline(
        trees.call(0, 100, span("function_tracing", 0, 70), span("execution", 70, 100)),
        trees.call(200, 250, span("execution", 200, 250)),
    )
    assert [(one.phase, one.self_ns) for one in cold_phases(recording, line)] == [
        ("execution", 80),
        ("function_tracing", 70),
    ]


def test_nothing_attributed_is_all_unattributed_and_says_why():
    found = nothing_attributed(500, asked=True)
    assert [(phase.phase, phase.self_ns, phase.share) for phase in found.phases] == [
        ("unattributed", 500, 1.0)
    ]
    assert found.unattributed_ns == found.total_ns == 500
    assert "spans" in found.notes[0]


def test_every_phase_of_the_table_is_of_the_vocabulary():
    assert set(NAMES) <= {*PHASES, "transparent", "helper"}
