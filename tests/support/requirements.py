"""What a test needs of the machine: where it is missing the test skips with the reason, in CI it fails."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skips the test for what this machine lacks. In CI nothing may be lacking, so there it fails."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must run this test: {what}", pytrace=False)
    pytest.skip(what)


def tensorflow() -> None:
    """TensorFlow in this interpreter. It is looked for and not imported.

    Importing it changes the environment variables that the processes of other tests inherit.
    """
    package("tensorflow", "pip install -e '.[tensorflow,dev]'")


def package(name: str, advice: str = "pip install -e '.[dev]'") -> None:
    """A package in this interpreter."""
    if importlib.util.find_spec(name) is None:
        missing(f"{name} is not installed: {advice}")


def clone() -> None:
    """A clone of the project, and git."""
    program("git")
    if not (Path(__file__).parents[2] / ".git").exists():
        missing("this is no clone of the project: what git has of it is not known")


def program(*names: str) -> str:
    """The path of the first of these programs that is installed."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    missing(f"{' or '.join(names)} is not installed")
