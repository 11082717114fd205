"""What unit tests have in common: none of them loads TensorFlow, and recorders are played."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from keras_profile.launch import recorder_process
from keras_profile.recorder.protocol import events
from keras_profile.recordings.writing import encode_json
from support import contents


@pytest.fixture(autouse=True)
def _without_tensorflow():
    """These tests need no TensorFlow: imported, forgotten and imported again it aborts the process."""
    before = "tensorflow.python" in sys.modules
    yield
    assert ("tensorflow.python" in sys.modules) is before, "the test imported TensorFlow, or forgot it"


@pytest.fixture
def recorder(monkeypatch):
    """A driver that records by hand, without any process.

    ``done`` has what was asked for: (name of the folder, interpreter, request). The
    others are by name of the folder or by interpreter: ``fails`` has errors to raise,
    ``interrupted_in`` is where the user interrupts, ``environments`` has what differs in
    an interpreter, ``wall_ns`` and ``rows`` what differs in a target.
    """

    def record(request, python, listener):
        step = request.folder.rpartition("/")[2]
        record.done.append((step, python, request))
        for key in (step, python):
            if key in record.fails:
                raise record.fails[key]
        listener(events.Stage("loading"))
        target = request.target.rpartition(":")[2]
        made = contents.recording(
            calls=[{"wall_ns": record.wall_ns.get(target, 1_000_000)}] * 6,
            interrupted=record.interrupted_in in (step, python),
        ).content
        shape = [record.rows.get(target, 32), 4]
        made = replace(
            made,
            environment=contents.changed(made.environment, **record.environments.get(python, {})),
            workload=contents.changed(
                made.workload, inputs=[{"shape": shape, "dtype": "float32", "kind": "array"}]
            ),
        )
        Path(request.folder, "recording.json").write_bytes(encode_json(made))

    record.done, record.fails, record.interrupted_in = [], {}, None
    record.environments, record.wall_ns, record.rows = {}, {}, {}
    monkeypatch.setattr(recorder_process, "record_in_process", record)
    return record
