"""Whether known delays come back in whole programs: in their line, and in ms of their phase.

    python -m benchmarks.accuracy.programs [--busy N] [--calls 1 20] [--python PATH] [--write] [PLACE ...]

``planted_program.py`` runs under ``keras-profile run``, with a delay and without, one call and
many. *In its line* is what the partition of the program has at the line of the delay, less what the
line takes besides by the program's own clock and what recording has of that, over the delay. *In its
phase* is what the phase of a call has more with the delay than without, over the median delay of a
call. Callbacks are not called again after the program's end: of a single call with one it is the time
of the cause that names its line. A generator is not drawn from again: such a single call has no
phases. ``--busy N`` runs that many busy processes beside it.
``--write`` puts the table into docs/accuracy.md. Exits with 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from . import page

HERE = Path(__file__).parent
PROGRAM = HERE / "planted_program.py"
#: By place: the end of its line, the kinds of parts that may have it, and the phase it is in, if any.
PLACES: dict[str, tuple[str, tuple[str, ...], str | None]] = {
    "own_sleep": ("own_sleep", ("waiting", "own_code"), None),
    "own_work": ("own_work", ("own_code",), None),
    "loading": ("loading", ("loading",), None),
    "callback": ("call", ("inference",), "callbacks"),
    "generator": ("call", ("inference",), "batch_fetching"),
    "map": ("call", ("inference",), "batch_fetching"),
    "layer": ("call", ("inference",), "execution"),
}
#: The delay of a step in ms, by how many steps there are: a single one is long enough for samples.
DELAYS_MS = {1: 1500.0}
DELAY_MS = 200.0
#: What must come back, alone and with busy processes beside it.
BOUNDS, BUSY_BOUNDS = (0.95, 1.05), (0.9, 1.1)
#: How long a program with its report may take, in seconds.
PATIENCE = 600


@dataclass(frozen=True)
class Ran:
    """A run of the program: what it says of itself, and its report."""

    delays: Sequence[Sequence[int]]
    steps: Sequence[int]
    report: Mapping[str, Any]

    @property
    def delays_ns(self) -> int:
        """All delays in the program's own calls: what is made again after its end comes later."""
        return sum(length for _, length in self.delays)

    def median_ns(self, calls: int) -> float:
        """The median delay of a call, which may be made in several parts."""
        parts = max(len(self.delays) // calls, 1)
        lengths = [length for _, length in self.delays]
        return median(sum(lengths[first : first + parts]) for first in range(0, calls * parts, parts))


@dataclass(frozen=True)
class Back:
    """What came back of the delays of a place; None where there is nothing to compare."""

    place: str
    calls: int
    delay_ms: float
    line: float
    phase: float | None
    layer: float | None

    def outside(self, bounds: tuple[float, float]) -> list[str]:
        """The figures that are not within the bounds."""
        low, high = bounds
        figures = {"line": self.line, "phase": self.phase, "layer": self.layer}
        return [
            f"{self.place}, {self.calls} calls, in its {name}: {value:.3f}"
            for name, value in figures.items()
            if value is not None and not low <= value <= high
        ]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy.programs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("places", nargs="*", metavar="PLACE", help=", ".join(PLACES))
    parser.add_argument(
        "--calls", type=int, nargs="+", default=[1, 20], help="how many calls the programs make"
    )
    parser.add_argument("--busy", type=int, default=0, help="busy processes beside the program")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs the program")
    parser.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md")
    options = parser.parse_args()
    found, bounds = [], BUSY_BOUNDS if options.busy else BOUNDS
    with busy_processes(options.busy):
        for place in options.places or PLACES:
            for calls in options.calls:
                found.append(measure(place, calls, options.python))
                print(_row(found[-1]), flush=True)
    outside = [words for one in found for words in one.outside(bounds)]
    for words in outside:
        print(f"outside {bounds[0]}–{bounds[1]}: {words}")
    if options.write:
        title = page.BUSY_PROGRAMS if options.busy else page.PROGRAMS
        page.write_section(page.PAGE, title, section(found, options.busy, bounds))
    return 1 if outside else 0


def measure(place: str, calls: int, python: str) -> Back:
    """Runs the program with a delay and without, and holds them against each other."""
    delay_ms = DELAYS_MS.get(calls, DELAY_MS)
    with_delay, without = (run(place, calls, ms, python) for ms in (delay_ms, 0.0))
    _, _, phase = PLACES[place]
    per_call = with_delay.median_ns(calls)
    return Back(
        place,
        calls,
        delay_ms,
        in_line(place, with_delay),
        None if phase is None else in_phase(phase, with_delay, without, per_call),
        in_layer(with_delay, per_call) if place == "layer" else None,
    )


def run(place: str, calls: int, delay_ms: float, python: str) -> Ran:
    """Runs the program under ``keras-profile run``."""
    with tempfile.TemporaryDirectory() as scratch:
        said = Path(scratch) / "said.json"
        command = [sys.executable, "-m", "keras_profile", "run", "--no-html", "--no-try", "--quiet", "--json"]
        command += ["--python", python, "--output", scratch, str(PROGRAM)]
        command += [place, str(calls), str(delay_ms), str(said)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
        own = json.loads(said.read_text())
        return Ran(own["delays"], own["steps"], json.loads(done.stdout))


def in_line(place: str, ran: Ran) -> float:
    """What the partition has at the delay's line, less what else the line takes, over the delays."""
    marker, kinds, _ = PLACES[place]
    line, parts = line_of(marker), ran.report["whole"]["parts"]
    found = sum(
        part["total_ns"]
        for part in parts
        if part["line"] == line and part["kind"] in kinds and part["file"].endswith(PROGRAM.name)
    )
    besides = sum(ran.steps) - ran.delays_ns
    if "inference" in kinds:  # The program's clock is around the call, and so around what records it.
        besides -= sum(part["total_ns"] for part in parts if part["kind"] == "recording")
    return float(found - besides) / ran.delays_ns


def in_phase(phase: str, with_delay: Ran, without: Ran, per_call: float) -> float | None:
    """How much longer the phase of a call is with the delay, over the delay; None without phases."""
    causes = with_delay.report["causes"]
    named = [one["total_ns"] for one in causes if one["cause"] == "code_in_calls"]
    if named:
        return sum(named) / per_call
    has, had = (_phase_ns(ran.report, phase) for ran in (with_delay, without))
    return None if has is None or had is None else (has - had) / per_call


def in_layer(ran: Ran, per_call: float) -> float | None:
    """The time of the layer that waits, over the delay; None without layers."""
    attribution = _group(ran.report).get("attribution")
    layers = attribution["layers"] if attribution else []
    found = [one["self_ns"] for one in layers if one["class"] == "Waits"]
    return sum(found) / per_call if found else None


def line_of(marker: str) -> int:
    """The line of the program that ends with ``# here: MARKER``."""
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if text.endswith(f"# here: {marker}"))
    return line


def _group(report: Mapping[str, Any]) -> Mapping[str, Any]:
    line = line_of("call")
    found = [one for one in report["groups"] if one["site"]["line"] == line]
    return found[0] if found else {}


def _phase_ns(report: Mapping[str, Any], phase: str) -> float | None:
    attribution = _group(report).get("attribution")
    if not attribution or attribution["unattributed_ns"] == attribution["total_ns"]:
        return None
    return float(sum(one["self_ns"] for one in attribution["phases"] if one["phase"] == phase))


@contextmanager
def busy_processes(count: int) -> Iterator[None]:
    """So many processes that do nothing but work."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for one in started:
            one.kill()
            one.wait()


def section(found: Sequence[Back], busy: int, bounds: tuple[float, float]) -> str:
    """The figures as Markdown."""
    low, high = bounds
    beside = f", with {busy} busy processes beside it" if busy else ""
    outside = [words for one in found for words in one.outside(bounds)]
    rows = ["| delay in | calls | ms a call | in its line | in its phase | in its layer |"]
    rows += ["|---|---:|---:|---:|---:|---:|", *map(_row, found)]
    parts = [
        f"A program under `keras-profile run`{beside}. Of each delay {low} to {high} must come back.",
        "\n".join(rows),
        "\n".join(f"- Outside: {words}" for words in outside) or "All are within.",
    ]
    return "\n\n".join(parts)


def _row(one: Back) -> str:
    cells = [one.place, str(one.calls), f"{one.delay_ms:.0f}"]
    cells += ["–" if value is None else f"{value:.3f}" for value in (one.line, one.phase, one.layer)]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
