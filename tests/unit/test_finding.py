"""Which recording a name means: none for the newest, how a name begins, a name that is nearly one."""

from __future__ import annotations

import json
import os

import jsonschema
import pytest

from keras_profile import cli
from keras_profile.errors import RecordingError
from keras_profile.recordings.finding import find_any, find_recording, newest
from support import streams
from support.key_tables import SCHEMAS


@pytest.fixture
def traces(tmp_path, monkeypatch):
    """Three recordings of programs, oldest first, and one that came with the folder and is the newest."""
    monkeypatch.chdir(tmp_path)
    names = ["app-20260101-100000", "app-20260102-100000", "serve-20260103-100000", "example"]
    for number, name in enumerate(names):
        folder = streams.usual(tmp_path / "traces" / name)
        for file in folder.iterdir():
            os.utime(file, (number, number))
        os.utime(folder, (number, number))
    (tmp_path / "traces" / "examples.txt").write_text("example\n")
    return tmp_path / "traces"


def test_the_newest_is_of_the_users_own(traces):
    assert newest(traces) == "serve-20260103-100000"


def test_without_a_name_the_newest_is_reported_and_said(traces, capsys):
    assert cli.main(["report", "--no-html"]) == 0
    said = capsys.readouterr()
    assert "the newest recording: serve-20260103-100000" in said.err
    assert "recording  traces/serve-20260103-100000" in said.out
    assert "keras-profile report --full" in said.out


def test_an_older_one_is_named_in_what_is_advised(traces, capsys):
    assert cli.main(["report", "app-20260101", "--no-html"]) == 0
    said = capsys.readouterr()
    assert "newest" not in said.err
    assert "keras-profile report app-20260101-100000 --full" in said.out


def test_an_example_alone_is_reported_and_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    streams.usual(tmp_path / "traces" / "example")
    (tmp_path / "traces" / "examples.txt").write_text("example\n")
    assert cli.main(["report", "example", "--no-html"]) == 0
    said = capsys.readouterr()
    assert "keras-profile report example --full" in said.out
    assert said.err == ""


def test_the_beginning_of_a_name_suffices_where_no_other_begins_so(traces):
    assert find_any("serve").name == "serve-20260103-100000"
    assert find_any("exam").name == "example"
    with pytest.raises(RecordingError, match="found 2 that begin with app") as caught:
        find_any("app")
    assert caught.value.advice == "give one of them: app-20260102-100000, app-20260101-100000"


def test_a_whole_name_is_no_beginning(traces):
    streams.usual(traces / "serve")
    assert find_any("serve").name == "serve"


@pytest.mark.parametrize("text", ["srve", "Serve", "serv-"])
def test_a_name_that_is_nearly_one_is_asked_about(traces, text):
    with pytest.raises(RecordingError) as caught:
        find_recording(text)
    assert caught.value.advice == "did you mean serve-20260103-100000?"


def test_where_nothing_is_near_the_newest_are_named(traces):
    with pytest.raises(RecordingError) as caught:
        find_any("zzz")
    assert caught.value.advice.startswith("recordings here: serve-20260103-100000, app-20260102-100000")


def test_without_recordings_the_advice_is_to_make_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for command in (["report"], ["open"], ["export", "--format", "speedscope"]):
        assert cli.main(command) == 2
        assert "make one with: keras-profile run PROGRAM.py" in capsys.readouterr().err


def test_a_list_says_when_how_long_and_how_much_of_it_was_inference(traces, capsys):
    assert cli.main(["list"]) == 0
    header, _, first, *_ = capsys.readouterr().out.splitlines()
    assert header.split() == ["recording", "made", "took", "inference", "TensorFlow", "Keras", "state"]
    assert "1970-01-01" in first
    assert "%" in first
    assert " s " in first or " ms " in first


def test_a_list_and_the_rules_are_json_that_their_schemas_allow(traces, capsys):
    (traces / "torn").mkdir()
    (traces / "torn" / "recording.json").write_text("{")
    for command, schema in ((["list"], "list"), (["rules"], "rules"), (["rules", "retraced"], "rules")):
        assert cli.main([*command, "--json"]) == 0
        content = json.loads(capsys.readouterr().out)
        jsonschema.validate(content, json.loads((SCHEMAS / f"{schema}.schema.json").read_text()))
        assert content["schema"] == {"name": f"keras_profile.{schema}", "version": 1}
    assert [one["id"] for one in content["rules"]] == ["retraced"]
    assert cli.main(["list", "--json"]) == 0
    by_name = {one["name"]: one for one in json.loads(capsys.readouterr().out)["recordings"]}
    assert "example" not in by_name
    assert by_name["torn"]["state"] == "unreadable"
    assert by_name["torn"]["reason"]
    served = by_name["serve-20260103-100000"]
    assert served["calls"] == 41
    assert 0 < served["inference_share"] <= 1
    assert served["wall_ns"] > 0
    assert served["call_ns"] is None
