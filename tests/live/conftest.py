"""Runs the real program on real TensorFlow."""

from __future__ import annotations

import os

import pytest

from support import requirements
from support.commands import WORKLOADS, keras_profile, python

#: Not to be imported in search of doctests, since they load TensorFlow.
collect_ignore = [
    "like_windows",  # it is for the processes that have it in their path
    "workloads.py",
    "recipe_cases.py",
    "printed_code.py",
    "hostile_models.py",
    "broken_models.py",
]


@pytest.fixture(scope="session", autouse=True)
def _tensorflow_is_there():
    requirements.tensorflow()


@pytest.fixture(scope="session")
def command(new_folder):
    """Runs ``keras-profile`` with these arguments in a new folder; equal runs are made once."""
    finished = {}

    def run(*arguments, folder=None):
        key = (arguments, folder)
        if key not in finished:
            finished[key] = keras_profile(*arguments, folder=folder or new_folder())
        return finished[key]

    return run


@pytest.fixture(scope="session")
def profile(recorder_of):
    """Profiles a workload, a function of ``workloads.py`` or a model's path, for a short time."""

    def run(workload, *options, seconds="2", alone=False):
        target = workload if os.path.exists(workload) else f"{WORKLOADS}:{workload}"
        return recorder_of().profile(target, "--seconds", seconds, *options, alone=alone)

    return run


@pytest.fixture(scope="session")
def write_model(tmp_path_factory):
    """Writes what an expression of ``workloads.py`` makes, such as ``tiny().save``, to a new path."""

    def write(expression, name):
        path = tmp_path_factory.mktemp("model") / name
        python(
            "-c",
            f"import sys; sys.path.insert(0, {str(WORKLOADS.parent)!r})\n"
            f"from workloads import *\n{expression}({str(path)!r})",
        )
        return path

    return write


@pytest.fixture(scope="session")
def exported_folder(write_model):
    """The tiny model as ``model.export()`` writes it."""
    return write_model("tiny().export", "exported")
