"""Interpreters with real releases, made on first use."""
from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

_FILE = Path(__file__).parent / "environments.py"
_spec = importlib.util.spec_from_file_location("keras_profile_environments", _FILE)
environments = importlib.util.module_from_spec(_spec)
sys.modules["keras_profile_environments"] = environments
_spec.loader.exec_module(environments)


@pytest.fixture(scope="session")
def interpreter():
    """The interpreter of a generation; skips where this machine lacks the Python for it."""

    def make(name):
        try:
            return environments.make(environments.GENERATIONS[name])
        except LookupError as error:
            if os.environ.get("CI"):
                pytest.fail(f"CI must test every generation: {error}")
            pytest.skip(str(error))

    return make
