"""A sweep whose driver, worker or scheduler is killed at random moments, and which goes on each time.

    python -m benchmarks.sweep_kills [--kills 10] [--seed 0] [--seconds 0.3]

Three models are measured with four numbers of rows, three entry points and two numbers of threads on a
Dask cluster of this machine: a scheduler and two workers, of which one may measure. At a random moment one
of the processes gets SIGKILL; then what is missing is started again, with the same command. At the end it is
asked: is each cell there, with its report? Was a cell that was done ever measured again? Were two cells ever
measured at the same time, by the clocks of their recordings? Is a process, a half of a cell or a temporary
folder left?
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

MODELS = """
import keras
from keras import layers

def _dense(width):
    inputs = layers.Input((16,))
    return keras.Model(inputs, layers.Dense(1)(layers.Dense(width)(inputs)))

def small():
    return _dense(8)

def medium():
    return _dense(256)

def large():
    return _dense(2048)
"""
PLAN = """
[grid]
model = ["models.py:small", "models.py:medium", "models.py:large"]
entry = ["predict", "predict_on_batch", "function"]
rows = [1, 16, 128, 512]
threads = [1, 2]

[budget]
cell_seconds = {seconds}
"""
#: What is killed.
VICTIMS = ("driver", "worker", "scheduler")
#: How often something is killed at once, in place of after another cell; how long after that at most.
AT_ONCE, LATEST_S = 0.2, 15.0
#: How long a driver may take to notice that its scheduler is gone, and processes to end.
PATIENCE_S = 120.0


@dataclass
class Cluster:
    """A Dask scheduler and two workers of one machine, of which one has the slot."""

    folder: Path
    address: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Starts what does not run."""
        if self._has_ended("scheduler"):
            self.stop()
            self.address = f"tcp://127.0.0.1:{_free_port()}"
            self._start("scheduler", "scheduler", "--port", self.address.rpartition(":")[2])
        worker = ("worker", self.address, "--nthreads", "1", "--memory-limit", "0", "--no-dashboard")
        if self._has_ended("measures"):
            self._start("measures", *worker, "--resources", "measure=1")
        if self._has_ended("helps"):
            self._start("helps", *worker)

    def worker(self) -> psutil.Process | None:
        """The process that measures: the nanny's child."""
        try:
            children = psutil.Process(self.processes["measures"].pid).children()
        except psutil.Error:
            return None
        spawned = [one for one in children if "spawn_main" in " ".join(one.cmdline())]
        return spawned[0] if spawned else None

    def stop(self) -> None:
        """Ends everything, and waits for it."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def _has_ended(self, name: str) -> bool:
        return name not in self.processes or self.processes[name].poll() is not None

    def _start(self, name: str, *arguments: str) -> None:
        command = [sys.executable, "-m", "dask", *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def run(kills: int, seed: int, seconds: float) -> list[str]:
    """Runs the sweep to its end; returns what is wrong."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="sweep-kills-") as name:
        folder = Path(name)
        scratch = folder / "scratch"
        scratch.mkdir()
        os.environ["TMPDIR"] = str(scratch)
        (folder / "models.py").write_text(MODELS, encoding="utf-8")
        (folder / "plan.toml").write_text(PLAN.format(seconds=seconds), encoding="utf-8")
        cluster = Cluster(folder)
        problems: list[str] = []
        done: dict[str, float] = {}
        killed: Counter[str] = Counter()
        try:
            while True:
                cluster.start()
                driver = _driver(folder, cluster.address)
                code = None
                while code is None and sum(killed.values()) < kills:
                    code = _wait_for_moment(driver, folder, rng)
                    victim = rng.choice(VICTIMS)
                    if code is None and _kill(victim, driver, cluster):
                        killed[victim] += 1
                        print(f"killed the {victim} with {len(_cells(folder))} cells done", flush=True)
                        if victim != "worker":  # without a worker the sweep goes on by itself
                            code = _ended(driver, victim, problems)
                is_last = code is None
                if code is None:
                    code = driver.wait()
                problems += _done_again(done, _cells(folder))
                done = _cells(folder)
                if code == 0:
                    break
                if is_last:
                    problems.append(f"the driver ended with {code}: {_said(folder)}")
                    break
        finally:
            cluster.stop()
        problems += _incomplete(folder)
        problems += _at_the_same_time(folder)
        problems += _left(folder, scratch)
        print(f"{sum(killed.values())} kills: {dict(killed)}; {len(done)} measurements", flush=True)
        return problems


def _driver(folder: Path, address: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "keras_profile", "sweep", "plan.toml", "--on", address, "--json"]
    with (folder / "answer.json").open("wb") as out, (folder / "driver.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, stdout=out, stderr=log, start_new_session=True)


def _wait_for_moment(driver: subprocess.Popen[bytes], folder: Path, rng: random.Random) -> int | None:
    """Waits for another cell, mostly, and then for a random time; the exit code if the driver ends before."""
    known, waits = len(_cells(folder)), rng.random() >= AT_ONCE
    while waits and len(_cells(folder)) == known:
        code = _wait(driver, 1.0)
        if code is not None:
            return code
    return _wait(driver, rng.uniform(0, LATEST_S))


def _ended(driver: subprocess.Popen[bytes], victim: str, problems: list[str]) -> int:
    """The exit code of a driver that is killed, or has lost its scheduler."""
    code = _wait(driver, PATIENCE_S)
    if code is None:
        problems.append(f"the driver did not end without its {victim}")
        driver.kill()
        code = driver.wait()
    elif victim == "scheduler" and code != 2:
        problems.append(f"expected exit code 2 without a scheduler, found {code}")
    return code


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _kill(victim: str, driver: subprocess.Popen[bytes], cluster: Cluster) -> bool:
    """Kills a process; whether there was one."""
    if victim == "worker":
        worker = cluster.worker()
        if worker is None:
            return False
        worker.send_signal(signal.SIGKILL)
        return True
    process = driver if victim == "driver" else cluster.processes["scheduler"]
    if process.poll() is not None:
        return False
    process.kill()
    return True


def _said(folder: Path) -> str:
    return (folder / "driver.log").read_text(encoding="utf-8", errors="replace").strip()[-500:]


def _cells(folder: Path) -> dict[str, float]:
    """When each cell that is done was measured."""
    files = (folder / "sweeps" / "plan" / "cells").glob("[!.]*/cell.json")
    return {path.parent.name: json.loads(path.read_bytes())["began"] for path in files}


def _done_again(before: dict[str, float], after: dict[str, float]) -> list[str]:
    lost = [f"the cell {name} is lost" for name in before if name not in after]
    again = [
        f"the cell {name} was measured again"
        for name, began in before.items()
        if after.get(name, began) != began
    ]
    return lost + again


def _incomplete(folder: Path) -> list[str]:
    answer = json.loads((folder / "answer.json").read_bytes())
    problems = [
        f"{cell['name']}: {cell['state']} {cell['reason']}"
        for cell in answer["cells"]
        if cell["state"] != "measured"
    ]
    if len(answer["cells"]) != 72:
        problems.append(f"expected 72 cells, found {len(answer['cells'])}")
    if sum(cell["measurements"] for cell in answer["cells"]) != len(_cells(folder)):
        problems.append("the folder has other cells than the answer")
    return problems


def _at_the_same_time(folder: Path) -> list[str]:
    """Two recordings whose calls overlap by the machine's clock."""
    spans = []
    for path in (folder / "sweeps" / "plan" / "cells").glob("*/traces/*/recording.json"):
        calls: dict[str, Any] = json.loads(path.read_bytes())["calls"]
        ends = [begin + wall for begin, wall in zip(calls["begin_ns"], calls["wall_ns"])]
        spans.append((min(calls["begin_ns"]), max(ends), path.parts[-4]))
    spans.sort()
    return [
        f"{first[2]} and {second[2]} were measured at the same time"
        for first, second in pairwise(spans)
        if second[0] < first[1]
    ]


def _left(folder: Path, scratch: Path) -> list[str]:
    until = time.monotonic() + PATIENCE_S
    while (left := _processes(folder)) and time.monotonic() < until:
        time.sleep(0.5)
    problems = [f"a process is left: {' '.join(one)}" for one in left]
    parts = [*(folder / "sweeps" / "plan" / "cells").glob(".*"), *scratch.glob("keras_profile-*")]
    return problems + [f"a folder is left: {path.name}" for path in parts]


def _processes(folder: Path) -> list[list[str]]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(str(folder)) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.cmdline())
        except psutil.Error:
            continue
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.3, help="measured for each cell")
    options = parser.parse_args()
    problems = run(options.kills, options.seed, options.seconds)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} things wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
