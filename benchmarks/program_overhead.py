"""What recording costs whole programs: those of tests/programs, bare and under ``keras-profile run``.

    python -m benchmarks.program_overhead [--seconds 30] [--rounds 8] [--only replay …] [--bare] [--write]

In a round a program runs bare on one core and at the same time recorded on another: a machine that
others use is slower now and faster then, by more than what is measured here, and so it is for both.
The next round exchanges the cores. A service's load runs on its service's core. ``REPEAT`` is
chosen so that a bare run takes as long as asked for. Two times are compared, each recorded over bare
of the same round: the median over the rounds of each way to share the cores, of both the geometric
mean, since one core may be slower than the other; with a bootstrap interval over rounds:

- *own time*: what the program itself measures from its first line to its last. The program that
  raises and the one that leaves by ``os._exit`` cannot say it: there it is from their first line of
  output to their last. Of a service it is how long a load of so many requests takes; of a notebook
  what the cell measures.
- *from spawn to end*: from the start of the command to the end of the program's own code. It has
  the start of keras-profile too. What follows, making the report, is none of the program's time.

``--bare`` runs the program bare on both cores: the ratios are then what chance makes of 1.

``--write`` puts the table into docs/overhead.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

import numpy as np

from keras_profile.recorder.protocol import PROGRAM_FILES, events

from .marked_text import write_between

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / "tests" / "programs"
PAGE = ROOT / "docs" / "overhead.md"
MARKS = "table"
RESAMPLES = 2000
#: Requests of a service for each REPEAT, from so many threads.
REQUESTS = (*(("predict",) * 3 + ("reload",)) * 5,)
CLIENTS = 3
#: Calls of ``killed.py``, and of the notebook's cell, for each REPEAT.
CALLS = 20


@dataclass(frozen=True)
class Took:
    """One run: seconds by the program itself, and from spawn to the end of its code."""

    own: float
    spawned: float
    estimated: float | None = None


@dataclass(frozen=True)
class Measured:
    """All rounds of a program: pairs of a bare run and a recorded one."""

    program: str
    repeat: int
    pairs: list[tuple[Took, Took]] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="how long a bare run takes at least")
    parser.add_argument("--rounds", type=int, default=8, help="how many pairs of runs: an even number")
    parser.add_argument("--only", nargs="+", choices=list(RUNS), default=list(RUNS), metavar="PROGRAM")
    parser.add_argument("--bare", action="store_true", help="compare bare runs with bare runs")
    parser.add_argument("--write", action="store_true", help="put the table into docs/overhead.md")
    options = parser.parse_args()
    if options.bare and options.write:
        parser.error("--write is for the comparison of recorded runs; leave out --bare")
    if options.rounds < 2 or options.rounds % 2:
        parser.error("--rounds: an even number was expected, so that each side has each core as often")
    if len(_cores()) < 2:
        parser.error("two cores are needed, and a system that lets a process choose its cores (Linux)")
    measured = []
    for program in options.only:
        measured.append(measure(program, options.seconds, options.rounds, not options.bare))
        print(row(measured[-1]), file=sys.stderr, flush=True)
    text = "\n".join(table(measured))
    print(text)
    if options.write:
        write_between(PAGE, MARKS, text)


def measure(program: str, seconds: float, rounds: int, recorded: bool) -> Measured:
    """Each side has a process of its own, which keeps to its core with all that it starts."""
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as one,
        ProcessPoolExecutor(1, get_context("spawn")) as other,
    ):
        # The first run of all is of a system that has none of the files in memory.
        _, first, more = (_calibrate(one, other, program, repeat) for repeat in (1, 1, 5))
        each = max((more - first) / 4, first / 50)
        repeat = max(1, math.ceil(1 + (seconds - first) / each))
        measured = Measured(program, repeat)
        cores = _cores()
        for number in range(rounds):
            here, there = cores[number % 2], cores[1 - number % 2]
            bare = one.submit(_run_on, here, program, repeat, False)
            second = other.submit(_run_on, there, program, repeat, recorded)
            pair = (bare.result(), second.result())
            measured.pairs.append(pair)
            print(f"{program}: {pair[0].own:.1f} s, {pair[1].own / pair[0].own:.3f}", file=sys.stderr)
    return measured


def _calibrate(one: Executor, other: Executor, program: str, repeat: int) -> float:
    runs = [
        side.submit(_run_on, core, program, repeat, False)
        for side, core in zip((one, other), _cores(), strict=False)
    ]
    return min(run.result().own for run in runs)


def _cores() -> list[int]:
    """The cores that this process may use, where the system tells and lets it choose."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _run_on(core: int, program: str, repeat: int, recorded: bool) -> Took:
    os.sched_setaffinity(0, {core})
    # A shell starts what runs in the background with SIGINT ignored: no service would end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return RUNS[program](program, repeat, recorded)


# --- the runs ---


class Program:
    """A program that runs in a folder of its own, bare or recorded; its lines have their times."""

    def __init__(self, folder: Path, program: str, repeat: int, recorded: bool, *arguments: str) -> None:
        command = [sys.executable]
        if recorded:
            command += ["-m", "keras_profile", "run", "--no-try", "--no-replay", "--no-html", "--quiet"]
        self._folder = folder
        self._recorded = recorded
        self.lines: list[tuple[float, str]] = []
        self._began = time.perf_counter()
        variables = {"REPEAT": str(repeat), "PYTHONUNBUFFERED": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        with (folder / "stderr.txt").open("w") as stderr:
            self.process = subprocess.Popen(
                [*command, str(PROGRAMS / f"{program}.py"), *arguments],
                cwd=folder,
                text=True,
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append((time.perf_counter(), line))
                self._news.notify_all()

    def port(self) -> int:
        """The port that a service listens on, once it does."""
        with self._news:
            while not self.lines:
                if not self._news.wait(300):
                    raise TimeoutError("the service did not tell its port")
        return int(self.lines[0][1].split()[1])

    def fail(self, error: Exception) -> NoReturn:
        """Ends the program and raises what went wrong, with the end of what it wrote."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._reader.join()
        said = (self._folder / "stderr.txt").read_text()[-5000:]
        raise RuntimeError(f"{type(error).__name__}: {error}\n{said}")

    def interrupt(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)

    def took(self, own: float | None = None) -> Took:
        """Waits for the end; ``own`` is the program's own time where it does not print it."""
        self.process.wait()
        ended = time.perf_counter()
        self._reader.join()
        if own is None:
            printed = re.search(r"^took ([\d.]+) s$", "".join(line for _, line in self.lines), re.MULTILINE)
            own = float(printed.group(1)) if printed else self.lines[-1][0] - self.lines[0][0]
        estimated = None
        if self._recorded:
            ended = self._end_of_program() or self.lines[-1][0]
            (report,) = self._folder.glob("reports/*/report.json")
            program = json.loads(report.read_text())["program"]
            cost_ns = program["overhead"]["total_ns"]
            estimated = program["wall_ns"] / max(program["wall_ns"] - cost_ns, 1)
        return Took(own, ended - self._began, estimated)

    def _end_of_program(self) -> float | None:
        """When the program's own code ended: its processes and this one share a clock."""
        ends = [
            event.at_ns / 1e9
            for path in self._folder.glob(f"traces/*/process-*/{PROGRAM_FILES['process']}")
            for event in map(events.decode, path.read_text().splitlines())
            if isinstance(event, events.Ended)
        ]
        return max(ends, default=None)


def run_script(program: str, repeat: int, recorded: bool) -> Took:
    with tempfile.TemporaryDirectory() as folder:
        return Program(Path(folder), program, repeat, recorded).took()


def run_until_it_leaves(program: str, repeat: int, recorded: bool) -> Took:
    """A program that leaves by ``os._exit`` after so many calls: no line of it runs at the end."""
    with tempfile.TemporaryDirectory() as folder:
        return Program(Path(folder), program, 1, recorded, str(CALLS * repeat)).took()


def run_service(program: str, repeat: int, recorded: bool) -> Took:
    """How long a load takes, from several threads, after one request of each kind."""
    with tempfile.TemporaryDirectory() as folder:
        service = Program(Path(folder), program, 1, recorded)
        try:
            port = service.port()
            for path in ("predict", "reload"):
                ask(port, path)
            began = time.perf_counter()
            with ThreadPoolExecutor(CLIENTS) as pool:
                list(pool.map(lambda path: ask(port, path), REQUESTS * repeat))
            own = time.perf_counter() - began
        except OSError as error:  # an answer that says it failed is one, and no answer in time
            service.fail(error)
        service.interrupt()
        return service.took(own)


def ask(port: int, path: str) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{path}", b"[0.1, 0.2, 0.3, 0.4]", {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        answer.read()


def run_notebook(program: str, repeat: int, recorded: bool) -> Took:
    """A loop in a cell, with and without the magic line in front of it."""
    import nbclient
    import nbformat

    cells = [
        "%load_ext keras_profile",
        (
            "import time\nimport numpy as np\nfrom tensorflow import keras\n"
            "inputs = keras.layers.Input((4,))\nmodel = keras.Model(inputs, keras.layers.Dense(1)(inputs))\n"
            "row = np.ones((1, 4), 'float32')"
        ),
        (
            ("%%keras_profile --no-try\n" if recorded else "")
            + f"began = time.perf_counter()\nfor _ in range({CALLS * repeat}):\n"
            "    model.predict(row, verbose=0)\ntook = time.perf_counter() - began"
        ),
        "print(took)",
    ]
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        nbclient.NotebookClient(
            notebook, timeout=None, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
        spawned = time.perf_counter() - began
    return Took(float(notebook.cells[-1].outputs[0].text), spawned)


RUNS: dict[str, Callable[[str, int, bool], Took]] = {
    "replay": run_script,
    "decoder": run_script,
    "flask_service": run_service,
    "fastapi_service": run_service,
    "batch_job": run_script,
    "notebook": run_notebook,
    "two_models": run_script,
    "short_calls": run_script,
    "crashes": run_script,
    "killed": run_until_it_leaves,
}


# --- the table ---


def table(measured: list[Measured]) -> list[str]:
    return [
        "| program | bare, s | own time, recorded ÷ bare | from spawn to end | estimated | rounds |",
        "|---|---:|---:|---:|---:|---:|",
        *map(row, measured),
    ]


def row(measured: Measured) -> str:
    bare = np.median([one.own for one, _ in measured.pairs])
    own = [recorded.own / one.own for one, recorded in measured.pairs]
    # A cell's end is that of the report too, which is made in it.
    spawned = [recorded.spawned / one.spawned for one, recorded in measured.pairs]
    estimates = [recorded.estimated for _, recorded in measured.pairs if recorded.estimated is not None]
    name = measured.program.replace("_", "\\_")
    return (
        f"| {name} | {bare:.1f} | {interval(own)} | "
        f"{interval(spawned) if estimates else ''} | "
        f"{f'{np.median(estimates):.3f}' if estimates else ''} | {len(own)} |"
    )


def interval(ratios: list[float]) -> str:
    """What the ratios of the rounds come to, and its 95% bootstrap interval over rounds."""
    random = np.random.default_rng(1)
    # Even rounds have the cores one way, odd rounds the other.
    ways = [np.log(ratios[way::2]) for way in (0, 1)]
    resampled = np.mean(
        [np.median(random.choice(way, (RESAMPLES, len(way))), axis=1) for way in ways], axis=0
    )
    low, high = np.exp(np.quantile(resampled, [0.025, 0.975]))
    return f"{np.exp(np.mean([np.median(way) for way in ways])):.3f} ({low:.3f}–{high:.3f})"


if __name__ == "__main__":
    main()
