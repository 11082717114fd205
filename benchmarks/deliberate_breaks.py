"""Whether the tests notice: breaks the program in ten places, one at a time, and runs tests of the tier
that must fail.

    python benchmarks/deliberate_breaks.py [NAME ...]

Each break is made in a copy of the work tree. Prints for each the tests that failed, and exits with 1
where a break went unnoticed. Needs what the tiers need, see CONTRIBUTING.md; takes about five minutes.
"""
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Break:
    """What is written in place of what in a file of ``src/keras_profile``, and the tests that must fail."""

    name: str
    file: str
    old: str
    new: str
    tier: str
    tests: tuple[str, ...]


BREAKS = (
    Break("a phase", "phases/internals.csv", "OwnedIterator._create_iterator,iterator_creation,",
          "OwnedIterator._create_iterator,dispatch,", "default", ("tests/golden",)),
    Break("a rule's threshold", "rules/thresholds.py", "LEAST_SHARE = Threshold(0.10,",
          "LEAST_SHARE = Threshold(0.75,", "default", ("tests/unit/test_rules.py",)),
    Break("a recipe's code", "recipes/concrete_function.py", '"fast = function.get_concrete_function({})"',
          '"fast = functions.get_concrete_function({})"', "live",
          ("tests/live/test_recipes.py", "-k", "compiled")),
    Break("an interval", "intervals.py",
          "def median_interval(values: npt.NDArray[np.int64], level: float = 0.95",
          "def median_interval(values: npt.NDArray[np.int64], level: float = 0.50", "default",
          ("tests/unit/test_intervals.py",)),
    Break("a reader", "readers/spans.py", "codes - RESUMED, keys", "codes, keys", "default",
          ("tests/unit/test_spans_reader.py",)),
    Break("the page's search", "writers/html/script/main.js", "hits[frames.names[frame]] | hits",
          "hits[frames.names[frame]] & hits", "browser",
          ("tests/browser/test_html_report.py", "-k", "search")),
    Break("an exit code", "cli.py", "        _tell(error)\n        return 2\n",
          "        _tell(error)\n        return 0\n", "default", ("tests/unit/test_cli.py",)),
    Break("a probe that is not removed", "recorder/probes/recompilation.py",
          "            function.__code__ = original\n", "            function.__code__ = function.__code__\n",
          "default", ("tests/unit/test_probes.py",)),
    Break("a release's row", "phases/internals.csv",
          "OwnedIterator._create_iterator,iterator_creation,yes,tf-2.1 tf-2.2 ",
          "OwnedIterator._create_iterator,iterator_creation,yes,tf-2.1 ", "releases",
          ("tests/releases/test_internals_table.py", "-k", "tf-2.2-")),
    Break("what is kept of the environment", "recorder/environment.py",
          "for name in _SETTINGS if name in os.environ}", "for name in os.environ}", "default",
          ("tests/unit/test_facts.py",)),
)


def copy_of_the_work_tree(place: Path) -> None:
    """Copies what git tracks or would."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, text=True,
                            capture_output=True, check=True).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)


def failures(broken: Break) -> list[str]:
    """The tests that fail with a break. Raises ``ValueError`` where the program is not as it expects."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copy_of_the_work_tree(place)
        file = place / "src" / "keras_profile" / broken.file
        text = file.read_text(encoding="utf-8")
        if broken.old not in text:
            raise ValueError(f"{broken.file} does not have {broken.old!r}: the break must be written again")
        file.write_text(text.replace(broken.old, broken.new), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf", *broken.tests], cwd=place,
            env={**os.environ, "PYTHONPATH": str(place / "src")}, text=True, capture_output=True, check=False)
    found = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    if done.returncode not in (0, 1):
        raise ValueError(f"the tests did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found


def main() -> int:
    """Makes the breaks that are named, or all; 1 where one went unnoticed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(one.name for one in BREAKS))
    wanted = parser.parse_args().names or [one.name for one in BREAKS]
    unnoticed = 0
    for broken in BREAKS:
        if broken.name not in wanted:
            continue
        found = failures(broken)
        unnoticed += not found
        print(f"{broken.name}: {len(found)} failed in the {broken.tier} tier"
              + (f", first {found[0]}" if found else ""), flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
