"""The driver gives up the recipe that hangs or kills its process, and no other."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from keras_profile.errors import KerasProfileError
from keras_profile.launch import recorder_process
from keras_profile.recorder.protocol import Request

#: A recorder that says which recipe it tries, and what it is told to do then.
RECORDER = """
import json, os, signal, sys, time
request = json.load(open(sys.argv[1]))
channel = os.fdopen(int(sys.argv[2]), "w")
def report(event, **fields):
    channel.write(json.dumps(dict(fields, event=event)) + "\\n")
    channel.flush()
open(os.path.join(request["folder"], "recording.json"), "w").write("{}")
for key, action in (("good:0", ""), ("bad:0", BAD), ("worse:0", WORSE), ("last:0", "")):
    if key in request["trials"]["given_up"]:
        continue
    report("trying", key=key, text=key, seconds=1.5, number=1, of_all=4)
    exec(action)
report("tried")
exec(AFTER)
report("done", calls=1)
"""


def run(tmp_path, monkeypatch, bad="", worse="", after=""):
    folder = tmp_path / "recorder"
    folder.mkdir()
    (folder / "__main__.py").write_text(f"BAD, WORSE, AFTER = {bad!r}, {worse!r}, {after!r}\n" + RECORDER)
    monkeypatch.setattr(recorder_process, "RECORDER", folder)
    events = []
    recorder_process.try_in_process(
        Request(folder=str(tmp_path), trials={"seconds": 1.0}), sys.executable, events.append
    )
    return events


def tried(events):
    return [event["key"] for event in events if event["event"] == "trying"]


def test_a_recipe_that_hangs_is_given_up(tmp_path, monkeypatch):
    events = run(tmp_path, monkeypatch, bad="time.sleep(600)")
    assert tried(events) == ["good:0", "bad:0", "good:0", "worse:0", "last:0"]
    said = [event["text"] for event in events if event["event"] == "announce"]
    assert said == ["bad:0 is given up: it did not come back within 2 s"]


def test_recipes_that_kill_the_process_are_given_up_one_by_one(tmp_path, monkeypatch):
    events = run(tmp_path, monkeypatch, bad="os.kill(os.getpid(), signal.SIGSEGV)", worse="os._exit(3)")
    assert tried(events)[-2:] == ["good:0", "last:0"]
    said = " ".join(event["text"] for event in events if event["event"] == "announce")
    assert "bad:0 is given up: the process died" in said
    assert "SIGSEGV" in said or str(int(signal.SIGSEGV)) in said
    assert "worse:0 is given up: the process died (exit code 3)" in said


def test_a_death_after_the_recipes_is_nobodys_fault(tmp_path, monkeypatch):
    events = run(tmp_path, monkeypatch, after="os._exit(4)")
    assert tried(events) == ["good:0", "bad:0", "worse:0", "last:0"]
    assert any("died (exit code 4)" in event.get("text", "") for event in events)


def test_a_failure_of_the_original_does_not_cost_the_profile():
    events = []
    with recorder_process.profile_is_kept(events.append):
        raise KerasProfileError("predict failed", "look at it")
    assert events == [
        {"event": "announce", "text": "recipes could not be tried: predict failed (look at it)"}
    ]
    with pytest.raises(ZeroDivisionError), recorder_process.profile_is_kept(events.append):
        print(1 / 0)


def test_the_recorder_has_its_recipes_beside_it():
    """It travels as files, and finds them there."""
    assert (Path(recorder_process.RECORDER).parent / "recipes" / "catalogue.py").is_file()
