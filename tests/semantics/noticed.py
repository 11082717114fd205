"""What a program can notice of the recorder: all of it, and nothing else may differ.

``docs/noticed.md`` says the same to users; ``test_noticed.py`` holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Noticed:
    """One thing that differs, why it must, and which programs show it where."""

    title: str
    why: str
    #: Names of programs, and of each what differs, as ``running.differences`` names it.
    shown_by: Mapping[str, tuple[str, ...]]
    #: The Python on which it shows, where it is one alone.
    only_on: str = ""


NOTICED = (
    Noticed(
        "The environment",
        "PYTHONPATH and KERAS_PROFILE turn the recorder on, in children too.",
        {"environment/variables_added": ("line added",)},
    ),
)


def expected(program: str, version: str) -> set[str]:
    """What must differ when a program is recorded on this version of Python."""
    return {what for one in NOTICED if one.only_on in ("", version) for what in one.shown_by.get(program, ())}
