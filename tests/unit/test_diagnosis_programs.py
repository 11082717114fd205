"""The programs of ``tests/diagnosis``: each has its line in a table, and a fix that applies to it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from keras_profile.analysis.program_causes.catalogue import PROGRAM_RULES
from keras_profile.analysis.rules.catalogue import RULES

FOLDER = Path(__file__).parents[1] / "diagnosis"


def rows(pattern):
    return [
        json.loads(line)
        for path in sorted(FOLDER.glob(pattern))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


CASES, HEALTHY = rows("cases-*.jsonl"), rows("healthy-*.jsonl")


def test_each_program_has_one_line():
    named = [row["program"] for row in [*CASES, *HEALTHY]]
    assert len(named) == len(set(named))
    assert set(named) == {path.name for path in (FOLDER / "programs").glob("*.py")}
    assert {Path(row["program"]).stem for row in CASES} == {
        path.stem for path in (FOLDER / "fixes").glob("*.patch")
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: Path(case["program"]).stem)
def test_a_case_names_its_line_its_rules_and_a_fix_that_applies(tmp_path, case):
    known = {rule.id for rule in (*RULES, *PROGRAM_RULES)}
    assert set(case["rules"]) <= known
    text = (FOLDER / "programs" / case["program"]).read_text(encoding="utf-8")
    assert case["line"].strip() in [line.strip() for line in text.splitlines()]
    assert case["sources"]
    shutil.copy(FOLDER / "programs" / case["program"], tmp_path)
    patch = FOLDER / "fixes" / Path(case["program"]).with_suffix(".patch").name
    done = subprocess.run(
        ["git", "apply", "-p0", str(patch)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    fixed = (tmp_path / case["program"]).read_text(encoding="utf-8")
    assert fixed != text
    compile(fixed, case["program"], "exec")
