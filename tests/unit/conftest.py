"""Helpers that several test files share, as fixtures."""
from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def _load(name):
    path = Path(__file__).with_name(name + ".py")
    spec = importlib.util.spec_from_file_location("keras_profile_unit_" + name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def trees():
    """The module ``trees``: call trees made by hand."""
    return _load("trees")


@pytest.fixture(scope="session")
def contents():
    """The module ``contents``: recordings and reports made by hand."""
    return _load("contents")
