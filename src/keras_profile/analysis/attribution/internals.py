"""The internals table: which Keras and TensorFlow functions do which kind of work.

``internals.csv`` holds it, a row a function:

- ``module``, ``qualname``: where it is; a module that starts with ``K`` is below the
  Keras root, which differs from release to release;
- ``phase``: one of the vocabulary; or ``transparent`` for wrappers and ``helper`` for
  functions that work for whoever calls them, both without a phase of their own;
- ``probed``: whether it gets a probe. Rows without one have no phase of their own or lie
  below a row of the same phase; they name frames in samples;
- ``defined_in``, ``seen_running_in``: the generations it was found and seen running in;
- ``note``: what is worth knowing about it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Internal:
    """A row of the table."""

    module: str
    qualname: str
    phase: str
    probed: bool
    defined_in: tuple[str, ...]
    seen_running_in: tuple[str, ...]
    note: str


@cache
def internals_table() -> tuple[Internal, ...]:
    """All rows, in the file's order."""
    text = resources.files(__package__).joinpath("internals.csv").read_text(encoding="utf-8")
    return tuple(
        Internal(
            module=row["module"],
            qualname=row["qualname"],
            phase=row["phase"],
            probed=row["probed"] == "yes",
            defined_in=tuple(row["defined_in"].split()),
            seen_running_in=tuple(row["seen_running_in"].split()),
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def phase_by_internal() -> dict[tuple[str, str], str]:
    """The phase of each (module, qualname) of the table."""
    return {(row.module, row.qualname): row.phase for row in internals_table()}


def internals_for_recorder() -> list[tuple[str, str, str, bool]]:
    """The internals table as a request carries it."""
    return [(row.module, row.qualname, row.phase, row.probed) for row in internals_table()]
