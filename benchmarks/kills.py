"""Programs, drivers and viewers that are ended at random moments: what is lost, what is left.

    python -m benchmarks.kills [--runs 300] [--seed 0] [--workers 2]

Each run records a program that calls its model again and again and writes down each call that has
come back. At a random moment the program or its driver is sent a signal, the disk is filled, or the
recording's folder is removed. Then it is asked: is each call that came back in the recording, does the
recording open, is a process left, and is the exit code the program's own? A viewer is ended in the same
way: is its server left?
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

#: Calls its model until its time is over, and writes down each call that came back.
PROGRAM = """
import os, sys, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, keras
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3)])
rows = np.ones((8, 4), "float32")
done = os.open("done", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
result = open("result", "w")
result.write("precious")
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    model(rows)
    os.write(done, b".")
sys.exit(3)
"""
#: What is done to whom; the disk and the folder are the recording's.
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
DEEDS = (
    *[("program", name) for name in SIGNALS],
    *[("driver", name) for name in SIGNALS],
    *[("viewer", name) for name in SIGNALS],
    ("disk", "full"),
    ("folder", "removed"),
)
#: How long processes may take to go after the deed.
PATIENCE = 40.0
_SIZE = "2m"


@dataclass
class Outcome:
    """What was seen of some runs: how many, and what was wrong."""

    runs: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    calls: int = 0


def one_run(seed: int) -> Outcome:
    """The run of a seed."""
    rng = random.Random(seed)
    whom, what = DEEDS[seed % len(DEEDS)]
    found = Outcome()
    found.runs[f"{whom} {what}"] += 1
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        if whom == "viewer":
            problems = end_viewer(folder, what, rng)
        else:
            problems = end_run(folder, whom, what, rng, found)
        found.wrong += [f"seed {seed}, {whom} {what}: {problem}" for problem in problems]
    finally:
        subprocess.run(["umount", str(folder / "traces")], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
    return found


def end_run(folder: Path, whom: str, what: str, rng: random.Random, found: Outcome) -> list[str]:
    """Records a program, does the deed; what is wrong."""
    (folder / "app.py").write_text(PROGRAM)
    traces = folder / "traces"
    traces.mkdir()
    if whom == "disk":
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(traces)], check=True)
    seconds = rng.uniform(1, 4)
    command = [sys.executable, "-m", "keras_profile", "run", "--seconds", "3", "--no-html", "app.py"]
    log = (folder / "log").open("wb")
    driver = subprocess.Popen(
        [*command, f"{seconds:.1f}"],
        cwd=folder,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=_heed_signals,
    )
    # From before the first import to after the end, when calls are made again.
    moment = time.monotonic() + rng.uniform(0.5, 14)
    while time.monotonic() < moment and driver.poll() is None:
        time.sleep(0.05)
    program = _program(driver)
    expected = _do(whom, what, driver, program, traces, rng)
    gone = _wait(driver, traces)
    problems = [] if gone else [f"processes are left: {_left(folder)}"]
    if expected is not None and driver.returncode != expected:
        problems.append(f"exit code {driver.returncode} in place of {expected}")
    if whom == "folder":
        return problems
    return problems + _recorded(folder, found)


def _heed_signals() -> None:
    """A shell that starts this in the background has signals ignored."""
    for name in SIGNALS[1:]:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def _program(driver: subprocess.Popen[bytes]) -> psutil.Process | None:
    try:
        children = psutil.Process(driver.pid).children()
    except psutil.Error:
        return None
    for child in children:
        with suppress(psutil.Error):  # it has just ended
            if "app.py" in " ".join(child.cmdline()):
                return child
    return None


def _do(
    whom: str,
    what: str,
    driver: subprocess.Popen[bytes],
    program: psutil.Process | None,
    traces: Path,
    rng: random.Random,
) -> int | None:
    """Does the deed; the exit code that the driver is to have, None where it may have any."""
    if whom == "disk":
        _fill(traces)
        return 3
    if whom == "folder":
        if any(traces.iterdir()):
            shutil.rmtree(next(traces.iterdir()), ignore_errors=True)
        return 3
    number = getattr(signal, what)
    if whom == "driver":
        if driver.poll() is None:
            driver.send_signal(number)
        return None
    if program is None:
        return 3 if driver.returncode is not None else None
    # Where a copy keeps its own end, the exit code is that of its end.
    is_kept = _own_end_is_kept(traces)
    try:
        program.send_signal(number)
    except psutil.Error:
        return 3
    return 3 if is_kept else None


def _fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _own_end_is_kept(traces: Path) -> bool:
    """Whether the program has ended, and is looked at: before and after that a signal ends itself."""
    for path in traces.glob("*/process-*/process.jsonl"):
        found = re.search(rb'"event": *"end_kept".*?"pid": *([0-9]+)', path.read_bytes())
        if found and _is_alive(int(found[1])):
            return True
    return False


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _wait(driver: subprocess.Popen[bytes], traces: Path) -> bool:
    """Waits until all processes are gone; whether they went."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if driver.poll() is not None and not _left(traces.parent):
            return True
        time.sleep(0.2)
    for pid in _left(traces.parent):
        os.kill(pid, signal.SIGKILL)
    driver.kill()
    driver.wait()
    return False


def _left(folder: Path) -> list[int]:
    """The processes that work in the folder or record into it."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def _recorded(folder: Path, found: Outcome) -> list[str]:
    """What is wrong with the recording: each call that came back is to be in it, and it is to open."""
    done = (folder / "done").stat().st_size if (folder / "done").exists() else 0
    found.calls += done
    if not done:
        return []
    problems = []
    rows = sum(path.stat().st_size // 64 for path in folder.glob("traces/*/process-*/calls.bin"))
    if (folder / "traces" / "filler").exists():
        (folder / "traces" / "filler").unlink()
    elif rows < done:
        problems.append(f"{done - rows} of {done} calls are lost")
    if rows == 0:
        return problems  # the disk was full before the first of them
    names = [path.name for path in (folder / "traces").iterdir()]
    report = subprocess.run(
        [sys.executable, "-m", "keras_profile", "report", "--no-html", "--json", *names[:1]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if report.returncode or json.loads(report.stdout)["program"]["calls"] < 1:
        problems.append(f"it does not open: {report.stderr.strip()[-300:]}")
    return problems


def end_viewer(folder: Path, what: str, rng: random.Random) -> list[str]:
    """Opens a recording in a viewer and ends that; what is wrong."""
    recording = Path(__file__).parents[1] / "traces" / "demo-keras-3.15"
    driver = subprocess.Popen(
        [sys.executable, "-m", "keras_profile", "open", "--in", "snakeviz", "--no-browser", str(recording)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_heed_signals,
    )
    time.sleep(rng.uniform(0.5, 6))
    children = [one.pid for one in psutil.Process(driver.pid).children(recursive=True)]
    driver.send_signal(getattr(signal, what))
    driver.wait()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not any(psutil.pid_exists(pid) for pid in children):
            return []
        time.sleep(0.2)
    for pid in children:
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)
    return ["its server is left"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="of the first run")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    whole = Outcome()
    with ThreadPoolExecutor(options.workers) as pool:
        for number, found in enumerate(
            pool.map(one_run, range(options.seed, options.seed + options.runs)), 1
        ):
            whole.runs += found.runs
            whole.wrong += found.wrong
            whole.calls += found.calls
            for problem in found.wrong:
                print(problem, flush=True)
            if number % 20 == 0:
                print(f"{number} runs, {len(whole.wrong)} things wrong", file=sys.stderr, flush=True)
    for kind, count in sorted(whole.runs.items()):
        print(f"{kind:20s} {count:4d} runs")
    print(f"{sum(whole.runs.values())} runs, {whole.calls} calls came back, {len(whole.wrong)} things wrong")
    return 1 if whole.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
