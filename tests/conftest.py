"""Which tier a test belongs to, which tests share a process, and what many of them use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from support import environments, interpreters, programs, requirements, tiers
from support.recorders import Recorder

# How long an example takes says what else the machine does.
settings.register_profile("without deadlines", deadline=None)
settings.load_profile("without deadlines")

TESTS = Path(__file__).parent
ALONE = pytest.mark.skip(reason="compares measured times, so it runs alone: pytest tests -m timing -n 0")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    """Marks each test with the tier of its folder, and groups it with the tests that share its runs.

    A group runs in one process: that of a test's ``group`` marker, or that of its file and release.
    """
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in tiers.OF_FOLDER and not any(map(item.get_closest_marker, tiers.MARKERS[:-1])):
            item.add_marker(tiers.OF_FOLDER[folder])
        if item.get_closest_marker("timing") and "PYTEST_XDIST_WORKER" in os.environ:
            item.add_marker(ALONE)
        own = item.get_closest_marker("group")
        item.add_marker(pytest.mark.xdist_group(own.args[0] if own else group_of(item)))


def group_of(item):
    """The file of a test, and the release that it is of if any: that much shares its runs."""
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    releases = [value for value in values if isinstance(value, str) and value in environments.GENERATIONS]
    file = item.path.relative_to(TESTS.parent).with_suffix("").as_posix().removeprefix("tests/")
    return " ".join([file, *releases])


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory):
    """Makes a new empty folder."""
    return lambda: tmp_path_factory.mktemp("run")


@pytest.fixture(scope="session")
def recorder_of(new_folder):
    """The process that records in a release; without a name in the interpreter that runs the tests.

    One is there at a time: tests of a group come one after the other, and each process has the
    memory of a TensorFlow. What was recorded is kept.
    """
    made = {}

    def of(release=""):
        if release not in made:
            if release:
                python = str(interpreters.interpreter(release))
                made[release] = Recorder(new_folder, python, environments.GENERATIONS[release].variables)
            else:
                requirements.tensorflow()
                made[release] = Recorder(new_folder, sys.executable, {})
        for other, recorder in made.items():
            if other != release:
                recorder.stop()
        return made[release]

    yield of
    for recorder in made.values():
        recorder.stop()


@pytest.fixture(scope="session")
def interpreter():
    """The interpreter of a release, made if need be; skips where this machine lacks the Python for it."""
    return interpreters.interpreter


@pytest.fixture(scope="session")
def run_program(new_folder):
    """Runs a program of ``tests/programs`` under keras-profile to its end; equal runs are made once."""
    finished = {}

    def run(program, *arguments, **options):
        key = (program, arguments, tuple(sorted(options.items())))
        if key not in finished:
            finished[key] = programs.run_program(program, *arguments, folder=new_folder(), **options)
        return finished[key]

    return run
