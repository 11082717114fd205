"""How tests are put together: into tiers, and into groups that share a process."""
from __future__ import annotations

import os
import re

import pytest

from support.commands import ROOT, TESTS

TIERS = ("live", "programs", "browser", "releases", "timing")


@pytest.mark.group("a group of this test's own")
def test_groups_are_kept(request):
    """pytest-xdist tells its scheduler a test's group by the end of the test's name."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("tests run in one process here")
    assert request.node.nodeid.endswith("@a group of this test's own")


def test_every_folder_of_tests_is_in_a_tier():
    folders = {path.parent.name for path in TESTS.rglob("test_*.py")}
    assert folders == {"unit", "golden", "smoke", "live", "rules", "programs", "browser", "releases"}


@pytest.mark.parametrize("tier", TIERS)
def test_every_tier_is_a_step_of_ci_and_is_described(tier):
    assert re.search(rf"^step \"{tier}\" .*-m '?{tier}", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{tier}` \| .*pytest tests -m '?{tier}", contributing, re.MULTILINE)


def test_no_step_of_ci_runs_beside_the_timing_tier():
    steps = re.findall(r"^step .*pytest tests -m (.*?) --", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert len(steps) == len(TIERS)
    for selection in steps:
        assert ("not timing" in selection) != (selection == "timing -n 0")
