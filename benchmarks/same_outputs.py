"""Whether two commits write the same files from the same recordings.

    python benchmarks/same_outputs.py COMMIT [COMMIT] [--recordings FOLDER ...]

Each commit makes the report, the page, every export and the terminal's text of each
recording; the second commit is the working tree where none is given. Recordings are those
of ``traces/examples.txt``, and the folders that are named: recordings of programs may be among them.
Prints the files that differ, and ends with 1 if any does.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from keras_profile.output.exports import format_names

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    options = _options()
    recordings = [*_examples(), *options.recordings]
    with tempfile.TemporaryDirectory(prefix="same_outputs-") as scratch:
        made = []
        for number, commit in enumerate((options.before, options.after)):
            source = _source(commit, Path(scratch) / f"source-{number}")
            folder = Path(scratch) / f"made-{number}"
            for place, recording in enumerate(recordings):
                _write_all(source, recording, folder / f"{place:02}-{recording.name}")
            made.append(folder)
        differing = list(_differing(*made))
        count = sum(1 for path in made[0].rglob("*") if path.is_file())
        for name in differing:
            print(f"differs: {name}")
        print(f"{count - len(differing)} of {count} files are the same, of {len(recordings)} recordings")
        if options.keep:
            shutil.copytree(scratch, options.keep)
    return bool(differing)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("before", metavar="COMMIT")
    parser.add_argument("after", metavar="COMMIT", nargs="?")
    parser.add_argument("--recordings", type=Path, nargs="*", default=[], metavar="FOLDER")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="copy everything that was made there")
    return parser.parse_args()


def _examples() -> list[Path]:
    traces = ROOT / "traces"
    lines = (traces / "examples.txt").read_text(encoding="utf-8").splitlines()
    return [traces / line for line in lines if line and not line.startswith("#")]


def _source(commit: str | None, folder: Path) -> Path:
    """The source folder of a commit, or that of the working tree."""
    if commit is None:
        return ROOT / "src"
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", commit, "src"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout
    subprocess.run(["tar", "-x"], cwd=folder, check=True, input=archive)
    return folder / "src"


def _write_all(source: Path, recording: Path, folder: Path) -> None:
    """Everything that the program at ``source`` writes of a recording, into ``folder``."""
    # Earlier versions write into a program's recording when they report it.
    work = folder / "work"
    shutil.copytree(recording, work / "traces" / recording.name)
    _run(source, work, folder / "report.txt", "report", recording.name)
    _run(source, work, folder / "stdout.json", "report", recording.name, "--json", "--no-html")
    for number, member in enumerate(_members(work, recording.name)):
        for name in format_names():
            _run(
                source,
                work,
                folder / f"export-{number}-{name}.txt",
                "export",
                member,
                "--format",
                name,
                "--output",
                str(folder / f"export-{number}.{name}"),
            )
    for page in work.rglob("reports/**/*"):
        if page.is_file() and page.suffix != ".pb":
            _copy(page, folder / page.relative_to(work))
    shutil.rmtree(work)


def _members(work: Path, name: str) -> list[str]:
    """The recordings of one workload that a recording is or has: of a program its groups."""
    report = work / "reports" / name / "report.json"
    groups = json.loads(report.read_bytes()).get("groups") if report.is_file() else None
    if groups is None:
        return [name]
    return [f"{name}/{group['recording']}" for group in groups if group["attribution"]]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _run(source: Path, folder: Path, output: Path, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "110"}
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", *arguments],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    text = done.stdout.replace(str(output.parent), "FOLDER")
    output.write_text(f"{text}\nexit code {done.returncode}\n", encoding="utf-8")


def _differing(before: Path, after: Path) -> list[str]:
    names = {
        str(path.relative_to(folder))
        for folder in (before, after)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return sorted(
        name
        for name in names
        if not (before / name).is_file()
        or not (after / name).is_file()
        or not filecmp.cmp(before / name, after / name, shallow=False)
    )


if __name__ == "__main__":
    sys.exit(main())
