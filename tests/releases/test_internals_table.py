"""Every row of the internals table against every release that is tested.

A row resolves where the table says that it is defined and nowhere else, and ran where
the table says that it was seen running. ``python tests/releases/fill_internals.py``
writes both columns again.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from keras_profile.analysis.attribution.internals import internals_table
from support.environments import GENERATIONS

ROOT = Path(__file__).parents[2]


def exercise(python, variables, folder):
    """For each row of the table what :mod:`exercise` found in that interpreter."""
    out = folder / "found.json"
    done = subprocess.run(
        [
            str(python),
            str(Path(__file__).parent / "exercise.py"),
            str(ROOT / "src" / "keras_profile" / "recorder"),
            str(out),
        ],
        input=json.dumps([(row.module, row.qualname) for row in internals_table()]),
        text=True,
        capture_output=True,
        check=False,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(out.read_text())


@pytest.fixture(scope="module", params=GENERATIONS)
def found(request, interpreter, tmp_path_factory):
    """A generation, and the table's rows with what was found of each."""
    generation = request.param
    results = exercise(
        interpreter(generation), GENERATIONS[generation].variables, tmp_path_factory.mktemp(generation)
    )
    return generation, list(zip(internals_table(), results, strict=True))


def names(rows):
    return [(row.module, row.qualname) for row in rows]


def test_rows_resolve_where_they_are_marked_and_nowhere_else(found):
    generation, rows = found
    # Rows of the standard library are of no generation, and it loads as it is needed.
    rows = [(row, result) for row, result in rows if row.defined_in != ("python",)]
    marked = set(names(row for row, _ in rows if generation in row.defined_in))
    assert set(names(row for row, result in rows if result["id"] is not None)) == marked
    assert len(marked) > 150


def test_no_code_has_two_rows(found):
    _, rows = found
    by_code = defaultdict(list)
    for row, result in rows:
        if result["id"] is not None:
            by_code[result["id"]].append((row.module, row.qualname, row.phase))
    assert [same for same in by_code.values() if len(same) > 1] == []


def test_rows_marked_as_running_ran(found):
    generation, rows = found
    marked = [(row, result) for row, result in rows if generation in row.seen_running_in]
    assert names(row for row, result in marked if not result["ran"]) == []
    assert len(marked) > 100
