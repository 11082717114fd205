"""One workload over several releases: what a call of ``predict`` costs in each.

The workload is that of the demo. Its model is so small that a call is almost entirely fixed
cost. A second workload has many batches: it shows which costs occur once per call, and which
occur with each batch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ....analysis.intervals import difference_interval
from ....errors import KerasProfileError
from ....launch import recorder_process
from ....launch.prefixed import prefixed
from ....model.recording import Recording
from ....model.workload import RecordedWorkload
from ....output.words import environment_words
from ....output.words.printable import ending
from ....recorder.protocol import events
from ....recorder.protocol.frameworks import KERAS_BATCH_SIZE
from ....recorder.protocol.visible import visible
from ....recordings.folders import new_folder
from ....recordings.names import plain_name
from ....recordings.writing import encode_json
from ..runner import (
    INTERRUPTED,
    TIMED,
    Measured,
    make_request,
    measure,
    remove_if_unused,
    spans_seen,
)
from .figure import render_figure
from .history import HISTORY_SCHEMA, CallCost, Division, FurtherBatches, History, Release, Step
from .measured_in_turn import LEAST_SECONDS, MeasureInTurn, call_cost, division_of, steps_of
from .shown_phases import occurring_phases
from .summary import render_history

#: Every format in which the summary is written: file name and the function for its content.
SUMMARY_FILES = {
    "history.json": encode_json,
    "history.md": lambda content: visible(render_history(content)).encode(),
    "history.svg": lambda content: render_figure(content).encode(),
}

#: The parts of a release's time for calls of one batch and of many.
_PART_ONE, _PART_MANY = 0.7, 0.3

#: The captures on which the table is based.
_CAPTURES = ("bare", "spans", "pyinstrument")

_MODELS = Path(__file__).parents[1] / "models" / "tiny.py"
TARGET, _MANY = f"{_MODELS}:build", f"{_MODELS}:build_with_many_rows"
#: How many letters of an interpreter's path fit into the progress line.
_PATH_LETTERS = 33


#: The numbers of a version, and whether it is a release rather than a pre-release.
Version = tuple[list[int], bool]


@dataclass(frozen=True)
class Interpreter:
    """An interpreter as the user specified it, and its path."""

    given: str
    path: str


@dataclass(frozen=True)
class _Row:
    """A release, what was called there, the notes about it, and whether to stop after it."""

    release: Release
    workload: RecordedWorkload | None = None
    notes: list[str] = field(default_factory=list)
    interrupted: bool = False


def measure_history(
    interpreters: Sequence[Interpreter],
    seconds: float,
    traces: Path,
    reports: Path,
    listener: recorder_process.Listener,
    in_turn: MeasureInTurn | None = None,
) -> History:
    """Records the workload in each interpreter into ``traces``, reports into ``reports``.

    They share ``seconds``, and each gets at least :data:`LEAST_SECONDS`. One that fails
    affects only its own row. After an interrupt the rest is left out; after a second one,
    so is the row. With ``in_turn`` half of the time is for measuring each release in turn with
    the one before it. Raises :class:`KerasProfileError` if nothing was measured.
    """
    has_steps = in_turn is not None and len(interpreters) > 1
    share = max(seconds / len(interpreters) * (0.5 if has_steps else 1.0), LEAST_SECONDS)
    rows: list[_Row] = []
    failures: list[KerasProfileError] = []
    interrupted = False
    for number, interpreter in enumerate(interpreters, 1):
        if interrupted:
            rows.append(_Row(Release(interpreter.given, "interrupted before")))
            continue
        told = prefixed(listener, f"{number}/{len(interpreters)} {ending(interpreter.given, _PATH_LETTERS)}")
        try:
            row = _measure_release(interpreter, share, traces, reports, told)
        except KerasProfileError as error:
            failures.append(error)
            row = _Row(Release(interpreter.given, error.message), interrupted=error.kind == INTERRUPTED)
            if len(interpreters) > 1:
                told(events.Announce("\n".join(filter(None, (error.message, error.trace)))))
        except KeyboardInterrupt:  # a second one, or one while a report is made
            if not any(row.release.call for row in rows):
                raise
            row = _Row(Release(interpreter.given, "given up"), interrupted=True)
        rows.append(row)
        interrupted = row.interrupted
    if not any(row.release.call for row in rows):
        remove_if_unused(traces)
        raise _nothing_measured(failures)
    rows.sort(key=lambda row: release_order(row.release))
    notes = [note for row in rows for note in row.notes]
    steps: list[Step] = []
    if has_steps and not interrupted:
        assert in_turn is not None
        known = [row.release for row in rows if row.release.call is not None]
        steps, failed = steps_of([one.interpreter for one in known], seconds / 2, in_turn)
        notes += failed
    return History(
        schema=HISTORY_SCHEMA,
        recordings=traces.name,
        seconds=seconds,
        workload=next(row.workload for row in rows if row.workload is not None),
        releases=[row.release for row in rows],
        phases=occurring_phases([row.release for row in rows]),
        notes=notes,
        steps=steps,
    )


def release_order(release: Release) -> tuple[bool, list[Version]]:
    """Sort key, oldest first: by Keras, which has the code of ``predict``, then TensorFlow, then Python.

    If nothing was measured, the release is not known, and comes last.
    """
    known = release.environment.facts
    versions = (known.keras, known.tensorflow, known.python)
    return release.call is None, [version_order(version or "") for version in versions]


def version_order(version: str) -> Version:
    """Returns what versions are sorted by: their numbers; a pre-release is less than its release.

    >>> sorted(["2.10.0", "2.9.3", "2.10.0rc1", "2.2.4-tf"], key=version_order)
    ['2.2.4-tf', '2.9.3', '2.10.0rc1', '2.10.0']
    """
    found = re.match(r"([0-9]{1,9}(?:\.[0-9]{1,9})*)[-.]?(a|b|rc|dev)?", version)
    if found is None:
        return [], False
    return [int(number) for number in found[1].split(".")], found[2] is None


def _measure_release(
    interpreter: Interpreter,
    seconds: float,
    traces: Path,
    reports: Path,
    listener: recorder_process.Listener,
) -> _Row:
    one = measure(
        make_request(TARGET, "predict", seconds * _PART_ONE, _CAPTURES, new_folder(traces, "recording")),
        interpreter.path,
        reports,
        listener,
        name=_folder_name,
    )
    label = environment_words.release(one.report.environment.facts)
    notes = [f"{label}: {note}" for note in one.report.notes]
    release = Release(interpreter.given, "", one.report.environment, _call_cost(one))
    row = _Row(release, one.report.workload, notes, one.interrupted)
    if row.interrupted:
        return row
    try:
        many = measure(
            make_request(
                _MANY,
                "predict",
                seconds * _PART_MANY,
                TIMED,
                new_folder(traces, f"{one.recording.name}-batches"),
            ),
            interpreter.path,
            reports,
            prefixed(listener, "many batches"),
        )
    except KerasProfileError as error:
        notes.append(f"{label}: calls of many batches were not measured: {error.message}")
        return replace(row, interrupted=error.kind == INTERRUPTED)
    notes += [f"{label}, many batches: {note}" for note in many.report.notes]
    return replace(
        row, release=replace(release, batches=further_batches(one, many)), interrupted=many.interrupted
    )


def _call_cost(measured: Measured) -> CallCost:
    return call_cost(measured.recording.name, measured.report, _division(measured))


def _division(measured: Measured) -> Division | None:
    spans = spans_seen(measured)
    if spans is None:
        return None
    return division_of(measured.report.attribution.phases, spans.model_share, spans.traced_per_call)


def further_batches(one: Measured, many: Measured) -> FurtherBatches | None:
    """Returns what a batch adds, from calls of one batch and of ``many``; None without ``bare`` calls."""
    if not one.wall or not many.wall:
        return None
    batches = _batches(many)
    added = batches - _batches(one)
    long, short = np.array(many.wall, dtype=np.int64), np.array(one.wall, dtype=np.int64)
    low, high = difference_interval(long, short)
    return FurtherBatches(
        recording=many.recording.name,
        batches=batches,
        calls=len(long),
        median_ns=int(np.median(long)),
        batch_ns=round(float(np.median(long) - np.median(short)) / added),
        batch_ci95_ns=(round(low / added), round(high / added)),
    )


def _batches(measured: Measured) -> int:
    shape = measured.recording.content.workload.facts.inputs[0].shape
    rows = None if shape is None else shape[0]
    assert rows is not None
    return -(-rows // KERAS_BATCH_SIZE)


def _folder_name(recording: Recording) -> str:
    return plain_name(environment_words.release(recording.content.environment.facts).lower())


def _nothing_measured(failures: Sequence[KerasProfileError]) -> KerasProfileError:
    """Returns the error if all failed, from the first failure; the others were reported when they came."""
    first = failures[0]
    if len(failures) == 1:
        return first
    return KerasProfileError(
        f"none of {len(failures)} interpreters could be measured; error of the first: {first.message}",
        first.advice,
    )
