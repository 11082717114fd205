"""Helpers that several test files share, as fixtures."""
from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import msgspec
import pytest

from keras_profile import driver


def _load(name):
    path = Path(__file__).with_name(name + ".py")
    spec = importlib.util.spec_from_file_location("keras_profile_unit_" + name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _without_tensorflow():
    """These tests need no TensorFlow: imported, forgotten and imported again it aborts the process."""
    before = "tensorflow.python" in sys.modules
    yield
    assert ("tensorflow.python" in sys.modules) is before, "the test imported TensorFlow, or forgot it"


@pytest.fixture(scope="session")
def trees():
    """The module ``trees``: call trees made by hand."""
    return _load("trees")


@pytest.fixture(scope="session")
def contents():
    """The module ``contents``: recordings and reports made by hand."""
    return _load("contents")


@pytest.fixture(scope="session")
def streams():
    """The module ``streams``: recordings of programs made by hand."""
    return _load("streams")


@pytest.fixture
def recorder(monkeypatch, contents):
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
        listener({"event": "stage", "text": "loading"})
        target = request.target.rpartition(":")[2]
        made = contents.recording(
            calls=[{"wall_ns": record.wall_ns.get(target, 1_000_000)}] * 6,
            interrupted=record.interrupted_in in (step, python)).content
        made.environment.update(record.environments.get(python, {}))
        made.workload["inputs"][0]["shape"][0] = record.rows.get(target, 32)
        Path(request.folder, "recording.json").write_bytes(msgspec.json.encode(made))

    record.done, record.fails, record.interrupted_in = [], {}, None
    record.environments, record.wall_ns, record.rows = {}, {}, {}
    monkeypatch.setattr(driver, "record_in_process", record)
    return record


@pytest.fixture(scope="session")
def by_hand():
    """The module ``evidence``: evidence made by hand."""
    return _load("evidence")


@pytest.fixture(scope="session")
def more_rules():
    """The module ``test_more_rules``, whose cases are those of further rules."""
    return _load("test_more_rules")
