"""Whether the first findings name the cause: the real cases of ``tests/rules``, in every generation.

``python benchmarks/diagnosis.py [--generations NAME ...] [--only RULE ...]`` profiles each case
with its fault, prints a table, and writes ``docs/diagnosis.md``, in which rows of cases that
were not run stay as they were. The interpreters are those of ``tests/support/environments.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from rules import cases
from support import environments

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "diagnosis.md"

#: The promise: the share of cases in which the cause is the first or second finding.
RIGHT = 0.95

_INTRODUCTION = """\
# Diagnosis

Does a report name the cause? Each case is a small program with one known cause of slowness, really \
profiled: `tests/rules/programs.py` has the programs, `tests/rules/cases.py` the table. A case is right if \
the cause is the first or second finding, because a call may also have a more expensive cause than the \
planted one.

`python benchmarks/diagnosis.py` writes this page, on one machine with two processors and other load. Rows \
may come from different runs: a changed case is measured again alone."""


def findings(command: list[str], variables: dict[str, str]) -> list[dict[str, Any]]:
    """What a run of keras-profile found, most expensive first. Raises if the run fails."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(os.environ, **variables),
            text=True,
            capture_output=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [one for one in json.loads(done.stdout)["findings"] if one["verdict"] in ("found", "included")]


def row(case: Any, generation: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    """The table's row of a case: its place among the findings, from 1; 0 if it is not among them.

    A cause that is included in another cause's finding has the place of that one.
    """
    within = {one["rule"]: one["within"] for one in found if one["verdict"] == "included"}
    found = [one for one in found if one["verdict"] == "found"]
    rules = [one["rule"] for one in found]
    # A cause that costs no time of a call comes after all that do.
    timed = [one["rule"] for one in found if one["cost_ns_per_call"]]
    says = within.get(case.rule, case.rule)
    place = rules.index(says) + 1 if says in rules else 0
    if place and says not in timed:
        place -= len(timed)
    return {
        "case": case.fault.program,
        "generation": generation or "keras-3.15",
        "expected": case.rule,
        "place": place,
        "found": rules[:3],
    }


def page(rows: list[dict[str, Any]]) -> str:
    """The table as Markdown, with the shares of cases that are right."""
    first = sum(one["place"] == 1 for one in rows)
    near = sum(one["place"] in (1, 2) for one in rows)
    lines = [
        _INTRODUCTION,
        (
            f"Of {len(rows)} cases the cause is the first finding in {first} ({first / len(rows):.0%}), the "
            f"first or second in {near} ({near / len(rows):.0%}). Causes that cost no time of a warm call, "
            "such as a slow first call, come after those that do, and are counted among themselves."
        ),
        "| case | expected | release | place | the first three findings |\n|---|---|---|---:|---|\n"
        + "\n".join(
            f"| {one['case']} | {one['expected']} | {one['generation']} | {one['place'] or 'not found'} | "
            f"{', '.join(one['found'])} |"
            for one in rows
        ),
    ]
    return "\n\n".join(lines) + "\n"


def key(one: dict[str, Any]) -> tuple[str, str, str]:
    """What identifies a row."""
    return one["case"], one["expected"], one["generation"]


def read(text: str) -> list[dict[str, Any]]:
    """The rows of the page as it was written before."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[0] != "case":
            found.append(
                {
                    "case": cells[0],
                    "expected": cells[1],
                    "generation": cells[2],
                    "place": 0 if cells[3] == "not found" else int(cells[3]),
                    "found": cells[4].split(", ") if cells[4] else [],
                }
            )
    return found


def main() -> int:
    """Profiles the cases; 1 if fewer than promised are right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generations", nargs="+", metavar="NAME", help="only these (default: all)")
    parser.add_argument("--only", nargs="+", metavar="RULE", help="only the cases of these rules")
    options = parser.parse_args()
    rows = []
    earlier = {key(one): one for one in read(PAGE.read_text(encoding="utf-8"))}
    for case, generation in cases.RUNS:
        if options.only and case.rule not in options.only:
            continue
        if options.generations and (generation or "keras-3.15") not in options.generations:
            continue
        known = environments.GENERATIONS[generation or "keras-3.15"]
        python = str(environments.make(known))
        made = row(
            case, generation, findings(cases.command(case.fault, case.all_captures, python), known.variables)
        )
        rows.append(made)
        print(
            f"{made['place']}  {made['generation']:12} {made['expected']:22} {made['case']:24} "
            f"{', '.join(made['found'])}",
            flush=True,
        )
    known_rows = {**earlier, **{key(one): one for one in rows}}
    wanted = [(case.fault.program, case.rule, generation or "keras-3.15") for case, generation in cases.RUNS]
    PAGE.write_text(page([known_rows[one] for one in wanted if one in known_rows]), encoding="utf-8")
    right = sum(one["place"] in (1, 2) for one in rows) / max(len(rows), 1)
    print(f"first or second in {right:.0%} of {len(rows)} cases")
    return 0 if right >= RIGHT else 1


if __name__ == "__main__":
    sys.exit(main())
