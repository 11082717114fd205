"""How true the attribution is: plants known delays, and finds what became of them.

    python -m benchmarks.accuracy [--seconds 240] [--results FILE] [GENERATION ...]

In each generation (by default those of the page) four recordings are made: delays inside
Keras and TensorFlow, delays in the user's own code, call-dense work against the same work
inlined, and undisturbed calls. Results are appended to FILE, a JSON line a generation,
and docs/accuracy.md is written from its last line of each. With ``--short`` it only
prints, and exits with 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.support import environments

from keras_profile.analysis.attribution.internals import internals_for_recorder, internals_table
from keras_profile.analysis.attribution.vocabulary import OWN_LINES_ONLY, UNATTRIBUTED
from keras_profile.analysis.reports import make_report
from keras_profile.launch import recorder_process
from keras_profile.model.recording import Recording
from keras_profile.recorder.protocol import CAPTURES, FILES
from keras_profile.recorder.protocol.requests import RecordRequest
from keras_profile.recordings.folders import new_folder
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import open_recording
from keras_profile.recordings.readers.cprofile import read_cprofile

from . import page, recovery

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GENERATIONS = ("tf-2.0", "tf-2.6", "tf-2.15", "keras-3.0", "keras-3.15")
#: Name, target, kinds of delay, captures, and part of the time.
RUNS = (
    ("internals", "build", recovery.TIMED_KINDS, CAPTURES, 0.5),
    ("user code", "build_with_user_code", recovery.TIMED_KINDS, ("spans", "pyinstrument"), 0.25),
    ("work", "build", recovery.WORK_KINDS, CAPTURES, 0.125),
)
#: A block of calls under each capture takes about this long, in seconds.
BLOCK_SECONDS = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "generations", nargs="*", metavar="GENERATION", help=", ".join(environments.GENERATIONS)
    )
    parser.add_argument("--seconds", type=float, default=360, help="how long to measure in each generation")
    parser.add_argument("--results", type=Path, default=Path("accuracy.jsonl"), help="where results are kept")
    parser.add_argument("--short", action="store_true", help="print, write nothing, and check the bounds")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page of the results")
    options = parser.parse_args()
    broken = []
    for name in [] if options.page else options.generations or GENERATIONS:
        generation = environments.GENERATIONS[name]
        python = str(environments.make(generation))
        with tempfile.TemporaryDirectory() as scratch, _environment(**generation.variables):
            result = measure(name, python, options.seconds, Path(scratch), is_short=options.short)
        print(page.generation_section(result), flush=True)
        broken += [f"{name}: {words}" for words in page.broken_bounds(result)]
        if not options.short:
            with options.results.open("a") as file:
                file.write(json.dumps(result) + "\n")
    for words in broken:
        print(words)
    if options.short:
        return 1 if broken else 0
    lines = [json.loads(line) for line in options.results.read_text().splitlines()]
    page.write(page.PAGE, {one["generation"]: one for one in lines})
    return 0


def measure(name: str, python: str, seconds: float, folder: Path, is_short: bool) -> dict[str, Any]:
    """All figures of one generation."""
    result: dict[str, Any] = {"generation": name, "seconds": seconds, "runs": {}}
    for run, target, kinds, captures, part in RUNS[:1] if is_short else RUNS:
        place = folder / run
        place.mkdir()
        recording = record(
            python,
            f"{HERE / 'planted.py'}:{target}",
            place,
            seconds * (1 if is_short else part),
            ("spans",) if is_short else captures,
            kinds,
        )
        planted = recovery.Planted(place)
        result["environment"] = recording.content.environment.as_recorded
        if kinds == recovery.WORK_KINDS:
            result["work"] = {
                kind: {
                    capture: recovery.inflation_of_work(recording, planted, kind, capture)
                    for capture in CAPTURES
                }
                for kind in kinds
            }
        else:
            result["runs"][run] = figures(recording, planted, place)
    if not is_short:
        place = folder / "plain"
        place.mkdir()
        plain = record(
            python, f"{ROOT / 'tests' / 'live' / 'workloads.py'}:tiny", place, seconds * 0.125, CAPTURES, ()
        )
        result["distances"] = recovery.distances(plain, read_cprofile(plain.folder / FILES["cprofile_table"]))
    return result


def record(
    python: str,
    target: str,
    folder: Path,
    seconds: float,
    captures: tuple[str, ...],
    kinds: tuple[str, ...],
) -> Recording:
    """Records a target in which delays of these kinds are planted."""
    plant = folder / "plant.json"
    plant.write_text(
        json.dumps(
            {
                "table": [(row.module, row.qualname, row.phase) for row in internals_table()],
                "recorder": str(ROOT / "src" / "keras_profile" / "recorder"),
                "out": str(folder),
                "kinds": kinds,
                "seed": 1,
            }
        )
    )
    place = new_folder(folder, "recording")
    request = RecordRequest(
        folder=str(place),
        target=target,
        seconds=seconds,
        captures=list(captures),
        rounds=max(4, int(seconds / len(captures) / BLOCK_SECONDS)),
        internals=internals_for_recorder(),
    )
    with _environment(KERAS_PROFILE_PLANT=str(plant)):
        recorder_process.record_in_process(request, python, lambda event: None)
    return read_recording(place)


def figures(recording: Recording, planted: recovery.Planted, folder: Path) -> dict[str, Any]:
    """What each instrument recovered of the delays of a recording, by phase."""
    followed = recovery.counted_as(recording, planted)
    observed = {"spans": recovery.observed_by_spans(recording, planted)}
    if (recording.folder / FILES["pyinstrument"]).exists():
        observed["pyinstrument"] = recovery.observed_by_sampling(recording, planted)
    if list(folder.glob("cprofile-*.json")):
        observed["cprofile"] = recovery.observed_by_counts(recording, planted, folder)
        observed["tensorflow"] = recovery.observed_by_trace(recording, planted)
    found: dict[str, Any] = {
        "undelayed_ns": planted.undelayed_ns,
        "calls": {name: len(one.phases) for name, one in observed.items()},
        "phases": {
            phase: {
                "places": planted.places_of(phase),
                "all": _plain(recovery.follow(followed, planted, phase)),
                "kinds": {
                    kind: _plain(recovery.follow(followed, planted, phase, kind))
                    for kind in recovery.TIMED_KINDS
                },
                "slopes": {name: _plain(recovery.recovery(one, phase)) for name, one in observed.items()},
            }
            for phase in planted.phases
        },
    }
    if "pyinstrument" in observed:
        reported = {
            phase.phase: phase.share
            for phase in make_report(open_recording(recording.folder)).attribution.phases
        }
        found["own_lines"] = {
            "planted": recovery.planted_share(observed["spans"], OWN_LINES_ONLY),
            **{phase: reported.get(phase, 0.0) for phase in (*OWN_LINES_ONLY, UNATTRIBUTED)},
        }
    return found


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _plain(figure: Any) -> dict[str, Any] | None:
    return None if figure is None else asdict(figure)


if __name__ == "__main__":
    sys.exit(main())
