"""How tests are put together: into tiers, and into groups that share a process."""
from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from support import tiers
from support.commands import ROOT, TESTS


@pytest.mark.group("a group of this test's own")
def test_groups_are_kept(request):
    """pytest-xdist tells its scheduler a test's group by the end of the test's name."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("tests run in one process here")
    assert request.node.nodeid.endswith("@a group of this test's own")


def test_every_folder_of_tests_is_in_a_tier(pytestconfig):
    by_default = {Path(path).name for path in pytestconfig.getini("testpaths") if path.startswith("tests/")}
    assert by_default == tiers.DEFAULT
    folders = {path.parent.name for path in TESTS.rglob("test_*.py")}
    assert folders == tiers.DEFAULT | set(tiers.OF_FOLDER)


@pytest.mark.parametrize("tier", tiers.MARKERS)
def test_every_tier_is_a_step_of_ci_and_is_described(tier):
    assert re.search(rf"^step \"{tier}\" .*-m '?{tier}", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{tier}` \| .*pytest tests -m '?{tier}", contributing, re.MULTILINE)


def test_no_step_of_ci_runs_beside_the_timing_tier():
    steps = re.findall(r"^step .*pytest tests -m (.*?) --", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert len(steps) == len(tiers.MARKERS)
    for selection in steps:
        assert ("not timing" in selection) != (selection == "timing -n 0")
