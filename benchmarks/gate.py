"""How sure a comparison is: A/A pairs of processes, and what gates made of them decide.

    python -m benchmarks.gate calls [--model tiny] [--calls 400]
    python -m benchmarks.gate processes [--model tiny] [--count 8] [--seconds 60] [--variable NAME=VALUE …]
    python -m benchmarks.gate collect [--model tiny] [--pairs 24] [--seconds 15] [--busy] INTO.json
    python -m benchmarks.gate plant [--python PATH …] [--percent 3 5 10] [--pairs 4] [--keep FILE] [--write]
    python -m benchmarks.gate plant --kept FILE … [--runs 100] [--write]
    python -m benchmarks.gate resample FROM.json [FROM.json …] [--runs 300] [--write]

``calls`` makes calls in one process, and prints how much medians of 15 calls differ, and how alike calls are
that are some calls apart: why calls of both sides stand next to each other.

``processes`` starts several processes that make the same calls, one call of each in turn in an order that is
drawn, and prints by how much processes differ beyond chance. With ``--variable PYTHONHASHSEED=3`` all have
one hash seed; run by ``setarch -R``, all have the same addresses.

``collect`` starts pairs of processes that make the same calls, and measures them in turn as ``compare`` does.
It prints how much two processes of one program differ beyond what chance within them explains
(``PROCESS_SPREAD``), and how wide the interval of a comparison of 60 s is. With ``--busy`` another process
computes on one core, on and off.

``plant`` compares a tiny model with one that is slower in one phase (tests/programs/compared_slower.py): by
work in Python, by native work, by a sleep, by another iterator or by another trace, of so many ``--percent``
of a call each. It measures some pairs of processes of each, makes comparisons of four pairs out of them by
drawing pairs and quads with replacement, and prints how many name the right phase, and how many another one.
``--keep`` writes what was measured into a file, and ``--kept`` makes comparisons out of such files.

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
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from keras_profile.analysis.attribution.internals import internals_for_recorder
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.analysis.differences.compared import phase_quads, verdict_of
from keras_profile.analysis.differences.counts import Compared
from keras_profile.analysis.differences.phases import phase_differences, phase_moves
from keras_profile.analysis.differences.ratios import Floats, ratio_of, trimmed
from keras_profile.analysis.reports import make_report
from keras_profile.features.comparing.in_turn import CAPTURES, Plan, SideToMeasure, measure_in_turn, started
from keras_profile.features.comparing.pooled import pooled
from keras_profile.features.gate.deciding import decide
from keras_profile.launch.interpreters import find_interpreter
from keras_profile.model.comparison import PhaseDifference
from keras_profile.model.report import PhaseShare
from keras_profile.output.comparison.words import signed_ms
from keras_profile.output.words import environment_words
from keras_profile.recorder.protocol.commands import MakeBlock
from keras_profile.recorder.protocol.requests import CompareRequest

from .marked_text import write_between

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "tests" / "programs" / "compared.py"
SLOWER = ROOT / "tests" / "programs" / "compared_slower.py"
PAGE = ROOT / "docs" / "compare.md"
GATE_MARKS, PLANTED_MARKS = "gates", "planted"
#: A comparison or a gate of 60 s has so many pairs of processes.
PAIRS = 4
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
    command = commands.add_parser("processes")
    command.add_argument("--model", default="tiny", help="a function of tests/programs/compared.py")
    command.add_argument("--count", type=int, default=8)
    command.add_argument("--seconds", type=float, default=60)
    command.add_argument("--variable", nargs="+", default=[], metavar="NAME=VALUE")
    command.set_defaults(function=processes)
    command = commands.add_parser("collect")
    command.add_argument("into", type=Path)
    command.add_argument("--model", default="tiny", help="a function of tests/programs/compared.py")
    command.add_argument("--pairs", type=int, default=24)
    command.add_argument("--seconds", type=float, default=15, help="of each pair")
    command.add_argument("--busy", action="store_true")
    command.set_defaults(function=collect)
    command = commands.add_parser("plant")
    command.add_argument("--python", nargs="+", default=[sys.executable])
    command.add_argument("--percent", type=float, nargs="+", default=[3, 5, 10])
    command.add_argument("--only", nargs="+", default=list(PLANTED), choices=list(PLANTED))
    command.add_argument("--pairs", type=int, default=4)
    command.add_argument("--runs", type=int, default=100)
    command.add_argument("--seconds", type=float, default=15, help="of each pair")
    command.add_argument("--keep", type=Path, metavar="FILE", help="where what was measured is added")
    command.add_argument("--kept", type=Path, nargs="+", metavar="FILE", help="measure nothing")
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


def processes(options: argparse.Namespace) -> None:
    env = dict(one.split("=", 1) for one in options.variable)
    side, draw = side_of(f"{MODELS}:{options.model}", ("bare",), env), random.Random()
    turns: list[list[int]] = []
    with ExitStack() as stack:
        alive = [
            stack.enter_context(
                started(side, Path(stack.enter_context(tempfile.TemporaryDirectory())), lambda event: None)
            )
            for _ in range(options.count)
        ]
        for process in alive:
            process.ready()
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            order = draw.sample(range(len(alive)), len(alive))
            walls = {
                which: alive[which].make(MakeBlock("bare", len(turns), 1, 0)).walls[0] for which in order
            }
            turns.append([walls[which] for which in range(len(alive))])
    logs = np.log(turns)
    logs -= np.median(logs, axis=1, keepdims=True)
    known = [trimmed(column) for column in logs.T]
    chance = statistics.fmean(one.error**2 for one in known)
    beyond = math.sqrt(max(statistics.variance(one.center for one in known) - chance, 0.0))
    print(
        f"{len(turns)} calls of each of {len(alive)} processes: they differ by {100 * beyond:.2f}% beyond "
        f"chance (standard deviation), which is {100 * math.sqrt(chance):.2f}%"
    )


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
    variance = statistics.fmean(one.center**2 for one in centers)
    chance = statistics.fmean(one.error**2 for one in centers)
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
    "plain": "",
    "python": "iterator_creation",
    "native": "dataset_building",
    "sleep": "entry",
    "iterator": "iterator_creation",
    "trace": "function_tracing",
}
#: Where Keras 2 calls what it is in from another phase.
OF_KERAS_2 = {"native": "data_adapter"}
_ITERATOR = ("tensorflow.python.data.ops.iterator_ops", "OwnedIterator._create_iterator")


@dataclass(frozen=True)
class PlantedPair:
    """A pair of processes: the quads' ratios, and the phases of both sides in each quad under spans.

    ``before_ns`` is the median call of the side without what was planted.
    """

    before_ns: int
    ratios: list[float]
    quads: list[tuple[list[float], list[float]]]


@dataclass(frozen=True)
class Planted:
    """What was planted in a release, the phase that it is in, and the pairs of processes."""

    release: str
    title: str
    phase: str
    pairs: list[PlantedPair]


def plant(options: argparse.Namespace) -> None:
    rows = [
        "| release | planted | call, ms | in its phase, ms | slower | phase named | another too |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    found = []
    for planted in kept_of(options.kept) if options.kept else measured_of(options):
        row, wrong = planted_row(planted, options.runs)
        found.append(planted)
        rows.append(row)
        print(row, *wrong, flush=True)
    print(phase_spread(found))
    if options.write:
        write_between(PAGE, PLANTED_MARKS, "\n".join(rows))


def kept_of(files: Sequence[Path]) -> Iterator[Planted]:
    """What was measured before."""
    for file in files:
        for line in file.read_bytes().splitlines():
            yield msgspec.json.decode(line, type=Planted)


def measured_of(options: argparse.Namespace) -> Iterator[Planted]:
    """Measures what is asked for, and keeps each that is done."""
    for given in options.python:
        python = find_interpreter(given)
        _, known = pair_of(python, "plain", 0.0, 3.0)
        call_ms = known.report.calls.warm.median_ns / 1e6
        iterators = known.internal_counts[_ITERATOR]
        release = environment_words.release(known.report.environment.facts)
        is_old = known.report.environment.facts.keras.startswith("2.")
        for name in options.only:
            phase = OF_KERAS_2.get(name, PLANTED[name]) if is_old else PLANTED[name]
            for percent in options.percent if phase else (0,):
                # Work in Python is in each of a call's iterators.
                ms = percent / 100 * call_ms / (iterators if name == "python" else 1)
                # Where nothing is planted, chance alone is seen.
                count = options.pairs * (1 if phase else 2)
                pairs = [pair_of(python, name, ms, options.seconds)[0] for _ in range(count)]
                title = f"{name} +{percent:g}%" if phase else "nothing"
                planted = Planted(release, title, phase, pairs)
                if options.keep:
                    with options.keep.open("ab") as file:
                        file.write(msgspec.json.encode(planted) + b"\n")
                yield planted


def planted_row(planted: Planted, runs: int) -> tuple[str, list[str]]:
    """A row of the table, and the phases that were named and are not what was planted."""
    phase = planted.phase
    before_ns = statistics.median(pair.before_ns for pair in planted.pairs)
    found = resampled(planted.pairs, round(before_ns), runs)
    named = [{one.phase for one in phases if one.verdict == "slower"} for _, phases in found]
    wrong = [
        {one.phase for one in phases if one.verdict in ("slower", "faster")} - {phase} for _, phases in found
    ]
    mine = [sum(one.difference_ns for one in each if one.phase == phase) for _, each in found]
    row = (
        f"| {planted.release} | {planted.title} | "
        f"{signed_ms(round(statistics.median(total for (total, _), _ in found)))} | "
        f"{signed_ms(round(statistics.median(mine)))} | "
        f"{share(verdict == 'slower' for (_, verdict), _ in found)} | "
        f"{share(phase in one for one in named)} | {share(map(bool, wrong))} |"
    )
    return row, sorted(set().union(*wrong))


def share(answers: Iterable[bool]) -> str:
    known = list(answers)
    return f"{100 * sum(known) / len(known):.0f}%"


def pair_of(python: str, name: str, ms: float, seconds: float) -> tuple[PlantedPair, Compared]:
    """Measures the plain model in turn with one that has ``name`` planted, in one pair of processes.

    Also returns what is known of the plain model.
    """

    def side(function: str) -> SideToMeasure:
        made = side_of(f"{SLOWER}:{function}", CAPTURES, {"MS": str(ms)})
        return replace(made, python=python)

    with tempfile.TemporaryDirectory() as scratch:

        def new_folder(pair: int, which: int) -> Path:
            folder = Path(scratch) / f"{pair}-{which}"
            folder.mkdir()
            return folder

        sides = side("plain"), side(name)
        measured = measure_in_turn(sides, Plan(seconds, most_pairs=1), new_folder, lambda event: None)
        opened = [pooled(folders) for folders in measured.folders]
        both = [Compared(make_report(one), one) for one in opened]
        found = phase_quads(both[0], both[1], measured.in_turn)
        assert both[0].internal_counts
    before_ns = both[0].report.calls.warm.median_ns
    quads = [(before.tolist(), after.tolist()) for before, after in found]
    return PlantedPair(before_ns, measured.in_turn.log_ratios()[0], quads), both[0]


def resampled(
    pairs: Sequence[PlantedPair], before_ns: int, runs: int
) -> list[tuple[tuple[float, str], list[PhaseDifference]]]:
    """Comparisons made of ``PAIRS`` pairs that are drawn, with quads that are drawn, as ``compare`` does it.

    Each has the difference of the call and its verdict, and the differences of the phases.
    """
    draw = random.Random(3)
    made = []
    for _ in range(runs):
        drawn = draw.choices(pairs, k=PAIRS)
        ratio = ratio_of([draw.choices(pair.ratios, k=len(pair.ratios)) for pair in drawn])
        quads = [arrays(quad) for pair in drawn for quad in draw.choices(pair.quads, k=len(pair.quads))]
        assert ratio is not None
        after_ns = round(before_ns * ratio.value)
        sides = [np.mean([quad[side] for quad in quads], axis=0) for side in (0, 1)]
        phases = phase_differences(
            shares_of(sides[0]),
            shares_of(sides[1]),
            before_ns,
            after_ns,
            phase_moves(quads, before_ns, ratio.value, PAIRS),
            ratio.error,
            in_turn=True,
        )
        verdict = verdict_of(ratio.value, ratio.interval())
        made.append(((after_ns - before_ns, verdict), phases))
    return made


def phase_spread(found: Sequence[Planted]) -> str:
    """How much pairs of processes differ beyond chance in phases in which nothing is planted.

    Of the largest phases, as parts of their time.
    """
    centers, chances, sizes = [], [], []
    for planted in found:
        for pair in planted.pairs:
            quads = [arrays(quad) for quad in pair.quads]
            for quad in quads:
                for side in quad:
                    if planted.phase:
                        side[NUMBER[planted.phase]] = 0.0
            parts = np.array([after / after.sum() - before / before.sum() for before, after in quads])
            middles = [trimmed(column) for column in parts.T]
            centers.append([one.center for one in middles])
            chances.append([one.error for one in middles])
            sizes.append(np.mean([before / before.sum() for before, _ in quads], axis=0))
    variance = np.mean(np.square(centers), axis=0) - np.mean(np.square(chances), axis=0)
    size = np.mean(sizes, axis=0)
    largest = sorted(zip(size.tolist(), np.sqrt(np.maximum(variance, 0)).tolist(), PHASES), reverse=True)[:3]
    return "beyond chance, pairs differ by " + ", ".join(
        f"{100 * beyond / part:.1f}% of {phase}" for part, beyond, phase in largest
    )


def arrays(quad: tuple[list[float], list[float]]) -> tuple[Floats, Floats]:
    return np.array(quad[0]), np.array(quad[1])


def shares_of(ns: Floats) -> list[PhaseShare]:
    total = float(ns.sum())
    return [
        PhaseShare(phase, round(float(one)), float(one) / total, (0.0, 1.0), None, 1.0)
        for phase, one in zip(PHASES, ns)
        if one
    ]


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
        write_between(PAGE, GATE_MARKS, text)


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
    return trimmed(np.array(quads)).center


if __name__ == "__main__":
    main()
