"""Fills ``defined_in`` and ``seen_running_in`` of the internals table by running the releases.

``python tests/releases/fill_internals.py`` makes the environments that are missing,
runs :mod:`exercise` in each, and writes the table again. Names of generations that are
not tested, such as those of another backend, stay as they are.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from test_internals_table import ROOT, exercise  # noqa: E402 - found through the line above

from support.environments import GENERATIONS, make  # noqa: E402

TABLE = ROOT / "src" / "keras_profile" / "analysis" / "attribution" / "internals.csv"


def main() -> None:
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    order = [
        *GENERATIONS,
        *sorted({name for row in rows for name in row["defined_in"].split() if name not in GENERATIONS}),
    ]
    for generation in GENERATIONS:
        print(generation, flush=True)
        made = GENERATIONS[generation]
        with tempfile.TemporaryDirectory() as scratch:
            results = exercise(make(made), made.variables, Path(scratch))
        for row, result in zip(rows, results, strict=True):
            if row["defined_in"] != "python":
                _mark(row, "defined_in", generation, result["id"] is not None, order)
                _mark(row, "seen_running_in", generation, result["ran"], order)
    nowhere = [row["qualname"] for row in rows if not row["defined_in"]]
    if nowhere:
        print("defined in no release, to be removed:", *nowhere, sep="\n  ")
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _mark(row: dict[str, str], column: str, generation: str, is_so: bool, order: list[str]) -> None:
    names = set(row[column].split()) - {generation} | ({generation} if is_so else set())
    row[column] = " ".join(sorted(names, key=order.index))


if __name__ == "__main__":
    main()
