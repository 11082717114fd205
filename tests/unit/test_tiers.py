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


#: The steps of CI that run a tier: its name, the folders, the selection.
STEPS = {
    name: (set(folders.split()), selection)
    for name, folders, selection in re.findall(
        r"""^step "(\w+)" "\$pytest ((?:tests/\w+ ?)+) -m (.*?) --durations""",
        (ROOT / ".ci" / "run").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}


def test_every_tier_is_a_step_of_ci():
    assert set(STEPS) == set(tiers.MARKERS)


@pytest.mark.parametrize("tier", tiers.MARKERS)
def test_a_tier_is_described(tier):
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{tier}` \| .*pytest tests -m '?{tier}", contributing, re.MULTILINE)


@pytest.mark.parametrize("tier", list(STEPS))
def test_a_step_of_ci_has_all_folders_in_which_its_tests_are(tier):
    def marked(path):
        return f"mark.{tier}" in path.read_text(encoding="utf-8")

    folders = {f"tests/{folder}" for folder, own in tiers.OF_FOLDER.items() if own == tier}
    folders |= {f"tests/{path.parent.name}" for path in TESTS.glob("*/test_*.py") if marked(path)}
    assert STEPS[tier][0] == folders - {"tests/unit"}


def test_no_step_of_ci_runs_beside_the_timing_tier():
    assert STEPS["timing"][1] == "timing -n 0"
    assert all("not timing" in selection for name, (_, selection) in STEPS.items() if name != "timing")
