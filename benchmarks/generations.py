"""Every generation of TensorFlow and Keras: how much of a call stays without a name.

    python benchmarks/generations.py RESULTS.jsonl [--generations tf-2.0 keras-3.15]
    python benchmarks/generations.py RESULTS.jsonl --generations none --write docs/generations.md

Each workload of the table below is profiled by ``keras-profile profile --python`` in the
environments of tests/support/environments.py, which are made where they are missing.
Each result is a line of the results file; what is there already is not run again, so that
an interrupted matrix goes on where it stopped. A workload over its limit is recorded
again with more time, which counts in place of the first: few samples scatter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from keras_profile.recorder.protocol import FILES
from keras_profile.recordings.readers.pyinstrument import read_pyinstrument
from support import environments

ROOT = Path(__file__).parents[1]
WORKLOADS = ROOT / "tests" / "live" / "workloads.py"
#: A recording that takes longer than this is given up.
MOST_SECONDS = 600
#: A workload over its limit is recorded again for this many times as long.
LONGER = 5

#: Name, factory of the uncompiled model, what the names of its inputs begin with.
MODELS = (
    ("tiny", "tiny_uncompiled", ""),
    ("lstm", "small_lstm", "series_"),
    ("conv", "small_conv", "images_"),
)
INPUTS = ("arrays", "tensor", "dataset", "generator")
ENTRIES = ("predict", "predict_on_batch", "call")
#: Name and the options that set it.
MODES = {"compiled": ("--compile",), "uncompiled": (), "eager": ("--compile", "--eager")}
#: The uncompiled path of this release must be told how many batches a generator gives.
NEEDS_STEPS = {("tf-2.0", "generator", "predict", "uncompiled"): ("--steps", "3")}
#: Of the models but the tiny one: each input, each entry and each mode.
SUBSET = (
    ("arrays", "predict", "compiled"),
    ("tensor", "predict", "uncompiled"),
    ("dataset", "predict", "eager"),
    ("generator", "predict", "compiled"),
    ("arrays", "predict_on_batch", "compiled"),
    ("arrays", "call", "uncompiled"),
)

#: The most that may be unattributed with arrays, and with any other input.
MOST_WITH_ARRAYS, MOST_OTHERWISE = 0.01, 0.03
#: The most of ``entry``, ``loop`` and ``unattributed`` together, for arrays to ``predict``.
MOST_OUTSIDE = 0.05


@dataclass(frozen=True)
class Workload:
    model: str
    input: str
    entry: str
    mode: str

    def __str__(self) -> str:
        return f"{self.model} {self.input} {self.entry} {self.mode}"

    @property
    def most_unattributed(self) -> float:
        return MOST_WITH_ARRAYS if self.input == "arrays" else MOST_OTHERWISE

    @property
    def most_outside(self) -> float | None:
        """The limit of ``entry``, ``loop`` and ``unattributed`` together, if it has one."""
        return MOST_OUTSIDE if (self.input, self.entry) == ("arrays", "predict") else None

    def options(self, generation: str) -> list[str]:
        """The arguments of ``keras-profile profile`` that make it."""
        factory, prefix = next((one[1], one[2]) for one in MODELS if one[0] == self.model)
        given = [] if self.input == "arrays" else ["--input", f"{WORKLOADS}:{prefix}{self.input}"]
        steps = NEEDS_STEPS.get((generation, self.input, self.entry, self.mode), ())
        return [f"{WORKLOADS}:{factory}", *given, "--entry", self.entry, *MODES[self.mode], *steps]


@dataclass(frozen=True)
class Result:
    """What one recording gave; ``failure`` is the error in place of the figures.

    Shares are fractions of a call, ``outside`` that of ``entry``, ``loop`` and
    ``unattributed`` together.
    """

    generation: str
    workload: Workload
    seconds: float
    failure: str = ""
    python: str = ""
    tensorflow: str = ""
    keras: str = ""
    call_ms: float = 0.0
    unattributed: float = 0.0
    outside: float = 0.0
    largest_phase: str = ""
    largest_share: float = 0.0
    samples: int = 0

    @property
    def is_within(self) -> bool:
        """Whether it keeps the limits of its workload."""
        most = self.workload.most_outside
        return (
            not self.failure
            and self.unattributed <= self.workload.most_unattributed
            and (most is None or self.outside <= most)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("results", type=Path, help="file of JSON lines that keeps the results")
    names = [*environments.GENERATIONS, "none"]
    parser.add_argument(
        "--generations",
        nargs="+",
        choices=names,
        default=names[:-1],
        metavar="NAME",
        help="which generations to run (default: all; none only writes)",
    )
    parser.add_argument(
        "--only",
        default="*",
        metavar="PATTERN",
        help="run workloads whose name fits, such as 'lstm * predict *'",
    )
    parser.add_argument("--whole", action="store_true", help="the whole product for every model")
    parser.add_argument("--seconds", type=float, default=2, help="how long to measure each (default: 2)")
    parser.add_argument("--again", action="store_true", help="run again what failed or is over its limit")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the recordings there")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table of all results there")
    options = parser.parse_args()
    results = read(options.results)
    wanted = [one for one in workloads(options.whole) if fnmatch(str(one), options.only)]
    for generation in options.generations:
        for workload in wanted if generation != "none" else []:
            known = results.get((generation, workload))
            if known is None or (options.again and not known.is_within):
                result = measure(generation, workload, options.seconds, options.keep)
                results[generation, workload] = result
                append(options.results, result)
    if options.write:
        options.write.write_text(page(results), encoding="utf-8")
    over = [one for one in results.values() if not one.is_within]
    print(f"{len(results)} results, {len(over)} over their limit or failed")
    sys.exit(1 if over else 0)


def workloads(whole: bool) -> Iterator[Workload]:
    for model, _, _ in MODELS:
        for given in INPUTS:
            for entry in ENTRIES:
                for mode in MODES:
                    workload = Workload(model, given, entry, mode)
                    in_subset = (given, entry, mode) in SUBSET
                    if makes_sense(workload) and (whole or model == "tiny" or in_subset):
                        yield workload


def makes_sense(workload: Workload) -> bool:
    """Other entries than predict take one batch; ``model(x)`` heeds no run_eagerly."""
    if workload.entry != "predict" and workload.input not in ("arrays", "tensor"):
        return False
    return workload.entry != "call" or workload.mode != "eager"


# --- measuring ---


def measure(generation: str, workload: Workload, seconds: float, keep: Path | None) -> Result:
    """The workload's result; where it is over its limit that of a longer recording."""
    result = profile(generation, workload, seconds, keep)
    print(line(result), flush=True)
    if not result.failure and not result.is_within:
        result = profile(generation, workload, seconds * LONGER, keep)
        print(line(result), flush=True)
    return result


def profile(generation: str, workload: Workload, seconds: float, keep: Path | None) -> Result:
    made = environments.GENERATIONS[generation]
    python, environment = environments.make(made), {**os.environ, **made.variables}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) if keep is None else keep / generation / str(workload).replace(" ", "-")
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "keras_profile",
                "profile",
                "--no-try",
                "--no-html",
                *workload.options(generation),
                "--python",
                str(python),
                "--captures",
                "bare,spans,pyinstrument",
                "--seconds",
                str(seconds),
                "--json",
                "--output",
                str(folder),
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=MOST_SECONDS,
        )
        if done.returncode:
            lines = [one for one in done.stderr.splitlines() if one.startswith("keras-profile:")]
            return Result(generation, workload, seconds, failure=(lines or [done.stderr])[-1])
        report = json.loads(done.stdout)
        session = folder / "traces" / report["recording"] / FILES["pyinstrument"]
        samples = len(read_pyinstrument(session).stack) if session.exists() else 0
        return from_report(generation, workload, seconds, report, samples)


def from_report(
    generation: str,
    workload: Workload,
    seconds: float,
    report: dict[str, Any],
    samples: int,
) -> Result:
    failed = [f"{one['name']}: {one['reason']}" for one in report["captures"] if one["status"] != "ok"]
    shares = {one["phase"]: one["share"] for one in report["attribution"]["phases"]}
    largest = max(shares, key=lambda phase: shares[phase])
    environment = report["environment"]
    return Result(
        generation,
        workload,
        seconds,
        failure="; ".join(failed),
        python=environment["python"],
        tensorflow=environment["tensorflow"],
        keras=environment["keras"],
        call_ms=report["attribution"]["total_ns"] / 1e6,
        unattributed=shares["unattributed"],
        outside=sum(shares.get(phase, 0.0) for phase in ("entry", "loop", "unattributed")),
        largest_phase=largest,
        largest_share=shares[largest],
        samples=samples,
    )


def line(result: Result) -> str:
    begin = f"{result.generation:14}{result.workload!s:42}"
    if result.failure:
        return f"{begin}FAILED {result.failure}"
    return (
        f"{begin}{result.call_ms:9.2f} ms  unattributed {result.unattributed:6.2%}  with entry and "
        f"loop {result.outside:6.2%}  {result.largest_phase} {result.largest_share:.0%}"
        f"{'' if result.is_within else '  OVER'}"
    )


# --- the results file ---


def read(file: Path) -> dict[tuple[str, Workload], Result]:
    """The last result of each generation and workload."""
    results = {}
    for text in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        fields = json.loads(text)
        result = Result(**{**fields, "workload": Workload(**fields["workload"])})
        results[result.generation, result.workload] = result
    return results


def append(file: Path, result: Result) -> None:
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(result)) + "\n")


# --- the page ---


_HEAD = """\
# Every generation

How much of a call stays unattributed, in each generation of TensorFlow and Keras. This command makes
the page, and the environments if they are missing:

```sh
python benchmarks/generations.py results.jsonl --write docs/generations.md
```

It profiles each workload with `keras-profile profile --captures bare,spans,pyinstrument`, which takes
about an hour in all. It can be interrupted: workloads in `results.jsonl` are not run again.
`--generations` and `--only` run a part, `--again` what failed or is over its limit, `--whole` all
workloads of all models; `--generations none` runs nothing and writes this page. An empty cell was not
run.

- Limits: `unattributed` at most 1% with arrays and at most 3% with any other input; for arrays to
  `predict`, `entry`, `loop` and `unattributed` together at most 5%.
- tiny is two dense layers, lstm an LSTM of 8 units over 8 steps, conv a convolution with pooling; each
  on 32 rows, or 3 batches of 32 for datasets and generators. eager means compiled, with
  `run_eagerly` set.
- Unnamed time is found by sampling, and a short recording has between a hundred and some thousand
  samples. With a hundred, one sample is 1%: a single figure is coarse. The mean of a generation, which
  has the samples of all its workloads, is better. A workload over its limit was recorded again for
  longer, which replaces the first.
- If a call takes less than a millisecond, the lines of `predict` and of its loop are a large share. So
  are the probes: part of a probe's cost is in the function that calls the probed one. The uncompiled
  path of TensorFlow 2.0 is such a call: it builds no pipeline, and its loop calls some twenty probed
  functions.
- Milliseconds are from one machine that was not idle. They show the order of magnitude only; do not
  compare releases by them.
"""


def page(results: Mapping[tuple[str, Workload], Result]) -> str:
    """The document: a summary, then a table for each figure, with the generations as columns."""
    names = [name for name in environments.GENERATIONS if any(one == name for one, _ in results)]
    rows = [one for one in workloads(whole=True) if any(known == one for _, known in results)]
    arrays_to_predict = [one for one in rows if one.most_outside is not None]

    def table(wanted: Sequence[Workload], cell: Callable[[Result], str]) -> str:
        lines = [["model", "input", "entry", "mode", *names]]
        for workload in wanted:
            cells = [results.get((name, workload)) for name in names]
            lines.append(
                [
                    workload.model,
                    workload.input,
                    workload.entry,
                    workload.mode,
                    *("" if one is None else "failed" if one.failure else cell(one) for one in cells),
                ]
            )
        return markdown(lines)

    parts = [
        _HEAD,
        "## Summary\n",
        "Means and largest values over a generation's workloads. Figures above a limit are bold.\n",
        markdown(
            [
                [
                    "generation",
                    "Python",
                    "TensorFlow",
                    "Keras",
                    "workloads",
                    "samples",
                    "of them arrays to `predict`",
                    "unattributed, mean",
                    "largest with arrays",
                    "largest otherwise",
                    "with `entry` and `loop`, largest",
                ],
                *(
                    summary(name, [one for (known, _), one in results.items() if known == name])
                    for name in names
                ),
            ]
        ),
        "## Unattributed\n",
        "Share of a call. Figures above their limit are bold; the largest of each generation is italic.\n",
        table(
            rows,
            lambda one: marked(
                one.unattributed,
                one.workload.most_unattributed,
                max(other.unattributed for (name, _), other in results.items() if name == one.generation),
            ),
        ),
        "## `entry`, `loop` and `unattributed` together\n",
        "Share of a call, for arrays to `predict`, marked in the same way.\n",
        table(
            arrays_to_predict,
            lambda one: marked(
                one.outside,
                MOST_OUTSIDE,
                max(
                    other.outside
                    for (name, workload), other in results.items()
                    if name == one.generation and workload in arrays_to_predict
                ),
            ),
        ),
        "## Milliseconds a call\n",
        table(rows, lambda one: f"{one.call_ms:#.3g}".rstrip(".")),
        "## The largest phase\n",
        table(rows, lambda one: f"{one.largest_phase} {one.largest_share:.0%}"),
    ]
    failures = [
        f"- {name}, {workload}: {one.failure}" for (name, workload), one in results.items() if one.failure
    ]
    if failures:
        parts += ["## Failures\n", "\n".join(failures) + "\n"]
    return "\n".join(parts)


def summary(name: str, results: Sequence[Result]) -> list[str]:
    good = [one for one in results if not one.failure]
    if not good:
        return [name, *[""] * 3, str(len(results)), *[""] * 6]
    with_arrays = [one.unattributed for one in good if one.workload.input == "arrays"]
    otherwise = [one.unattributed for one in good if one.workload.input != "arrays"]
    arrays_to_predict = [one for one in good if one.workload.most_outside is not None]
    outside = [one.outside for one in arrays_to_predict]
    mean = sum(one.unattributed for one in good) / len(good)
    largest = [
        marked(max(shares), most) if shares else ""
        for shares, most in (
            (with_arrays, MOST_WITH_ARRAYS),
            (otherwise, MOST_OTHERWISE),
            (outside, MOST_OUTSIDE),
        )
    ]
    return [
        name,
        good[0].python,
        good[0].tensorflow,
        good[0].keras,
        str(len(results)),
        str(sum(one.samples for one in good)),
        str(sum(one.samples for one in arrays_to_predict)),
        f"{mean:.2%}",
        *largest,
    ]


def marked(share: float, most: float, largest: float | None = None) -> str:
    if share > most:
        return f"**{share:.2%}**"
    return f"*{share:.2%}*" if largest and share == largest else f"{share:.2%}"


def markdown(lines: Sequence[Sequence[str]]) -> str:
    """A table whose first line is its head."""
    head, *body = ["| " + " | ".join(cells) + " |" for cells in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0]), *body]) + "\n"


if __name__ == "__main__":
    main()
