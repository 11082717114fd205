"""Runs the cases' programs through keras-profile, each once a session."""
from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

#: Not to be imported in search of doctests: they load TensorFlow.
collect_ignore = ["programs.py", "healthy.py"]


def _load(path):
    name = f"keras_profile_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


generations = _load(Path(__file__).parents[1] / "generations" / "conftest.py")


@dataclass(frozen=True)
class Run:
    """What a run left: its report as JSON has it, and the recording's folder."""

    report: dict
    recording: Path

    def finding(self, rule):
        return next(one for one in self.report["findings"] if one["rule"] == rule)

    @property
    def found(self):
        return [one["rule"] for one in self.report["findings"] if one["verdict"] == "found"]


@pytest.fixture(scope="session")
def profiled(tmp_path_factory):
    """Profiles a side of a case in a generation; equal runs are made once."""
    runs = {}

    def run(command, generation):
        key = (tuple(command(None)), generation)
        if key not in runs:
            python, variables = None, {}
            if generation:
                known = generations.environments.GENERATIONS[generation]
                python = str(generations.made(generations.environments.make, known))
                variables = known.variables
            folder = tmp_path_factory.mktemp("run")
            done = subprocess.run(
                command(python), cwd=folder, env=dict(os.environ, **variables), text=True,
                capture_output=True, timeout=300, check=False)
            assert done.returncode == 0, done.stderr
            runs[key] = Run(json.loads(done.stdout), next((folder / "traces").iterdir()))
        return runs[key]

    return run


@pytest.fixture(scope="session")
def cases():
    """The module ``cases``."""
    return CASES


CASES = _load(Path(__file__).parent / "cases.py")


def pytest_generate_tests(metafunc):
    """Each test of a ``case`` runs here and in one of the generations where its cause lives.

    Each test of ``both`` causes runs here.
    """
    if "case" in metafunc.fixturenames:
        metafunc.parametrize(
            ("case", "generation"), CASES.TESTED, ids=[CASES.run_id(*run) for run in CASES.TESTED])
    if "both" in metafunc.fixturenames:
        metafunc.parametrize(
            ("rules", "both"), CASES.TWO_CAUSES, ids=["-".join(rules) for rules, _ in CASES.TWO_CAUSES])
