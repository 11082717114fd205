"""Whether the tests notice: breaks the program in ten places, one at a time, and runs tests of the tier
that must fail.

    python benchmarks/deliberate_breaks.py [NAME ...]

Each break is made in a copy of the work tree. Prints for each the tests that failed, and exits with 1
where a break went unnoticed. Needs what the tiers need, see CONTRIBUTING.md; takes about ten minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.clones import copy_work_tree


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
    Break(
        "a phase",
        "analysis/attribution/internals.csv",
        "OwnedIterator._create_iterator,iterator_creation,",
        "OwnedIterator._create_iterator,dispatch,",
        "default",
        ("tests/golden",),
    ),
    Break(
        "a rule's threshold",
        "analysis/rules/shared/thresholds.py",
        "    0.10,\n",
        "    0.75,\n",
        "default",
        ("tests/unit/test_rules.py",),
    ),
    Break(
        "a recipe's code",
        "recipes/concrete_function.py",
        '"fast = function.get_concrete_function({})"',
        '"fast = functions.get_concrete_function({})"',
        "live",
        ("tests/live/test_recipes.py", "-k", "compiled and built"),
    ),
    Break(
        "an interval",
        "analysis/intervals.py",
        "def median_interval(values: npt.NDArray[np.int64], level: float = 0.95",
        "def median_interval(values: npt.NDArray[np.int64], level: float = 0.50",
        "default",
        ("tests/unit/test_intervals.py",),
    ),
    Break(
        "a reader",
        "recordings/readers/spans.py",
        "codes - RESUMED, keys",
        "codes, keys",
        "default",
        ("tests/unit/test_spans_reader.py",),
    ),
    Break(
        "the page's search",
        "output/html/script/search.js",
        "hits[frames.names[frame]] | hits",
        "hits[frames.names[frame]] & hits",
        "browser",
        ("tests/browser/test_html_report.py", "-k", "search"),
    ),
    Break(
        "an exit code",
        "cli/__init__.py",
        "        tell_error(error)\n        return 2\n",
        "        tell_error(error)\n        return 0\n",
        "default",
        ("tests/unit/test_cli.py",),
    ),
    Break(
        "a probe that is not removed",
        "recorder/probes/recompilation.py",
        "            function.__code__ = original\n",
        "            function.__code__ = function.__code__\n",
        "default",
        ("tests/unit/test_probes.py",),
    ),
    Break(
        "a release's row",
        "analysis/attribution/internals.csv",
        "OwnedIterator._create_iterator,iterator_creation,yes,tf-2.1 tf-2.2 ",
        "OwnedIterator._create_iterator,iterator_creation,yes,tf-2.1 ",
        "releases",
        ("tests/releases/test_internals_table.py", "-k", "tf-2.2"),
    ),
    Break(
        "what is kept of the environment",
        "recorder/facts/environment.py",
        "for name in _SETTINGS if name in os.environ}",
        "for name in os.environ}",
        "default",
        ("tests/unit/test_facts.py",),
    ),
)


def failures(broken: Break) -> list[str]:
    """The tests that fail with a break.

    Raises ``ValueError`` where the program is not as the break expects, where the tests fail without
    it, too, and where they do not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        copy_work_tree(place)
        file = place / "src" / "keras_profile" / broken.file
        text = file.read_text(encoding="utf-8")
        if broken.old not in text:
            raise ValueError(f"{broken.file} does not have {broken.old!r}: the break must be written again")
        failing = failing_tests(place, broken.tests)
        if failing:
            raise ValueError(f"without the break these fail, too: {', '.join(failing)}")
        file.write_text(text.replace(broken.old, broken.new), encoding="utf-8")
        return failing_tests(place, broken.tests)


def failing_tests(place: Path, tests: Sequence[str]) -> list[str]:
    """The tests that fail in a copy. What cannot run here fails as well."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfE", *tests],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(place / "src"), "CI": "true"},
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise ValueError(f"the tests did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)


def main() -> int:
    """Makes the breaks that are named, or all; 1 where one went unnoticed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = [broken.name for broken in BREAKS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    wanted = parser.parse_args().names or known
    if set(wanted) - set(known):
        parser.error(f"there is no break {sorted(set(wanted) - set(known))}; there are: {known}")
    unnoticed = 0
    for broken in BREAKS:
        if broken.name not in wanted:
            continue
        found = failures(broken)
        unnoticed += not found
        print(
            f"{broken.name}: {len(found)} failed in the {broken.tier} tier"
            + (f", first {found[0]}" if found else ""),
            flush=True,
        )
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
