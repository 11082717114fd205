"""Two recordings of a program whose lines moved, compared line by line."""

from __future__ import annotations

import json

import pytest

from support.commands import keras_profile
from support.two_programs import PROGRAM, recorded

MOVED = PROGRAM.replace("model = keras", "# a line more\n\nmodel = keras").replace("range(12)", "range(150)")


@pytest.fixture(scope="module")
def compared(new_folder):
    folder = new_folder()
    recordings = recorded(folder, MOVED)
    finished = keras_profile("compare", *recordings, "--json", folder=folder)
    assert finished.code == 0, finished.err
    return json.loads(finished.out), folder, recordings


def test_lines_are_matched_where_they_moved(compared):
    content, *_ = compared
    found = {(one["before_line"], one["after_line"]): one for one in content["lines"]}
    assert set(found) == {(8, 10), (10, 12)}
    predicts = found[8, 10]
    assert (predicts["before_calls"], predicts["after_calls"]) == (12, 150)
    assert content["lines"][0] == predicts
    assert "predict at app.py:10" in content["headline"]
    assert content["only_before"] == content["only_after"] == []


def test_each_line_has_a_comparison_of_its_call(compared):
    content, folder, _ = compared
    (report,) = (folder / "reports").iterdir()
    for number, one in enumerate(content["lines"], 1):
        assert one["comparison"]["total"]["verdict"] == "indication"
        saved = json.loads((report / f"line-{number}" / "comparison.json").read_text())
        assert saved == one["comparison"]
        assert (report / f"line-{number}" / "comparison.html").exists()


def test_it_fits_a_terminal(compared):
    _, folder, recordings = compared
    finished = keras_profile("compare", *recordings, "--no-html", folder=folder, COLUMNS="80")
    assert max(map(len, finished.out.splitlines()[:20])) <= 80
    assert "predict at app.py:10 (was line 8)" in finished.out


def test_a_program_and_a_model_are_not_compared(compared, new_folder):
    from support.commands import ROOT

    _, _, (recording, _) = compared
    finished = keras_profile("compare", recording, str(ROOT / "traces" / "demo-tf-2.0"), folder=new_folder())
    assert finished.code == 2
    assert "expected two recordings of one kind" in finished.err
