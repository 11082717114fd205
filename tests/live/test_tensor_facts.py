"""Inputs that are tensors are looked at like arrays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def facts():
    script = Path(__file__).with_name("tensor_facts.py")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_padding_is_seen_and_a_mask_is_none(facts):
    assert facts["padding"] == {"share": 0.85, "longest": 20, "at_end": True}
    assert facts["mask"] is None


def test_a_tensor_that_stays_is_seen(facts):
    assert facts["stays"] == 0.5
    assert facts["of two kinds"] == 0.5
    assert facts["none stays"] == 0


def test_large_tensors_whose_values_are_not_read_are_not_judged(facts):
    # That the other one changed is not known.
    assert facts["large"] == 0
