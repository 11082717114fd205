"""The instruments held against each other, and what is said where they differ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keras_profile.analysis.attribution import agreement as module
from keras_profile.analysis.attribution.agreement import agreement, moved_to_unattributed, put_elsewhere
from keras_profile.analysis.attribution.counted import CountedPartition
from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.sampled import SampledPartition
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from support import contents, trees

#: Shares by spans: entry 20%, tracing 30%, execution 50%.
SPANS = {"entry": 200, "function_tracing": 300, "execution": 500}


@pytest.fixture
def parts():
    calls = []
    for start in range(0, 8000, 1000):
        at, spans = start, []
        for phase, length in SPANS.items():
            spans.append(trees.span(phase, at, at + length))
            at += length
        calls.append(trees.call(start, start + 1000, *spans))
    return partition(trees.timeline(*calls), trees.ROWS)


def test_what_other_instruments_put_elsewhere_is_half_of_the_differences(hold):
    rows = list(hold(sampled({"entry": 300, "function_tracing": 200, "execution": 500})).values())
    assert put_elsewhere(rows) == {"sampling": pytest.approx(0.1)}
    rows = list(hold(None, counted({"entry": 200, "function_tracing": 100, "execution": 700})).values())
    assert put_elsewhere(rows) == {"cProfile": pytest.approx(0.2)}
    assert put_elsewhere([]) == {}


def test_what_sampling_moved_is_what_the_spans_did_not_say():
    attribution = contents.report().attribution
    by_spans = sum(one.spans_share for one in attribution.agreement if one.phase == "unattributed")
    moved = replace(attribution, total_ns=1000, unattributed_ns=round(1000 * by_spans) + 250)
    assert moved_to_unattributed(moved) == pytest.approx(0.25, abs=0.001)
    assert moved_to_unattributed(replace(attribution, unattributed_ns=0)) == 0


def columns(by_phase):
    row = np.zeros(len(PHASES))
    for phase, value in by_phase.items():
        row[NUMBER[phase]] = value
    return row


def sampled(by_phase):
    rows = np.tile(columns(by_phase), (8, 1)).astype(np.int64)
    return SampledPartition(rows, rows * 0, rows, 0.0, 0.0)


def counted(by_phase, calls=()):
    return CountedPartition(columns(by_phase), columns(dict(calls)))


@pytest.fixture
def hold(parts):
    """The rows by phase of the spans against other instruments."""

    def hold(sampled=None, counted=None, cost_ns=0, lost=(), inflation=1.0):
        recording = contents.recording(
            calls=[{}, {"capture": "pyinstrument", "wall_ns": int(1_000_000 * inflation)}],
            captures=[("cprofile", "ok", "", {"call_cost_ns": cost_ns}), ("pyinstrument", "ok", "", {})],
        )
        return {row.phase: row for row in agreement(parts, sampled, counted, recording, lost)}

    return hold


def test_without_another_instrument_nothing_is_held(hold):
    assert hold() == {}


def test_equal_shares_agree_and_need_no_cause(hold):
    rows = hold(sampled(SPANS), counted(SPANS))
    assert {(row.verdict, row.counted_verdict, tuple(row.because)) for row in rows.values()} == {
        ("agree", "agree", ())
    }
    assert [rows[phase].counted_share for phase in SPANS] == [0.2, 0.3, 0.5]
    assert [rows[phase].spans_ci95 for phase in SPANS] == [(0.2, 0.2), (0.3, 0.3), (0.5, 0.5)]


def test_an_instrument_that_is_missing_is_not_measured(hold):
    row = hold(sampled(SPANS))["execution"]
    assert (row.counted_share, row.counted_verdict) == (None, "not measured")
    row = hold(counted=counted(SPANS))["execution"]
    assert (row.sampled_share, row.sampled_ci95, row.verdict) == (None, None, "not measured")


def test_what_cprofile_adds_to_calls_explains_an_excess_of_them(hold):
    seen = counted(SPANS | {"function_tracing": 600}, {"function_tracing": 1000})
    because = hold(counted=seen, cost_ns=0.3)["function_tracing"].because
    assert len(because) == 1
    assert "adds about" in because[0]
    assert "23.1%" in because[0]  # 1000 calls at 0.3 ns, of 1300 ns


def test_too_small_a_cost_explains_nothing(hold):
    seen = counted(SPANS | {"function_tracing": 600}, {"function_tracing": 1000})
    assert hold(counted=seen, cost_ns=0.01)["function_tracing"].because == [module.APPORTIONED]


def test_a_cost_never_explains_that_there_is_less(hold):
    seen = counted(SPANS | {"function_tracing": 60}, {"function_tracing": 1000})
    assert hold(counted=seen, cost_ns=1000)["function_tracing"].because == [module.APPORTIONED]


def test_lost_calls_are_a_cause(hold):
    seen = counted(SPANS | {"function_tracing": 60})
    (cause,) = hold(counted=seen, lost=["one", "two"])["function_tracing"].because
    assert "lost calls of 2 internals" in cause


@pytest.mark.parametrize("phase", ["garbage_collection", "teardown"])
def test_what_an_instrument_cannot_see_is_said(hold, phase):
    seen = SPANS | {phase: 200}
    row = hold(sampled(seen), counted(seen))[phase]
    assert row.because == [module.BLIND_SAMPLER[phase], module.BLIND_COUNTS[phase]]


def test_native_waiting_is_the_samplers_cause(hold):
    assert hold(sampled(SPANS | {"execution": 100}))["execution"].because == [module.NATIVE_SAMPLER]


def test_other_differences_of_sampling_are_of_other_calls(hold):
    assert hold(sampled(SPANS | {"entry": 600}))["entry"].because == [module.OTHER_CALLS]


def test_a_sampler_that_slowed_the_calls_is_a_cause(hold):
    (cause,) = hold(sampled(SPANS | {"function_tracing": 900}), inflation=1.35)["function_tracing"].because
    assert "1.35 times as long as bare ones" in cause
    assert hold(sampled(SPANS | {"function_tracing": 900}), inflation=1.05)["function_tracing"].because == [
        module.OTHER_CALLS
    ]


def test_tables_name_phases():
    assert {*module.BLIND_SAMPLER, *module.BLIND_COUNTS, *module.WAITING} <= set(PHASES)
