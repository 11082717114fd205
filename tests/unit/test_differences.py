"""What differs between two reports: exact sums, sure intervals, and what cannot be compared."""

from __future__ import annotations

import json
import math
import types
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile import cli
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.analysis.differences.compared import compare, verdict_of
from keras_profile.analysis.differences.counts import Compared
from keras_profile.analysis.differences.headline import headline
from keras_profile.analysis.differences.matched_lines import matched
from keras_profile.analysis.differences.phases import (
    PhaseMoves,
    apportioned,
    phase_differences,
    phase_moves,
)
from keras_profile.analysis.differences.ratios import LEVEL, PROCESS_SPREAD, quantile, ratio_of, trimmed
from keras_profile.analysis.differences.turns import Block, InTurn, Pair, Quad
from keras_profile.analysis.reports import make_report
from keras_profile.errors import KerasProfileError
from keras_profile.features.comparing.bisecting import bisect
from keras_profile.features.comparing.pooled import joined
from keras_profile.model.report import PhaseShare
from keras_profile.recordings.opened import open_recording
from support.commands import ROOT

TRACES = ROOT / "traces"


def side(name):
    opened = open_recording(TRACES / name)
    return Compared(make_report(opened), opened)


@pytest.fixture(scope="module")
def older():
    return side("demo-keras-3.0")


@pytest.fixture(scope="module")
def newer():
    return side("demo-keras-3.15")


@pytest.fixture(scope="module")
def stored(older, newer):
    return compare(older, newer, ("old", "new"))


# --- ratios ---


def quads(random, count, effect, process, noise=0.1):
    return [math.log(effect) + process + random.normal(0, noise) for _ in range(count)]


@pytest.mark.parametrize(("pairs", "process"), [(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0), (4, 1.3), (8, 1.3)])
def test_the_interval_contains_the_true_ratio_as_often_as_it_says(pairs, process):
    random = np.random.default_rng(1)
    inside = 0
    for _ in range(1000):
        made = [
            quads(random, 40, 1.03, random.normal(0, process * PROCESS_SPREAD), 0.04) for _ in range(pairs)
        ]
        low, high = ratio_of(made).interval()
        inside += low <= 1.03 <= high
    assert inside >= 980


@pytest.mark.parametrize("level", [0.99, 0.998])
@pytest.mark.parametrize(
    ("pairs", "count"), [(1, 3), (1, 4), (1, 5), (1, 8), (1, 12), (2, 3), (2, 5), (4, 3), (4, 4), (4, 30)]
)
@pytest.mark.parametrize(("noise", "pauses"), [(0.04, 0.0), (0.1, 0.0), (0.04, 0.2)])
def test_few_quads_are_nearly_as_certain_as_they_say_at_each_level(pairs, count, noise, pauses, level):
    random = np.random.default_rng(2)
    outside = 0
    for _ in range(1000):
        made = random.normal(random.normal(0, PROCESS_SPREAD, (pairs, 1)), noise, (pairs, count))
        made += (random.random(made.shape) < pauses) * random.normal(0, 0.3, made.shape)
        low, high = ratio_of(made.tolist(), level).interval()
        outside += not low <= 1 <= high
    allowed = 1000 * (1 - level)
    # Nearly: 1.3 times as often; and three standard deviations for chance.
    assert outside <= 1.3 * allowed + 3 * math.sqrt(allowed)


def test_how_long_a_gate_takes_does_not_depend_on_how_little_is_known_yet():
    few, many = (ratio_of([[0.04, -0.04, 0.0] * times]) for times in (1, 10))
    assert few.widened > 2 > many.widened
    assert few.error / few.widened < 4 * many.error / many.widened


@pytest.mark.parametrize("count", [4, 5, 6, 8, 9, 12, 16, 30])
def test_the_middle_of_few_quads_is_nearly_as_certain_as_it_says(count):
    random = np.random.default_rng(2)
    outside = 0
    for _ in range(20_000):
        middle = trimmed(random.normal(0, 1, count))
        outside += abs(middle.center) > quantile(LEVEL) * middle.error * middle.widened
    assert outside <= 20_000 * (1 - LEVEL) * 1.2


def test_pairs_that_differ_widen_the_interval():
    alike = [[0.0, 0.01, -0.01, 0.0] * 10 for _ in range(4)]
    apart = [[one + shift for one in pair] for pair, shift in zip(alike, (-0.05, 0.05, -0.05, 0.05))]
    assert ratio_of(alike).spread < 1 < 5 < ratio_of(apart).spread
    assert ratio_of(apart).error > 3 * ratio_of(alike).error


def test_a_pause_of_the_machine_is_left_out():
    usual = [0.0, 0.01, -0.01, 0.02, -0.02, 0.0, 0.01, -0.01, 0.0, 0.0]
    assert trimmed(np.array([*usual, 3.0])).center == pytest.approx(0, abs=0.01)


def test_few_quads_have_wide_intervals_and_none_have_no_ratio():
    assert ratio_of([[0.0, 0.1]]) is None
    few = ratio_of([[0.0, 0.1, -0.1]])
    many = ratio_of([[0.0, 0.1, -0.1] * 10])
    assert few.error > 2 * many.error


@pytest.mark.parametrize(
    ("ratio", "interval", "verdict"),
    [
        (1.2, (1.1, 1.3), "slower"),
        (0.8, (0.7, 0.9), "faster"),
        (1.0, (0.97, 1.03), "no_difference"),
        (1.04, (0.98, 1.1), "cannot_tell"),
        (1.005, (1.001, 1.009), "no_difference"),
        (1.0, None, "cannot_tell"),
    ],
)
def test_the_verdict_follows_the_interval(ratio, interval, verdict):
    assert verdict_of(ratio, interval) == verdict


# --- phases ---


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.integers(0, 10**12))
def test_parts_sum_to_the_whole(shares, total):
    parts = apportioned(shares, total)
    assert sum(parts) == total
    assert min(parts) >= 0


phase_lists = st.lists(
    st.tuples(st.sampled_from(sorted(PHASES)), st.integers(0, 10**8)),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[0],
)


@given(phase_lists, phase_lists, st.integers(1, 10**9), st.integers(1, 10**9))
def test_differences_of_phases_sum_to_that_of_the_call(before, after, before_ns, after_ns):
    sides = [
        [PhaseShare(name, ns, 0.0, (0.0, 0.0), None, 0.0) for name, ns in one] for one in (before, after)
    ]
    found = phase_differences(*sides, before_ns, after_ns)
    assert sum(one.difference_ns for one in found) == after_ns - before_ns
    assert all(one.after_ns - one.before_ns == one.difference_ns for one in found)


def phase_quads(random, count, more):
    """Quads of calls of three phases, of which the second takes ``more`` ms; the machine's speed varies."""
    found = []
    for _ in range(count):
        calls = np.zeros((2, len(PHASES)))
        calls[:, :3] = [[30e6, 10e6, 10e6], [30e6, 10e6 + more * 1e6, 10e6]]
        calls *= random.normal(1, 0.1, (2, 1)) * random.normal(1, 0.01, calls.shape)
        found.append((calls[0], calls[1]))
    return found


def test_only_the_phase_that_takes_more_surely_differs():
    random = np.random.default_rng(2)
    names = list(PHASES)[:3]
    wrong = 0
    for _ in range(100):
        made = phase_quads(random, 20, 2.5)
        means = np.mean(made, axis=0)
        sides = [
            [PhaseShare(name, round(ns), 0, (0, 0), None, 0) for name, ns in zip(names, row)] for row in means
        ]
        moves = phase_moves(made, 50_000_000, 52.5 / 50)
        found = phase_differences(*sides, 50_000_000, 52_500_000, moves, 0.005)
        verdicts = {one.phase: one.verdict for one in found}
        assert verdicts[names[1]] == "slower"
        wrong += sum(verdicts[name] != "no_difference" for name in (names[0], names[2]))
    assert wrong <= 2


@pytest.mark.parametrize("slower", [0.0, 2.5])
def test_a_pause_in_one_call_is_in_no_phase_s_difference(slower):
    random = np.random.default_rng(4)
    made = phase_quads(random, 21, slower)
    for _, after in made[:2]:
        after[2] += 40e6  # threads of the third phase waited for a core
    moves = phase_moves(made, 50_000_000, 1 + slower / 50)
    assert moves.ns[:3] == pytest.approx([0, slower * 1e6, 0], abs=0.25e6)
    assert moves.ns.sum() == pytest.approx(slower * 1e6, abs=1)


@pytest.mark.parametrize(
    ("phase", "verdict"), [("teardown", "slower"), ("garbage_collection", "no_difference")]
)
def test_garbage_is_collected_in_all_calls_of_a_process_by_chance(phase, verdict):
    made = phase_quads(np.random.default_rng(5), 21, 0.0)
    for _, after in made:
        after[NUMBER[phase]] += 0.015 * 50e6
    moves = phase_moves(made, 50_000_000, 1.015, pairs=3)
    sides = [
        [
            PhaseShare(name, round(ns), 0, (0, 0), None, 0)
            for name, ns in zip(PHASES, np.mean([quad[side] for quad in made], axis=0))
        ]
        for side in (0, 1)
    ]
    found = phase_differences(*sides, 50_000_000, 50_750_000, moves, 0.001, in_turn=True)
    assert {one.phase: one.verdict for one in found}[phase] == verdict


@pytest.mark.parametrize(
    ("moved_ms", "error_ms", "verdict"),
    [
        (0.7, 0.1, "slower"),
        (-0.7, 0.1, "faster"),
        (0.7, 0.2, "no_difference"),  # certainly slower, but perhaps by less than 0.25 ms
        (0.2, 0.001, "no_difference"),
        (0.3, 0.001, "slower"),
    ],
)
def test_a_phase_differs_if_it_certainly_does_by_half_a_percent_of_the_call(moved_ms, error_ms, verdict):
    moves = PhaseMoves(50e6, of_all_phases(0, moved_ms * 1e6), of_all_phases(0, error_ms * 1e6))
    after_ns = round(50e6 + moved_ms * 1e6)
    found = phase_differences(
        shares(30_000_000, 20_000_000),
        shares(30_000_000, after_ns - 30_000_000),
        50_000_000,
        after_ns,
        moves,
        in_turn=True,
    )
    assert [one.verdict for one in found] == [verdict, "no_difference"]


def test_few_quads_give_no_intervals_of_phases():
    quads = phase_quads(np.random.default_rng(3), 2, 1.0)
    assert phase_moves(quads, 50, 1.1) is None


def shares(*ns):
    return [PhaseShare(name, one, 0, (0, 0), None, 0) for name, one in zip(PHASES, ns)]


def of_all_phases(*ns):
    return np.array([*ns, *[0.0] * (len(PHASES) - len(ns))])


@pytest.mark.parametrize("added", [4_000, -4_000])
def test_probes_that_take_time_move_no_difference_into_other_phases(added):
    # A call of 40 us takes 80 under spans, and 4 us more, or less, in its second phase in both.
    quads = [(of_all_phases(60e3, 20e3), of_all_phases(60e3, 20e3 + added))] * 3
    after = 40_000 + added
    moves = phase_moves(quads, 40_000, after / 40_000)
    found = phase_differences(shares(60_000, 20_000), shares(60_000, 20_000 + added), 40_000, after, moves)
    differences = {one.phase: one.difference_ns for one in found}
    assert differences == {
        next(iter(PHASES)): pytest.approx(0, abs=1),
        list(PHASES)[1]: pytest.approx(added, abs=1),
    }
    # Without it, the first phase seems to take less of the call, although it takes as long.
    scaled = phase_differences(shares(60_000, 20_000), shares(60_000, 20_000 + added), 40_000, after)
    assert abs({one.phase: one.difference_ns for one in scaled}[next(iter(PHASES))]) > 1_000


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=6),
    st.integers(1, 10**7),
    st.integers(1, 10**7),
)
def test_whatever_moved_phases_sum_to_the_call(pairs, before_ns, after_ns):
    rows = [[1 + pair[which] for pair in pairs] for which in (0, 1)]
    moves = phase_moves(
        [(of_all_phases(*rows[0]), of_all_phases(*rows[1]))] * 3, before_ns, after_ns / before_ns
    )
    found = phase_differences(shares(*rows[0]), shares(*rows[1]), before_ns, after_ns, moves)
    assert sum(one.difference_ns for one in found) == after_ns - before_ns
    assert all(one.after_ns >= 0 for one in found)


# --- two recordings ---


def test_stored_recordings_give_an_indication_and_say_so(stored):
    assert stored.basis == "stored"
    assert stored.total.verdict == "indication"
    assert {one.verdict for one in stored.phases} == {"indication"}
    assert any("indication only" in note for note in stored.notes)
    assert stored.headline.startswith("an indication only: predict ")


def test_the_cause_is_named_at_the_top(stored):
    assert "second_iterator" in stored.headline
    assert sum(one.difference_ns for one in stored.phases) == stored.total.difference_ns
    assert stored.phases[0].phase == "iterator_creation"
    counts = {one.count: (one.before, one.after) for one in stored.counts}
    assert counts["iterators_per_call"] == (1, 2)
    made = {one.qualname: one for one in stored.internals}["OwnedIterator.__init__"]
    assert (made.change, made.before_count, made.after_count) == ("more", 1, 2)
    assert ("second_iterator", "new") in {(one.rule, one.change) for one in stored.findings}


def test_the_other_way_round_all_is_reversed(older, newer, stored):
    back = compare(newer, older, ("new", "old"))
    assert back.total.difference_ns == -stored.total.difference_ns
    assert {one.phase: one.difference_ns for one in back.phases} == {
        one.phase: -one.difference_ns for one in stored.phases
    }
    assert ("second_iterator", "gone") in {(one.rule, one.change) for one in back.findings}


def test_a_recording_does_not_differ_from_itself(newer):
    same = compare(newer, newer, ("a", "a"))
    assert same.total.difference_ns == 0
    assert same.internals == same.findings == same.recipes == []
    assert all(one.before == one.after for one in same.counts)
    assert all(frame.before_ns == frame.after_ns for frame in same.tree)


def test_the_tree_has_both_sides(stored):
    root, *frames = stored.tree
    assert (root.name, root.parent) == ("predict", -1)
    assert root.before_ns == pytest.approx(stored.total.before_ns, abs=2)
    assert root.after_ns == pytest.approx(stored.total.after_ns, abs=2)
    assert any(frame.before_ns == 0 < frame.after_ns for frame in frames)
    for number, frame in enumerate(frames, 1):
        assert 0 <= frame.parent < number
        above = stored.tree[frame.parent]
        assert frame.before_ns <= above.before_ns + 1
        assert frame.after_ns <= above.after_ns + 1


@pytest.mark.parametrize("what", ["inputs", "batch_size", "steps"])
def test_what_differs_in_its_inputs_is_refused(older, newer, what):
    facts = newer.report.workload.facts
    if what == "inputs":
        changed = [
            msgspec.structs.replace(facts.inputs[0], shape=[64, *facts.inputs[0].shape[1:]]),
            *facts.inputs[1:],
        ]
    else:
        changed = 7
    other = with_workload(newer, **{what: changed})
    with pytest.raises(KerasProfileError, match="cannot be compared"):
        compare(older, other, ("a", "b"))


def test_another_machine_and_release_are_mentioned(stored, newer):
    assert any(note.startswith("other releases: ") for note in stored.notes)
    facts = msgspec.structs.replace(newer.report.environment.facts, cpu_count=64)
    machine = type(newer.report.environment)(msgspec.to_builtins(facts))
    other = Compared(replace(newer.report, environment=machine), None)
    notes = compare(newer, other, ("a", "b")).notes
    assert any(note.startswith("another machine: processors ") for note in notes)


def test_reports_alone_can_be_compared(older, newer, stored):
    alone = compare(Compared(older.report, None), Compared(newer.report, None), ("old", "new"))
    assert alone.total.difference_ns == stored.total.difference_ns
    assert alone.tree == []
    assert "second_iterator" in alone.headline


def test_a_side_without_spans_has_no_phases_and_no_findings_that_went(older, newer):
    blind = replace(
        newer.report,
        attribution=replace(newer.report.attribution, internals=[]),
        findings=[replace(one, verdict="cannot_tell") for one in newer.report.findings],
    )
    found = compare(older, Compared(blind, None), ("a", "b"))
    assert [one.phase for one in found.phases] == ["unattributed"]
    assert sum(one.difference_ns for one in found.phases) == found.total.difference_ns
    assert found.findings == []
    assert any("no calls under spans" in note for note in found.notes)


# --- measured in turn ---


def in_turn(effect, pairs=3, quads_of_pair=40):
    random = np.random.default_rng(4)

    def block(which):
        wall = round(50e6 * (effect if which else 1) * math.exp(random.normal(0, 0.05)))
        return Block(which, [wall], [wall])

    made = [
        Pair([Quad("bare", [block(one) for one in (0, 1, 1, 0)]) for _ in range(quads_of_pair)])
        for _ in range(pairs)
    ]
    return InTurn(made, 60.0)


def test_what_was_measured_in_turn_has_verdicts(older, newer):
    found = compare(older, newer, ("old", "new"), in_turn(1.17))
    assert (found.basis, found.total.verdict) == ("in_turn", "slower")
    assert found.total.ratio == pytest.approx(1.17, abs=0.03)
    low, high = found.total.ratio_ci99
    assert low < 1.17 < high
    assert found.total.after_ns == round(found.total.before_ns * ratio_of(in_turn(1.17).log_ratios()).value)
    assert sum(one.difference_ns for one in found.phases) == found.total.difference_ns
    assert found.total.cpu_ratio == pytest.approx(found.total.ratio, abs=0.001)


def test_an_equal_call_has_no_difference(newer):
    found = compare(newer, newer, ("a", "a"), in_turn(1.0))
    assert found.total.verdict == "no_difference"
    assert headline(found).startswith("predict: no difference of more than ")


def test_timelines_of_processes_are_joined_call_by_call(older):
    one = older.spans.warm
    both = joined([one, one])
    assert both.calls == 2 * one.calls
    assert len(both.call) == 2 * len(one.call)
    second = both.select(np.arange(both.calls) >= one.calls)
    assert (second.parent == one.parent).all()
    assert (second.internal == one.internal).all()


# --- programs ---


def group_at(line, source="y = model.predict(x)", rows=1, entry="predict", function="serve", file="app.py"):
    """A group of calls, with what identifies its line."""
    shape = types.SimpleNamespace(shape=[rows, 4], dtype="float32", kind="array")
    workload = types.SimpleNamespace(facts=types.SimpleNamespace(inputs=[shape]))
    site = types.SimpleNamespace(file=f"/somewhere/{file}", line=line, function=function, source=source)
    return types.SimpleNamespace(entry=entry, site=site, workload=workload)


def lines(pairs):
    return {(mine.site.line, its.site.line) for mine, its in pairs}


def test_lines_that_moved_are_matched_by_what_they_say():
    before = [group_at(6), group_at(9, source="z = other.predict(x)")]
    after = [group_at(16), group_at(19, source="z = other.predict(x)")]
    assert lines(matched(before, after)) == {(6, 16), (9, 19)}


def test_equal_lines_are_matched_by_their_number():
    before, after = ([group_at(6), group_at(9)] for _ in range(2))
    assert lines(matched(before, after)) == {(6, 6), (9, 9)}


def test_a_changed_line_is_matched_if_it_is_the_only_one_of_its_shape():
    before = [group_at(6), group_at(9, rows=64)]
    after = [group_at(7, source="y = net.predict(x)"), group_at(12, rows=64, source="z = net.predict(x)")]
    assert lines(matched(before, after)) == {(6, 7), (9, 12)}


def test_what_is_not_clear_is_not_matched():
    before = [group_at(6), group_at(9)]
    after = [group_at(16), group_at(19)]
    assert matched(before, after) == []
    assert matched([group_at(6)], [group_at(6, entry="call", source="y = model(x)", function="other")]) == []


# --- bisecting ---


def measured(stored, speeds, broken=()):
    """Measures states of these speeds; ``asked`` has what was measured."""
    asked = []

    def measure(good, other, times):
        asked.append((good, other, times))
        if other in broken or good in broken:
            raise KerasProfileError(f"state {other} does not run")
        ratio = speeds[other] / speeds[good]
        verdict = "slower" if ratio > 1.02 else "faster" if ratio < 0.98 else "no_difference"
        interval = (0.98 * ratio, 1.02 * ratio)
        total = replace(stored.total, ratio=ratio, ratio_ci99=interval, verdict=verdict)
        return replace(stored, headline="H", total=total)

    return measure, asked


NAMES = [f"c{number}" for number in range(9)]


@given(st.integers(1, 8), st.sampled_from([0.5, 1.3]))
def test_the_change_is_found_in_few_steps(stored, at, factor):
    measure, asked = measured(stored, [1.0] * at + [factor] * (9 - at))
    found = bisect(NAMES, measure)
    assert (found.before, found.after, found.between) == (f"c{at - 1}", f"c{at}", [])
    assert found.headline == f"since c{at}: H"
    assert len(asked) <= 6


def test_states_that_cannot_be_measured_are_passed_over(stored):
    measure, _ = measured(stored, [1, 1, 1, 1, 1, 2, 2, 2, 2], broken=[4, 3])
    found = bisect(NAMES, measure)
    assert (found.before, found.after, found.between) == ("c2", "c5", ["c3", "c4"])
    assert found.headline == "between c2 and c5: H"
    assert [one.reason for one in found.steps if one.changed is None] == [
        "state 4 does not run",
        "state 3 does not run",
    ]


def test_a_state_that_is_not_clear_is_not_called_good_or_bad(stored):
    measure, asked = measured(stored, [1, 1, 1, 1.15, 1.15, 1.3, 1.3, 1.3, 1.3])

    def measure_shakily(good, other, times):
        made = measure(good, other, times)
        if (good, other) in ((0, 3), (0, 4)):
            return replace(made, total=replace(made.total, verdict="cannot_tell"))
        return made

    found = bisect(NAMES, measure_shakily)
    assert (found.before, found.after, found.between) == ("c2", "c5", ["c3", "c4"])
    assert [times for *pair, times in asked if pair == [0, 4]] == [1, 2, 4]


def test_of_two_equal_steps_the_first_is_found(stored):
    measure, _ = measured(stored, [1, 1, 1, 1.15, 1.15, 1.3, 1.3, 1.3, 1.3])
    found = bisect(NAMES, measure)
    assert (found.before, found.after, found.between) == ("c2", "c3", [])
    assert found.headline == "since c3: H"


def test_a_change_in_many_small_steps_is_not_called_one(stored):
    measure, _ = measured(stored, [1.01**number for number in range(9)])
    found = bisect(NAMES, measure)
    assert found.comparison.total.verdict == "no_difference"
    assert found.headline.startswith("no single step was found; since c")


def test_what_was_found_before_an_interrupt_is_kept(stored):
    measure, asked = measured(stored, [1, 1, 1, 1, 1, 1, 1.3, 1.3, 1.3])

    def measure_until(good, other, times):
        if len(asked) == 2:
            raise KeyboardInterrupt
        return measure(good, other, times)

    found = bisect(NAMES, measure_until)
    assert (found.before, found.after, found.between) == ("c4", "c8", ["c5", "c6", "c7"])
    assert found.headline == "interrupted: between c4 and c8; the good and the bad state: H"


def test_a_state_that_is_clear_after_more_time_is_found(stored):
    measure, asked = measured(stored, [1, 1, 1, 1, 1.3, 1.3, 1.3, 1.3, 1.3])

    def measure_shakily(good, other, times):
        made = measure(good, other, times)
        if times < 4 and (good, other) == (0, 4):
            return replace(made, total=replace(made.total, ratio_ci99=(0.9, 1.9)))
        return made

    found = bisect(NAMES, measure_shakily)
    assert (found.before, found.after, found.between) == ("c3", "c4", [])
    assert [times for *pair, times in asked if pair == [0, 4]] == [1, 2, 4]


def test_ends_that_are_not_clear_are_measured_for_longer(stored):
    measure, asked = measured(stored, [1, 1, 1.3, 1.3])

    def measure_shakily(good, other, times):
        made = measure(good, other, times)
        if times == 1 and (good, other) == (0, 3):
            return replace(made, total=replace(made.total, verdict="cannot_tell"))
        return made

    found = bisect(NAMES[:4], measure_shakily)
    assert (found.before, found.after) == ("c1", "c2")
    assert asked[:2] == [(0, 3, 1), (0, 3, 2)]


def test_equal_ends_have_nothing_to_find(stored):
    measure, _ = measured(stored, [1.0] * 9)
    with pytest.raises(KerasProfileError, match="do not surely differ"):
        bisect(NAMES, measure)
    with pytest.raises(KerasProfileError, match="expected a good and a bad state"):
        bisect(NAMES[:1], measure)


# --- the command ---


def test_the_command_compares_two_recordings(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = [str(TRACES / name) for name in ("demo-keras-3.0", "demo-keras-3.15")]
    assert cli.main(["compare", *names]) == 0
    out = capsys.readouterr().out
    assert "iterators made in each call: 1 → 2" in out
    (folder,) = (tmp_path / "reports").iterdir()
    assert {one.name for one in folder.iterdir()} == {"comparison.json", "comparison.md", "comparison.html"}
    content = json.loads((folder / "comparison.json").read_text())
    assert content["schema"] == {"name": "keras_profile.comparison", "version": 1}
    assert content["headline"] in (folder / "comparison.md").read_text().replace("\\", "")
    for what in (str(folder), folder.name, str(folder / "comparison.html")):
        assert cli.main(["open", what, "--no-browser"]) == 0
        assert (tmp_path / capsys.readouterr().out.strip()).samefile(folder / "comparison.html")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["demo.keras"], "expected two sides to compare"),
        ([str(TRACES / "demo-tf-2.0"), "demo.keras"], "expected two recordings or two models"),
        (["a.py:b", "--setup", "true"], "--setup is for --base"),
        (["a.py:b", *["--python", "p"] * 3], "expected --python once or twice"),
        (["a.py:b", "--after=--nonsense"], "expected options of the call"),
        (["a.py:b", "--after=--rows x"], "--rows"),
    ],
)
def test_what_cannot_be_compared_is_explained(tmp_path, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["compare", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def with_workload(compared, **changes):
    content = dict(compared.report.workload.as_recorded)
    for name, value in changes.items():
        content[name] = [msgspec.to_builtins(one) for one in value] if isinstance(value, list) else value
    return Compared(replace(compared.report, workload=type(compared.report.workload)(content)), None)
