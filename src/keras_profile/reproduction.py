"""The experiment of the compile() question: its workloads, recorded one after the other.

Each workload is recorded in a process of its own and becomes a recording and a report as
any other; the facts of all together go to :mod:`.claims`.
"""
from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from . import driver, pipeline, store
from .claims import judge_claims
from .errors import KerasProfileError
from .intervals import ratio_interval
from .model.recording import Recording
from .model.report import ReportContent
from .model.reproduction import REPRODUCTION_SCHEMA, Reproduction, Spans, Timing, WorkloadFacts
from .phases.occurrences import names, occurrences
from .readers.spans import read_spans
from .recorder.protocol import FILES, Request
from .writers.reproduction import render_reproduction

#: Every format that the summary is written in: file name and what makes its content.
FILES_OF_SUMMARY = {
    "reproduce.json": store.encode_reproduction,
    "reproduce.md": lambda content: render_reproduction(content).encode(),
}

_MODELS = Path(__file__).parent / "demo" / "compile_question.py"
#: What traces a function into a graph, in every release.
_TRACES = "func_graph_from_py_func"

_ATTRIBUTED = ["bare", "spans", "cprofile", "pyinstrument"]
_TIMED = ["bare", "spans"]


@dataclass(frozen=True)
class Step:
    """One workload of the experiment.

    ``build`` is a function of ``demo/compile_question.py``; ``part`` of the time is
    spent on it; its calls are held against those of the step ``baseline``.
    """

    name: str
    title: str
    build: str
    entry: str
    part: float
    captures: list[str]
    baseline: str


#: In the order they are shown. A call of the medium model can take seconds: it gets
#: only the captures that the claims need, at least two warm calls of each. With the
#: default time and calls of three seconds it gets as many as claims.LEAST_CALLS.
STEPS = (
    Step("tiny_uncompiled", "tiny, before compile()", "tiny_uncompiled", "predict", 0.08,
         _ATTRIBUTED, "tiny_compiled"),
    Step("tiny_compiled", "tiny, after compile()", "tiny_compiled", "predict", 0.10,
         _ATTRIBUTED, "tiny_compiled"),
    Step("tiny_train_function", "tiny, train function built", "tiny_train_function", "predict",
         0.06, _ATTRIBUTED, "tiny_compiled"),
    Step("medium_uncompiled", "medium, before compile()", "medium_uncompiled", "predict", 0.28,
         _TIMED, "medium_compiled"),
    Step("medium_compiled", "medium, after compile()", "medium_compiled", "predict", 0.28,
         _TIMED, "medium_compiled"),
    Step("tiny_weights_loaded", "tiny, weights loaded", "tiny_weights_loaded", "predict",
         0.04, _TIMED, "tiny_compiled"),
    Step("tiny_loaded_uncompiled", "tiny, loaded uncompiled", "tiny_loaded_uncompiled", "predict",
         0.04, _TIMED, "tiny_compiled"),
    Step("tiny_call", "tiny, model(x)", "tiny_compiled", "call", 0.04, _TIMED, "tiny_compiled"),
    Step("tiny_call_inference", "tiny, model(x, training=False)", "tiny_compiled", "call_inference", 0.04,
         _TIMED, "tiny_compiled"),
    Step("tiny_predict_on_batch", "tiny, predict_on_batch", "tiny_compiled", "predict_on_batch", 0.04,
         _TIMED, "tiny_compiled"),
)


def reproduce(
    python: str, seconds: float, traces: Path, reports: Path, listener: driver.Listener,
    extra_path: str | None = None,
) -> Reproduction:
    """Records all steps into ``traces``, reports each into ``reports``; the summary of all.

    ``extra_path`` is a folder with a pyinstrument for an interpreter that has none.
    A step that fails costs itself alone, unless it is the first: what fails there
    fails everywhere. After an interrupt what was measured until then is reported.
    """
    walls: dict[str, list[int]] = {}
    facts: dict[str, WorkloadFacts] = {}
    environment: dict[str, Any] = {}
    notes: list[str] = []
    interrupted = False
    for number, step in enumerate(STEPS, 1):
        if interrupted:
            facts[step.name] = WorkloadFacts(step.name, step.title, "", "interrupted before")
            continue
        folder = store.new_folder(traces, step.name)
        prefix = f"{number}/{len(STEPS)} {step.title}"
        try:
            driver.record_in_process(
                _request(step, seconds, folder, extra_path), python, _prefixed(listener, prefix))
            report = pipeline.make_report(folder)
        except KerasProfileError as error:
            store.remove_if_empty(folder)
            if not walls:
                with suppress(OSError):  # other things may lie there
                    traces.rmdir()
                raise
            listener({"event": "announce", "text": f"{prefix}: {error.message}"})
            facts[step.name] = WorkloadFacts(step.name, step.title, "", error.message)
            continue
        pipeline.write_report(report, store.new_folder(reports, step.name))
        recording = store.read_recording(folder)
        interrupted = recording.content.interrupted
        environment = environment or report.environment
        walls[step.name] = recording.content.calls.wall("bare")
        facts[step.name] = workload_facts(step, recording, report)
        notes += [f"{step.title}: {note}" for note in report.notes]
    timed = [with_speedup(facts[step.name], walls.get(step.name), walls.get(step.baseline))
             for step in STEPS]
    return Reproduction(
        schema=REPRODUCTION_SCHEMA, recordings=traces.name, environment=environment, seconds=seconds,
        workloads=timed, claims=judge_claims({one.workload: one for one in timed}), notes=notes)


def write_summary(content: Reproduction, folder: Path) -> list[Path]:
    """Writes the summary's files into ``folder``, which must exist; their paths."""
    return store.write_files(
        folder, [(name, encode(content)) for name, encode in FILES_OF_SUMMARY.items()])


def workload_facts(step: Step, recording: Recording, report: ReportContent) -> WorkloadFacts:
    """What the claims need of one recording, but for the speed-up."""
    workload = recording.content.workload
    warm = report.calls.warm
    flag = workload.get("experimental_run_tf_function")
    return WorkloadFacts(
        workload=step.name, title=step.title, recording=recording.name, compiled=workload["compiled"],
        flag=None if flag is None else bool(flag),
        timing=Timing(warm.count, warm.median_ns, warm.median_ci95_ns, report.calls.cold.total_ns,
                      None, None),
        spans=_spans(recording, report))


def with_speedup(
    facts: WorkloadFacts, wall: list[int] | None, baseline: list[int] | None,
) -> WorkloadFacts:
    """``facts`` with the speed-up of its ``bare`` calls against the baseline's."""
    if facts.timing is None or not wall or not baseline:
        return facts
    mine, other = np.array(wall, dtype=np.int64), np.array(baseline, dtype=np.int64)
    low, high = ratio_interval(other, mine)
    return replace(facts, timing=replace(
        facts.timing, speedup=round(float(np.median(other) / np.median(mine)), 4),
        speedup_ci95=(round(low, 4), round(high, 4))))


def _spans(recording: Recording, report: ReportContent) -> Spans | None:
    """What the probes saw, or None where there are no warm calls under them."""
    calls = recording.content.calls
    if not calls.wall("spans") or not (recording.folder / FILES["spans"]).exists():
        return None
    timeline = read_spans(recording.folder / FILES["spans"])
    cold = np.array([is_cold for name, is_cold in zip(calls.capture, calls.cold) if name == "spans"],
                    dtype=bool)
    warm = occurrences(timeline.select(~cold), recording.content.internals)
    return Spans(
        model_share=report.attribution.model_share,
        traced_per_call=sum(one.count_per_call for one in warm if one.qualname == _TRACES),
        warm=warm, cold=names(timeline.select(cold), recording.content.internals))


def _request(step: Step, seconds: float, folder: Path, extra_path: str | None) -> Request:
    return Request(
        folder=str(folder.resolve()), target=f"{_MODELS}:{step.build}", entry=step.entry,
        seconds=seconds * step.part, captures=list(step.captures),
        internals=pipeline.internals_for_recorder(), extra_path=extra_path)


def _prefixed(listener: driver.Listener, prefix: str) -> Callable[[dict[str, Any]], None]:
    """Passes events on, with the step's name before their words."""
    def listen(event: dict[str, Any]) -> None:
        if "text" in event:
            event = {**event, "text": f"{prefix}: {event['text']}"}
        listener(event)

    return listen
