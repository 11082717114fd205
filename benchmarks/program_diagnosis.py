"""Whether a program's report says its cause first, on programs written without the rules.

``python benchmarks/program_diagnosis.py [--only NAME ...] [--healthy] [--faulty] [--paste] [--json ROWS]``
runs each program of ``tests/diagnosis`` as a user does, and prints a row for each: what the report says
first, and whether that is right. With ``--paste`` the recommended change is pasted into the program, and
both are run in turn. ``--page ROWS ...`` writes docs/diagnosis-programs.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.pasting import pasted

FOLDER = Path(__file__).parents[1] / "tests" / "diagnosis"
PAGE = Path(__file__).parents[1] / "docs" / "diagnosis-programs.md"
#: What is printed if no model is called.
NO_CALLS = "no call of a Keras model was recorded"
#: What a finding of a healthy program may cost of it.
HEALTHY_SHARE = 0.05
#: Numbers that are printed may differ by so much of themselves.
TOLERANCE = 1e-3


def cases(folder: Path, pattern: str) -> list[dict[str, Any]]:
    """The lines of the tables with names of this pattern."""
    return [
        json.loads(line)
        for path in sorted(folder.glob(pattern))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def run(command: list[str], folder: str) -> tuple[subprocess.CompletedProcess[str], float]:
    """The command's end, and how many seconds it took."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    begin = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, capture_output=True, check=False, timeout=900
    )
    return done, time.perf_counter() - begin


def conclusions(report: dict[str, Any]) -> list[dict[str, Any]]:
    """What the report finds, in its own order: id, line, seconds."""
    found = []
    for one in report["reasons"]:
        row = {"id": one["reason"], "where": one["where"], "ns": one["total_ns"]}
        if one["group"] is not None:
            group = report["groups"][one["group"]]
            row["site"] = f"{group['site']['file']}:{group['site']['line']}"
            # What is said within another finding is as near to the top as that.
            row["with"] = [
                other["rule"]
                for other in group["findings"]
                if other["verdict"] == "included" and other["within"] == one["reason"]
            ]
        found.append(row)
    return found


def look(program: Path, *options: str) -> tuple[dict[str, Any] | None, float, str]:
    """The report of a program as it is run under keras-profile, the seconds, and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "keras_profile", "run", "--no-html", "--json", *options]
        done, seconds = run([*command, str(program)], folder)
        try:
            return json.loads(done.stdout), seconds, done.stderr
        except ValueError:
            return None, seconds, done.stderr


def judged(case: dict[str, Any], report: dict[str, Any], program: Path) -> dict[str, Any]:
    """A row of the table."""
    found = conclusions(report)
    wanted = case.get("rules", [])
    places = [{one["id"], *one.get("with", [])} for one in found]
    place = next((number for number, ids in enumerate(places, 1) if ids & set(wanted)), 0)
    line = _line_of(case, program)
    named = bool(found) and any(
        f":{line}" in str(one.get(key)) for one in found[:1] for key in ("where", "site")
    )
    return {
        "program": case["program"],
        "kind": case.get("kind", ""),
        "wanted": wanted,
        "place": place,
        "line": line,
        "line_named": named,
        "found": [f"{one['id']} {one['ns'] / max(report['program']['wall_ns'], 1):.0%}" for one in found[:4]],
        "recommended": [_recommended(group) for group in report["groups"][:1]],
        "wall_s": round(report["program"]["wall_ns"] / 1e9, 1),
        "inference": round(report["program"]["inference_share"], 3),
        "calls": report["program"]["calls"],
    }


def _recommended(group: dict[str, Any]) -> str:
    faster = [one for one in group["comparisons"] if one["verdict"] == "faster"]
    return f"{faster[0]['recipe']} {faster[0]['speedup']:.1f}x" if faster else ""


def _line_of(case: dict[str, Any], program: Path) -> int:
    text = program.read_text(encoding="utf-8").splitlines()
    wanted = case.get("line", "").strip()
    return next((number for number, line in enumerate(text, 1) if line.strip() == wanted), 0)


def same(first: str, second: str) -> bool:
    """Whether two outputs are the same but for the rounding of numbers."""
    number = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
    if number.sub("#", first) != number.sub("#", second):
        return False
    pairs = zip(map(float, number.findall(first)), map(float, number.findall(second)))
    return all(abs(one - other) <= TOLERANCE * max(abs(one), abs(other), 1e-6) for one, other in pairs)


def paste(program: Path, report: dict[str, Any], rounds: int = 3) -> dict[str, Any] | None:
    """How many times as fast the program is with the first recommended change, and if it prints the same."""
    group = report["groups"][0]
    faster = [one for one in group["comparisons"] if one["verdict"] == "faster"]
    if not faster or group["site"]["file"] != str(program):
        return None
    entry = {"call": "", "call_inference": ""}.get(group["entry"], group["entry"])
    text = pasted(program.read_text(encoding="utf-8"), group["site"]["line"], entry, faster[0]["code"])
    times: dict[str, list[float]] = {"before": [], "after": []}
    outputs: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / program.name
        changed.write_text(text, encoding="utf-8")
        for _ in range(rounds):
            for name, path in (("before", program), ("after", changed)):
                done, seconds = run([sys.executable, str(path)], folder)
                if done.returncode:
                    return {"recipe": faster[0]["recipe"], "failed": done.stderr[-400:]}
                times[name].append(seconds)
                outputs[name] = done.stdout
    return {
        "recipe": faster[0]["recipe"],
        "times_as_fast": round(statistics.median(times["before"]) / statistics.median(times["after"]), 2),
        "same_output": same(outputs["before"], outputs["after"]),
    }


def row_of(case: dict[str, Any], program: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Runs a program and judges its report; of a healthy one ``healthy`` says whether it is left alone."""
    more = ["--python", options.python] if options.python else []
    report, seconds, said = look(program, *more)
    if report is None:
        row: dict[str, Any] = {"program": case["program"], "failed": said[-600:]}
    else:
        row = judged(case, report, program)
        row["seconds"] = round(seconds, 1)
        if options.paste:
            row["pasted"] = paste(program, report)
    if "why_healthy" in case:
        accused = report is not None and any(
            one["ns"] > HEALTHY_SHARE * report["program"]["wall_ns"]
            # What takes the time outside of inference may be said.
            and one["id"] not in case.get("right", [])
            for one in conclusions(report)
        )
        # A program in which no model is called is left alone by having no report.
        row["healthy"] = not accused if report is not None else NO_CALLS in said
    return row


def totals(rows: list[dict[str, Any]]) -> str:
    """The totals of the rows, in two sentences."""
    healthy = [row for row in rows if "healthy" in row]
    faulty = [row for row in rows if "healthy" not in row]
    first = sum(row.get("place") == 1 for row in faulty)
    second = sum(row.get("place") in (1, 2) for row in faulty)
    alone = sum(row["healthy"] for row in healthy)
    return (
        f"In {first} of {len(faulty)} programs with a fault the cause is reported first, in {second} first "
        f"or second. {alone} of {len(healthy)} healthy programs are accused of nothing above "
        f"{HEALTHY_SHARE:.0%}."
    )


def page(rows: list[dict[str, Any]]) -> str:
    """The document, from rows of one run or of several."""
    lines = [
        "# Diagnosis of programs",
        "",
        (
            "Does the report of a program name its cause first? The programs in `tests/diagnosis` were "
            "written by authors who had not read the rules; their faults are ones that people reported in "
            "public. Some programs are healthy. The rules that count as right for each program were listed "
            "afterwards, by the people who wrote the rules."
        ),
        "",
        (
            "`python benchmarks/program_diagnosis.py --page ROWS` writes this page, from rows that "
            "`--json ROWS` wrote, on a machine with two processors. Rows may come from different runs: a "
            "program that was run again, alone and after a change, has the row of that run."
        ),
        "",
        totals(rows),
        "",
        "| program | fault | place | reported first, with its share of the program |",
        "|---|---|---:|---|",
    ]
    for row in rows:
        said = ", ".join(row.get("found", [])[:3]) or row.get("failed", "")[-60:].replace("\n", " ")
        if "healthy" in row:
            place = "left alone" if row["healthy"] else "accused"
        else:
            place = str(row.get("place") or "not said")
        lines.append(f"| {row['program']} | {row.get('kind', '') or 'none'} | {place} | {said} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--healthy", action="store_true", help="the healthy programs alone")
    parser.add_argument("--faulty", action="store_true", help="the others alone")
    parser.add_argument("--paste", action="store_true", help="paste the recommended change, and run that")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="with tables and programs of this form")
    parser.add_argument("--python", help="the interpreter that runs the programs")
    parser.add_argument("--json", type=Path, help="a file for the rows")
    parser.add_argument("--page", type=Path, nargs="+", help="write docs/diagnosis-programs.md from rows")
    options = parser.parse_args()
    if options.page:
        known: dict[str, dict[str, Any]] = {}
        for path in options.page:  # what was run again counts
            known.update((row["program"], row) for row in map(json.loads, path.read_text().splitlines()))
        PAGE.write_text(page(list(known.values())), encoding="utf-8")
        return 0
    rows = []
    for case in [
        *([] if options.healthy else cases(options.folder, "cases*.jsonl")),
        *([] if options.faulty else cases(options.folder, "healthy*.jsonl")),
    ]:
        if options.only and Path(case["program"]).stem not in options.only:
            continue
        rows.append(row_of(case, options.folder / "programs" / case["program"], options))
        print(json.dumps(rows[-1]), flush=True)
        if options.json:
            options.json.write_text("\n".join(json.dumps(one) for one in rows) + "\n")
    print(totals(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
