"""The driver gives up the recipe that hangs or kills its process, and no other."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from keras_profile.errors import KerasProfileError
from keras_profile.launch import recorder_process
from keras_profile.recorder.protocol import events
from keras_profile.recorder.protocol.requests import TryRequest

#: A recorder that says which recipe it tries, and what it is told to do then.
RECORDER = """
import json, os, signal, sys, time
request = json.load(open(sys.argv[1]))
channel = sys.stdout
print("\\n" + sys.argv[2], flush=True)
def report(event, **fields):
    channel.write(json.dumps(dict(fields, event=event)) + "\\n")
    channel.flush()
open(os.path.join(request["folder"], "recording.json"), "w").write("{}")
for key, action in (("good:0", ""), ("bad:0", BAD), ("worse:0", WORSE), ("last:0", "")):
    if key in request["given_up"]:
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
    told = []
    recorder_process.try_in_process(TryRequest(str(tmp_path), "net.py:build"), sys.executable, told.append)
    return told


def tried(told):
    return [event.key for event in told if isinstance(event, events.Trying)]


def announced(told):
    return [event.text for event in told if isinstance(event, events.Announce)]


def test_a_recipe_that_hangs_is_given_up(tmp_path, monkeypatch):
    told = run(tmp_path, monkeypatch, bad="time.sleep(600)")
    assert tried(told) == ["good:0", "bad:0", "good:0", "worse:0", "last:0"]
    assert announced(told) == ["bad:0 was stopped: it did not return within 2 s"]


def test_recipes_that_kill_the_process_are_given_up_one_by_one(tmp_path, monkeypatch):
    told = run(tmp_path, monkeypatch, bad="os.kill(os.getpid(), signal.SIGSEGV)", worse="os._exit(3)")
    assert tried(told)[-2:] == ["good:0", "last:0"]
    said = " ".join(announced(told))
    assert "bad:0 was stopped: the process died" in said
    assert "SIGSEGV" in said or str(int(signal.SIGSEGV)) in said
    assert "worse:0 was stopped: the process died (exit code 3)" in said


def test_a_death_after_the_recipes_is_nobodys_fault(tmp_path, monkeypatch):
    told = run(tmp_path, monkeypatch, after="os._exit(4)")
    assert tried(told) == ["good:0", "bad:0", "worse:0", "last:0"]
    assert any("died (exit code 4)" in text for text in announced(told))


def test_a_failure_of_the_original_does_not_cost_the_profile():
    told = []
    with recorder_process.profile_is_kept(told.append):
        raise KerasProfileError("predict failed", "look at it")
    assert told == [events.Announce("changes could not be tried: predict failed (look at it)")]
    with pytest.raises(ZeroDivisionError), recorder_process.profile_is_kept(told.append):
        print(1 / 0)


def test_the_recorder_has_its_recipes_beside_it():
    """It travels as files, and finds them there."""
    assert (Path(recorder_process.RECORDER).parent / "recipes" / "catalogue.py").is_file()
