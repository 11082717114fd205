"""The doctor on this interpreter, with a real recording."""

from __future__ import annotations

import json

import pytest

from keras_profile.features.doctor.checks.catalogue import CHECKS


@pytest.fixture(scope="module")
def examined(command):
    return command("doctor", "--json")


def test_all_is_well_here(examined):
    checkup = json.loads(examined.out)
    assert [line for line in checkup["lines"] if line["status"] != "ok"] == []
    assert [line["check"] for line in checkup["lines"]] == [check.id for check in CHECKS]
    assert checkup["works"] is True
    assert examined.code == 0
    assert examined.err == ""


def test_nothing_is_left_behind(examined):
    assert examined.code == 0
    assert list(examined.folder.iterdir()) == []
