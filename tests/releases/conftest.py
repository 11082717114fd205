"""Environments that tests may change."""

from __future__ import annotations

import shutil

import pytest

from support import interpreters

#: Not to be imported in search of doctests: TensorFlow, once loaded, changes the variables that
#: the interpreters of other tests inherit.
collect_ignore = ["exercise.py"]


@pytest.fixture
def mismatch(tmp_path):
    """A copy of an environment whose packages do not suit each other; it may be changed."""

    def make(name):
        shutil.copytree(interpreters.mismatched(name), tmp_path / name, symlinks=True)
        return tmp_path / name / "bin" / "python"

    return make
