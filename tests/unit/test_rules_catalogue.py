"""One file a rule: each module of ``causes`` is one, with its thresholds, and in the list."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from keras_profile.analysis.rules import causes
from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.analysis.rules.rule import Rule, Threshold
from keras_profile.analysis.rules.shared import thresholds as shared

MODULES = sorted(module.name for module in iter_modules(causes.__path__))


def in_module(module, kind):
    """What a module has of a kind, by the name there; what it imports from others counts."""
    return {name: value for name, value in vars(module).items() if isinstance(value, kind)}


def test_the_list_has_each_module_once():
    assert sorted(rule.id for rule in RULES) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_one_rule_of_its_name(name):
    module = import_module(f"{causes.__name__}.{name}")
    assert list(in_module(module, Rule)) == ["RULE"]
    assert name == module.RULE.id


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_lists_the_thresholds_of_its_file(rule):
    module = import_module(f"{causes.__name__}.{rule.id}")
    assert {threshold.name for threshold in rule.thresholds} == set(in_module(module, Threshold))


@pytest.mark.parametrize("module", [shared.__name__, *(f"{causes.__name__}.{name}" for name in MODULES)])
def test_a_threshold_has_its_own_name_and_a_reason(module):
    found = in_module(import_module(module), Threshold)
    for name, threshold in found.items():
        assert threshold.name == name
        assert len(threshold.reason) > 20


def test_a_shared_threshold_is_one_of_two_rules_or_more():
    for name in in_module(shared, Threshold):
        users = [rule.id for rule in RULES if name in {threshold.name for threshold in rule.thresholds}]
        assert len(users) > 1, (name, users)
