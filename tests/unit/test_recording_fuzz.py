"""Damaged recordings by the benchmark that makes them, a small part of what it makes by hand."""

from __future__ import annotations

import pytest
from benchmarks import recording_fuzz

#: Seeds of a test: in all some hundred.
EACH = 20


@pytest.mark.parametrize("first", range(0, 6 * EACH, EACH))
def test_damaged_recordings_are_shown_or_one_clear_error(first):
    outcome = recording_fuzz.try_seeds(range(first, first + EACH))
    assert outcome.faults == []
    assert sum(outcome.kinds.values()) == EACH
    assert outcome.kinds["shown in part, said so"] + outcome.kinds["one clear error"] > 0


def test_what_a_report_may_not_say_is_seen():
    healthy = {
        "total_ns": 3,
        "unattributed_ns": 1,
        "phases": [{"self_ns": 2, "share": 0.7}, {"self_ns": 1, "share": 0.3}],
    }
    assert recording_fuzz.impossible(healthy) == []
    assert recording_fuzz.impossible({"a": [{"share": 2337.31}]}) == [".a[0].share is 2337.31"]
    assert recording_fuzz.impossible({"self_ns": -163226}) == [".self_ns is -163226"]
    assert recording_fuzz.impossible({**healthy, "total_ns": 4}) == [".phases sum to 3, not 4"]
