"""Whether a tier of tests passes on a busy machine: runs it again and again beside a busy loop a core.

    python benchmarks/tier_under_load.py [--runs 20] [-- PYTEST ARGUMENTS]

Without arguments it is the tier of tests that compare measured times. Prints a line a run and exits
with 1 where one failed. Twenty runs take about half an hour on two cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMING = ["tests/live", "tests/releases", "-m", "timing", "-n", "0"]


def busy() -> None:
    """Computes until it is killed, or its parent is."""
    parent = os.getppid()
    while os.getppid() == parent:
        pass


def main() -> int:
    """Runs the tier as often as asked for; 1 where a run failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=20, metavar="N", help="how often (default: 20)")
    parser.add_argument(
        "arguments", nargs="*", metavar="ARGUMENT", help="for pytest (default: the timing tier)"
    )
    options = parser.parse_args()
    loops = [multiprocessing.Process(target=busy, daemon=True) for _ in os.sched_getaffinity(0)]
    for loop in loops:
        loop.start()
    failed = 0
    try:
        for run in range(1, options.runs + 1):
            began = time.monotonic()
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", *(options.arguments or TIMING)],
                cwd=ROOT,
                text=True,
                capture_output=True,
                check=False,
                env={**os.environ, "CI": "true"},
            )
            lines = done.stdout.strip().splitlines()
            failed += done.returncode != 0
            print(
                f"run {run}, load {os.getloadavg()[0]:.1f}, {time.monotonic() - began:.0f} s: "
                f"{lines[-1] if lines else done.stderr.strip()[-200:]}",
                flush=True,
            )
            if done.returncode:
                print(
                    "\n".join(line for line in lines if line.startswith(("FAILED", "ERROR", "E  "))),
                    flush=True,
                )
    finally:
        for loop in loops:
            loop.kill()
    print(f"{options.runs - failed} of {options.runs} runs passed beside {len(loops)} busy loops")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
