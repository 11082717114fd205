"""Interpreters with real releases, made on first use."""
from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pytest

#: Not to be imported in search of doctests: TensorFlow, once loaded, changes the variables
#: that the interpreters below inherit.
collect_ignore = ["exercise.py"]

_FILE = Path(__file__).parent / "environments.py"
_spec = importlib.util.spec_from_file_location("keras_profile_environments", _FILE)
environments = importlib.util.module_from_spec(_spec)
sys.modules["keras_profile_environments"] = environments
_spec.loader.exec_module(environments)


@pytest.fixture(scope="session")
def interpreter():
    """The interpreter of a generation; skips where this machine lacks the Python for it."""

    return lambda name: made(environments.make, environments.GENERATIONS[name])


@pytest.fixture(scope="session")
def variables():
    """The environment variables that a generation's interpreter is to be run with."""
    return lambda name: environments.GENERATIONS[name].variables


@pytest.fixture(scope="session")
def tensorflow_1():
    """An interpreter with TensorFlow 1."""
    return made(environments.make, environments.TENSORFLOW_1)


@pytest.fixture
def mismatch(tmp_path):
    """A copy of an environment whose packages do not suit each other; it may be changed."""

    def make(name):
        folder = made(environments.make_mismatch, environments.MISMATCHES[name])
        shutil.copytree(folder, tmp_path / name, symlinks=True)
        return tmp_path / name / "bin" / "python"

    return make


@pytest.fixture(scope="session")
def python_3_6():
    """A Python that is too old for the recorder."""
    return made(find, "3.6")


def find(version):
    found = environments.find_python(version)
    if found is None:
        raise LookupError(f"Python {version} is not installed")
    return found


def made(make, what):
    """What ``make`` makes; skips where this machine lacks the Python for it, but in CI."""
    try:
        return make(what)
    except LookupError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must test every generation: {error}")
        pytest.skip(str(error))
