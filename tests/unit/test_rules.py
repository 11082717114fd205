"""Each rule on evidence made by hand: with the fault, without it, and without the evidence."""
from __future__ import annotations

import pytest

from keras_profile.rules.catalogue import RULES
from keras_profile.rules.engine import judge
from keras_profile.rules.rule import CannotTell, Found, NotFound

BY_ID = {rule.id: rule for rule in RULES}

#: For each rule: keyword arguments of ``evidence`` with the fault, and without it.
CASES = {
    "pipeline_rebuilt": [
        ({"phases": {"dataset_building": 20.0, "iterator_creation": 10.0, "execution": 1.0}},
         {"phases": {"dispatch": 0.1, "execution": 1.0}}),
        ({"phases": {"dataset_building": 20.0, "execution": 1.0},
          "workload": {"inputs": [{"shape": None, "dtype": None, "kind": "generator"}]}},
         {"phases": {"dataset_building": 20.0, "execution": 900.0}}),
    ],
    "second_iterator": [
        ({"phases": {"iterator_creation": (4.0, 2.0), "execution": 1.0},
          "spans": {"iterators_per_call": 2.0, "unread_iterators_per_call": 1.0,
                    "unread_iterators_share": 0.4}},
         {"phases": {"iterator_creation": 2.0, "execution": 1.0}, "spans": {"iterators_per_call": 1.0}}),
    ],
}

PAIRS = [(rule, *pair) for rule, pairs in CASES.items() for pair in pairs]


def test_every_rule_has_a_case():
    assert set(CASES) == set(BY_ID)


@pytest.mark.parametrize(("rule", "fault", "healthy"), PAIRS)
def test_the_fault_is_found_and_its_absence_is_told(by_hand, rule, fault, healthy):
    found = judge(by_hand.evidence(**fault), BY_ID[rule])
    assert isinstance(found, Found), found
    assert found.evidence
    absent = judge(by_hand.evidence(**healthy), BY_ID[rule])
    assert isinstance(absent, NotFound), absent
    assert absent.because


@pytest.mark.parametrize("rule", list(BY_ID))
def test_without_its_evidence_a_rule_cannot_tell(by_hand, rule):
    nothing = by_hand.evidence(None)
    facts = {name.partition(".")[2] for name in BY_ID[rule].needs if name.startswith("workload.")}
    for key in facts:
        nothing.workload.pop(key, None)
    answer = judge(nothing, BY_ID[rule])
    assert isinstance(answer, CannotTell)
    assert answer.missing
