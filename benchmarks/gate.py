"""How sure a comparison is: A/A pairs of processes, and what gates made of them decide.

    python -m benchmarks.gate calls [--model tiny] [--calls 400]
    python -m benchmarks.gate collect [--model tiny] [--pairs 24] [--seconds 15] [--busy] INTO.json
    python -m benchmarks.gate plant [--python PATH …] [--ms 5] [--runs 1] [--seconds 40] [--write]
    python -m benchmarks.gate resample FROM.json [FROM.json …] [--runs 300] [--write]

``calls`` makes calls in one process, and prints how much medians of 15 calls differ, and how alike calls are
that are some calls apart: why calls of both sides stand next to each other.

``collect`` starts pairs of processes that make the same calls, and measures them in turn as ``compare`` does.
It prints how much two processes of one program differ beyond what chance within them explains
(``PROCESS_SPREAD``), and how wide the interval of a comparison of 60 s is. With ``--busy`` another process
computes on one core, on and off.

``plant`` compares a tiny model with one that is slower in one phase (tests/programs/compared_slower.py), and
prints in which phases the comparison says it is: by work in Python, by native work, by a sleep, of so many
``--ms`` each, by another iterator, and by another trace.

``resample`` makes gates out of these pairs: each draws pairs and quads with replacement, makes one side
slower by 0, 3, 5 and 10%, and decides. What is measured is the machine's own noise; only the drawing is
computed. ``--write`` puts the table into docs/compare.md.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np

from keras_profile.analysis.attribution.internals import internals_for_recorder
from keras_profile.analysis.differences.ratios import ratio_of, trimmed
from keras_profile.features.comparing.comparing import Place, compare_in_turn
from keras_profile.features.comparing.in_turn import CAPTURES, Plan, SideToMeasure, measure_in_turn, started
from keras_profile.features.gate.deciding import decide
from keras_profile.launch.interpreters import find_interpreter
from keras_profile.model.comparison import ComparisonContent
from keras_profile.output.comparison.words import signed_ms
from keras_profile.output.words import environment_words
from keras_profile.recorder.protocol.commands import MakeBlock
from keras_profile.recorder.protocol.requests import CompareRequest

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "tests" / "programs" / "compared.py"
SLOWER = ROOT / "tests" / "programs" / "compared_slower.py"
PAGE = ROOT / "docs" / "compare.md"
GATE_MARKS = ("<!-- gates: begin -->", "<!-- gates: end -->")
PLANTED_MARKS = ("<!-- planted: begin -->", "<!-- planted: end -->")
#: A gate of 60 s has so many pairs of processes.
PAIRS = 3
EFFECTS = (1.0, 1.03, 1.05, 1.10)

_BUSY = """
import time
while True:
    end = time.time() + 0.7
    while time.time() < end:
        sum(range(1000))
    time.sleep(0.7)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("calls")
    command.add_argument("--model", default="tiny", help="a function of tests/programs/compared.py")
    command.add_argument("--calls", type=int, default=400)
    command.set_defaults(function=calls)
    command = commands.add_parser("collect")
    command.add_argument("into", type=Path)
    command.add_argument("--model", default="tiny", help="a function of tests/programs/compared.py")
    command.add_argument("--pairs", type=int, default=24)
    command.add_argument("--seconds", type=float, default=15, help="of each pair")
    command.add_argument("--busy", action="store_true")
    command.set_defaults(function=collect)
    command = commands.add_parser("plant")
    command.add_argument("--python", nargs="+", default=[sys.executable])
    command.add_argument("--ms", type=float, default=5)
    command.add_argument("--runs", type=int, default=1)
    command.add_argument("--seconds", type=float, default=40)
    command.add_argument("--write", action="store_true")
    command.set_defaults(function=plant)
    command = commands.add_parser("resample")
    command.add_argument("files", type=Path, nargs="+")
    command.add_argument("--runs", type=int, default=300)
    command.add_argument("--write", action="store_true")
    command.set_defaults(function=resample)
    options = parser.parse_args()
    options.function(options)


def side_of(target: str, captures: tuple[str, ...], env: dict[str, str] | None = None) -> SideToMeasure:
    """The side that calls ``target`` in this interpreter."""
    request = CompareRequest(
        folder="", target=target, captures=list(captures), internals=internals_for_recorder()
    )
    return SideToMeasure(target.rpartition(":")[2], request, sys.executable, env=env)


def calls(options: argparse.Namespace) -> None:
    side = side_of(f"{MODELS}:{options.model}", ("bare",))
    with (
        tempfile.TemporaryDirectory() as scratch,
        started(side, Path(scratch), lambda event: None) as process,
    ):
        process.ready()
        walls = np.log(process.make(MakeBlock("bare", 0, options.calls)).walls)
    blocks = np.median(walls[: len(walls) // 15 * 15].reshape(-1, 15), axis=1)
    print(f"{options.calls} calls, median {math.exp(np.median(walls)) / 1e6:.1f} ms")
    print(f"medians of 15 calls differ by {100 * np.std(blocks, ddof=1):.0f}% (standard deviation)")
    for apart in (1, 2, 4, 8, 16):
        alike = np.corrcoef(walls[apart:], walls[:-apart])[0, 1]
        print(f"calls that are {apart} apart correlate by {alike:.2f}")


def collect(options: argparse.Namespace) -> None:
    side = side_of(f"{MODELS}:{options.model}", ("bare", "spans"))
    found: list[list[float]] = []
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if options.busy:
            busy = subprocess.Popen([sys.executable, "-c", _BUSY])
            stack.callback(busy.kill)
        for number in range(options.pairs):

            def new_folder(pair: int, which: int, number: int = number) -> Path:
                folder = scratch / f"{number}-{pair}-{which}"
                folder.mkdir()
                return folder

            measured = measure_in_turn(
                (side, side), Plan(options.seconds, most_pairs=1), new_folder, lambda event: None
            )
            found += measured.in_turn.log_ratios()
            print(
                f"pair {number + 1}: {len(found[-1])} quads, {math.exp(_center(found[-1])):.4f}", flush=True
            )
    content = {"model": options.model, "seconds": options.seconds, "busy": options.busy, "pairs": found}
    options.into.write_text(json.dumps(content))
    print(spread_words(found))


def spread_words(pairs: list[list[float]]) -> str:
    """How much pairs of processes differ beyond chance, and how wide the interval of four pairs is."""
    centers = [trimmed(np.array(pair)) for pair in pairs]
    variance = statistics.fmean(center**2 for center, _ in centers)
    chance = statistics.fmean(error**2 for _, error in centers)
    beyond = math.sqrt(max(variance - chance, 0.0))
    draw = random.Random(1)
    widths = []
    for _ in range(200):
        ratio = ratio_of(draw.sample(pairs, min(PAIRS, len(pairs))))
        if ratio is not None:
            low, high = ratio.interval()
            widths.append(high - low)
    return (
        f"pairs differ by {100 * math.sqrt(variance):.2f}% (standard deviation), "
        f"{100 * math.sqrt(chance):.2f}% by chance, {100 * beyond:.2f}% beyond; middle interval of {PAIRS} "
        f"pairs: {100 * statistics.median(widths):.1f}% wide"
    )


#: What is planted, and the phase that it is in.
PLANTED = {
    "python": "iterator_creation",
    "native": "dataset_building",
    "sleep": "entry",
    "iterator": "iterator_creation",
    "trace": "function_tracing",
}


def plant(options: argparse.Namespace) -> None:
    rows = [
        "| release | planted | call, ms | in its phase, ms | named | other phases named |",
        "|---|---|---:|---:|---:|---|",
    ]
    for given in options.python:
        for name, phase in PLANTED.items():
            found = [planted(find_interpreter(given), name, options) for _ in range(options.runs)]
            named = [
                {one.phase for one in each.phases if one.verdict in ("slower", "faster")} for each in found
            ]
            others = sorted(set().union(*named) - {phase})
            mine = statistics.median(
                sum(one.difference_ns for one in each.phases if one.phase == phase) for each in found
            )
            rows.append(
                f"| {environment_words.release(found[0].after.environment.facts)} | {name} | "
                f"{signed_ms(round(statistics.median(one.total.difference_ns for one in found)))} | "
                f"{signed_ms(round(mine))} | {sum(phase in each for each in named)} of {len(named)} | "
                f"{', '.join(others) or '–'} |"
            )
            print(rows[-1], flush=True)
    if options.write:
        write(PLANTED_MARKS, rows)


def planted(python: str, name: str, options: argparse.Namespace) -> ComparisonContent:
    def side(function: str) -> SideToMeasure:
        made = side_of(f"{SLOWER}:{function}", CAPTURES, {"MS": str(options.ms)})
        return replace(made, python=python)

    with tempfile.TemporaryDirectory() as scratch:
        sides = side("plain"), side(name)
        made = compare_in_turn(sides, Plan(options.seconds), Place.new(Path(scratch)), lambda event: None, html=False)
    return made.content


def resample(options: argparse.Namespace) -> None:
    rows = []
    for path in options.files:
        content = json.loads(path.read_text())
        pairs = content["pairs"]
        for effect in EFFECTS:
            draw = random.Random(2)
            answers = []
            for _ in range(options.runs):
                drawn = [
                    [one + math.log(effect) for one in draw.choices(pair, k=len(pair))]
                    for pair in draw.choices(pairs, k=PAIRS)
                ]
                answers.append(in_sequence(drawn))
            counts = {name: answers.count(name) for name in ("passed", "regressed", "inconclusive")}
            rows.append((content["model"], content["busy"], effect, counts, options.runs))
    text = "\n".join(table(rows))
    print(text)
    if options.write:
        write(GATE_MARKS, text.split("\n"))


def write(marks: tuple[str, str], rows: list[str]) -> None:
    """Puts a table into the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(marks[0])
    lines = "\n".join(rows)
    PAGE.write_text(f"{before}{marks[0]}\n\n{lines}\n\n{marks[1]}{rest.split(marks[1])[1]}", encoding="utf-8")


def in_sequence(pairs: list[list[float]]) -> str:
    """What a gate answers that looks after each pair, and ends as soon as it knows."""
    for looks in range(1, len(pairs) + 1):
        answer = decide(pairs[:looks], len(pairs)).answer
        if answer != "inconclusive":
            return answer
    return "inconclusive"


def table(rows: list[tuple[str, bool, float, dict[str, int], int]]) -> list[str]:
    lines = [
        "| calls | machine | planted | passed | inconclusive | regressed |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for model, busy, effect, counts, runs in rows:
        shares = [f"{100 * counts[name] / runs:.1f}%" for name in ("passed", "inconclusive", "regressed")]
        lines.append(
            f"| {model} | {'busy' if busy else 'quiet'} | +{100 * (effect - 1):.0f}% | {' | '.join(shares)} |"
        )
    return lines


def _center(quads: list[float]) -> float:
    return trimmed(np.array(quads))[0]


if __name__ == "__main__":
    main()
