"""A process that serves a change: what it is told, what it answers, and how it fails."""

from __future__ import annotations

import io
import json
import types

import numpy as np
import pytest

from keras_profile.recorder.protocol import events
from keras_profile.recorder.protocol.requests import ServedChange, ServeRequest
from keras_profile.recorder.trials import worker
from keras_profile.recorder.trials.error_words import WorkerFailed
from keras_profile.recorder.trials.outputs import Flat


class Model:
    def __init__(self):
        self.weights = []

    def set_weights(self, weights):
        self.weights = weights

    def predict(self, x):
        return {"sum": x.sum(axis=1), "weight": np.zeros(3) + self.weights[0]}


def serve(monkeypatch, change, *tasks, model=None):
    """What is answered to each of ``tasks``."""
    model = model or Model()
    workload = types.SimpleNamespace(
        model=model, names=lambda: {"model": model}, fresh_input=lambda: np.ones((2, 3))
    )
    monkeypatch.setattr(worker.sys, "stdin", io.StringIO("".join(json.dumps(one) + "\n" for one in tasks)))
    answers = []
    worker.serve(ServeRequest("/r", "net.py:build", change=change), answers.append, lambda: workload)
    return answers


@pytest.fixture
def weights(tmp_path):
    np.savez(tmp_path / "weights.npz", np.array([7.0]))
    return str(tmp_path / "weights.npz")


def test_a_change_is_built_with_the_weights_and_called_as_told(monkeypatch, tmp_path, weights):
    np.savez(tmp_path / "input.npz", np.full((2, 3), 5.0))
    change = ServedChange("twice", "twice(x)", setup="def twice(x):\n    return model.predict(2 * x)")
    built, outputs, walls = serve(
        monkeypatch,
        change,
        {"task": "set_up", "weights": weights, "folder": str(tmp_path)},
        {"task": "outputs", "input": str(tmp_path / "input.npz"), "folder": str(tmp_path)},
        {"task": "measure", "settling": 1, "calls": 3},
    )
    assert built == events.Answer()
    with np.load(outputs.file) as loaded:
        assert loaded["places"].tolist() == ["the output['sum']", "the output['weight']"]
        assert loaded["a0"].tolist() == [30.0, 30.0]
        assert loaded["a1"].tolist() == [7.0, 7.0, 7.0]
    assert len(walls.walls) == 3


def test_what_comes_before_the_model_is_run_before_it_is_loaded(monkeypatch):
    done = []
    monkeypatch.setattr(worker.sys, "stdin", io.StringIO(""))
    monkeypatch.setattr(worker.sys, "before_it", lambda: done.append("before"), raising=False)
    change = ServedChange(before="import sys\nsys.before_it()", call="x")

    def make_workload():
        done.append("loaded")
        return types.SimpleNamespace(names=dict)

    worker.serve(ServeRequest("/r", "net.py:build", change=change), done.append, make_workload)
    assert done == ["before", "loaded"]


def test_a_task_that_fails_is_answered_and_the_next_one_done(monkeypatch, tmp_path, weights):
    change = ServedChange("wrong", "model.predict(x)", setup="1 / 0")
    failed, walls = serve(
        monkeypatch,
        change,
        {"task": "set_up", "weights": weights, "folder": str(tmp_path)},
        {"task": "measure", "calls": 1},
    )
    assert isinstance(failed, events.Error)
    assert failed.message == "ZeroDivisionError: division by zero"
    assert len(walls.walls) == 1


# --- the side that tells it ---

#: A process of its own in place of a recorder: it answers each line as ANSWER says.
PROCESS = """
import json, os, sys
request = json.load(open(sys.argv[1]))
assert request["do"] == "serve" and request["change"]["call"] == "model.predict(x)", request
channel = os.fdopen(os.dup(1), "w")
channel.write("\\n" + sys.argv[2] + "\\n")
os.dup2(2, 1)
def tell(event, **fields):
    channel.write(json.dumps(dict(fields, event=event)) + "\\n")
    channel.flush()
tell("stage", text="loading the model")
for line in sys.stdin:
    told = json.loads(line)
    exec(ANSWER)
"""


@pytest.fixture
def contender(tmp_path, monkeypatch):
    """Makes a contender whose process answers as the code says."""
    made = []

    def make(answer, patience_s=30.0):
        recorder = tmp_path / "recorder"
        (recorder / "trials").mkdir(parents=True)
        (recorder / "__main__.py").write_text(f"ANSWER = {answer!r}\n" + PROCESS)
        monkeypatch.setattr(worker, "__file__", str(recorder / "trials" / "worker.py"))
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        change = types.SimpleNamespace(
            title="t", call="model.predict(x)", setup="", prepare="", before="import os"
        )
        request = ServeRequest("/r", "net.py:build")
        made.append(worker.ProcessContender(change, lambda: request, None, str(scratch), patience_s))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_answers_are_outputs_and_times(contender, tmp_path):
    np.savez(tmp_path / "outputs.npz", places=["the output"], a0=np.arange(3))
    one = contender(
        f"tell('answer', file={str(tmp_path / 'outputs.npz')!r}, walls=[told['settling'], told['calls']])"
    )
    x = np.ones((2, 3))
    one.set_up(x)
    outputs = one.outputs(x)
    assert isinstance(outputs, Flat)
    assert [(place, array.tolist()) for place, array in outputs.pairs] == [("the output", [0, 1, 2])]
    assert one.block(lambda: x, 1, 4) == [1, 4]


@pytest.mark.parametrize(
    ("answer", "patience_s", "words"),
    [
        ("tell('error', kind='task_failed', message='no such op')", 30.0, "^no such op$"),
        ("print('last words', flush=True); os._exit(3)", 30.0, "^the process ended with code 3: last words$"),
        ("os.kill(os.getpid(), 9)", 30.0, r"^the process died \(SIGKILL\)"),
        ("import time; time.sleep(600)", 1.0, "^it did not return within 1 s$"),
    ],
)
def test_a_process_that_fails_says_why(contender, answer, patience_s, words):
    one = contender(answer, patience_s)
    with pytest.raises(WorkerFailed, match=words):
        one.set_up(np.ones(2))
