"""Interpreters for tests: made on first use; where the machine lacks the Python for one the test skips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from . import environments, requirements
from .environments import GENERATIONS, MISMATCHES, TENSORFLOW_1

_What = TypeVar("_What", environments.Generation, environments.Mismatch)


def interpreter(name: str) -> Path:
    """The interpreter of a generation."""
    return _made(environments.make, GENERATIONS[name])


def with_tensorflow_1() -> Path:
    """An interpreter with TensorFlow 1."""
    return _made(environments.make, TENSORFLOW_1)


def mismatched(name: str) -> Path:
    """The folder of a mismatched environment, which must not be changed."""
    return _made(environments.make_mismatch, MISMATCHES[name])


def bare(version: str) -> str:
    """A Python without anything installed."""
    return environments.find_python(version) or requirements.missing(f"Python {version} is not installed")


def _made(make: Callable[[_What], Path], what: _What) -> Path:
    try:
        return make(what)
    except LookupError as error:
        requirements.missing(str(error))
