"""Runs the real program on real TensorFlow, in processes of its own."""
from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

#: Not to be imported in search of doctests, since it loads TensorFlow.
collect_ignore = ["workloads.py", "recipe_cases.py", "printed_code.py"]

WORKLOADS = Path(__file__).parent / "workloads.py"


@dataclass(frozen=True)
class Finished:
    """What a finished keras-profile left."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def report(self):
        return json.loads(self.out)

    @property
    def recording(self):
        return next((self.folder / "traces").iterdir())


@pytest.fixture(scope="session", autouse=True)
def _tensorflow_is_there():
    # It is not imported: it changes the variables that the processes of other tests inherit.
    if importlib.util.find_spec("tensorflow") is None:
        if os.environ.get("CI"):
            pytest.fail("the live tests need TensorFlow, and CI must run them")
        pytest.skip("TensorFlow is not installed: pip install -e '.[tensorflow,dev]'")


@pytest.fixture(scope="session")
def keras_profile(tmp_path_factory):
    """Runs ``keras-profile`` with these arguments in a new folder; equal runs are made once."""
    finished = {}

    def run(*arguments, folder=None):
        key = (arguments, folder)
        if key not in finished:
            place = folder or tmp_path_factory.mktemp("run")
            process = subprocess.run(
                [sys.executable, "-m", "keras_profile", *arguments], cwd=place, text=True,
                capture_output=True, timeout=600, check=False)
            finished[key] = Finished(process.returncode, process.stdout, process.stderr, place)
        return finished[key]

    return run


@pytest.fixture(scope="session")
def profile(keras_profile):
    """Profiles a workload for a short time and returns what it left, its report as JSON."""

    def run(workload, *options, seconds="3"):
        target = workload if os.path.exists(workload) else f"{WORKLOADS}:{workload}"
        finished = keras_profile("run", target, "--json", "--no-try", "--seconds", seconds, *options)
        assert finished.code == 0, finished.err
        return finished

    return run


@pytest.fixture(scope="session")
def exported_folder(tmp_path_factory):
    """The tiny model as ``model.export()`` writes it."""
    path = tmp_path_factory.mktemp("model") / "exported"
    code = (f"import sys; sys.path.insert(0, {str(WORKLOADS.parent)!r})\n"
            f"import workloads\nworkloads.tiny().export({str(path)!r})")
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return path
