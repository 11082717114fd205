"""The compact account of a report: short, and private where it is asked to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_profile import cli
from keras_profile.analysis.reports import make_report
from keras_profile.output.explanation import MOST_BYTES, explanation
from keras_profile.recordings.opened import OpenedProgram, open_recording
from support import streams
from support.golden import ROOT

MORE = ["Recording: /home/u/traces/app"]


@pytest.fixture
def program(tmp_path):
    return make_report(OpenedProgram(streams.usual(tmp_path / "app", 100)))


def test_it_has_the_answer_the_versions_and_where_more_is(program):
    text = explanation(program, MORE)
    assert "in Keras inference" in text
    assert "q = model.predict(x)" in text
    assert "Python 3.12.1" in text
    assert MORE[0] in text


def test_a_private_one_has_no_path_and_no_line_of_code(program):
    text = explanation(program, MORE, private=True)
    assert "/home" not in text
    assert "q = model.predict(x)" not in text
    assert "predict at app.py:41" in text


def test_a_private_one_has_no_note_for_notes_may_have_paths(program):
    path = "/home/u/secret/worker.py"
    group = replace(program.groups[0], notes=[f"of {path}"])
    told = replace(
        program,
        groups=[group],
        notes=[f"process 7 was not recorded: -I ({path})"],
        program=replace(program.program, unfinished=[f"it is at {path}"]),
    )
    assert explanation(told, MORE).count(path) == 3
    assert path not in explanation(told, MORE, private=True)
    model = replace(make_report(open_recording(ROOT / "traces" / "demo-tf-2.0")), notes=[path])
    assert path in explanation(model, MORE)
    assert path not in explanation(model, MORE, private=True)


@pytest.mark.parametrize("name", ["demo-keras-3.15", "demo-tf-2.0"])
def test_it_is_short(name):
    report = make_report(open_recording(ROOT / "traces" / name))
    text = explanation(report, MORE)
    assert len(text.encode()) <= MOST_BYTES
    assert "cut here" not in text


def test_what_is_too_long_is_cut_and_says_so(program):
    long = replace(program, notes=["x " * 900, "é" * 2000])
    text = explanation(long, ["z" * 200] * 20)
    assert len(text.encode()) <= MOST_BYTES
    assert text.endswith("… (cut here)\n")


def test_the_command_explains_the_newest(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    streams.usual(tmp_path / "traces" / "app")
    assert cli.main(["explain"]) == 0
    out = capsys.readouterr().out
    assert "in Keras inference" in out
    assert f"Recording: {tmp_path}/traces/app" in out
    assert [path.name for path in tmp_path.iterdir()] == ["traces"]
    assert cli.main(["explain", "--private"]) == 0
    assert str(tmp_path) not in capsys.readouterr().out
