"""The experiment of the compile() question: its workloads, recorded one after another.

The facts of all of them go to :mod:`.claims`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from msgspec import UNSET

from ....analysis.intervals import ratio_interval
from ....errors import KerasProfileError
from ....launch import recorder_process
from ....launch.prefixed import prefixed
from ....model.environment import RecordedEnvironment
from ....recorder.protocol import events
from ....recorder.protocol.visible import visible
from ....recordings.folders import new_folder
from ....recordings.writing import encode_json
from ..runner import (
    ATTRIBUTED,
    INTERRUPTED,
    TIMED,
    Measured,
    make_request,
    measure,
    remove_if_unused,
    spans_seen,
)
from .claims import judge_claims
from .reproduction import REPRODUCTION_SCHEMA, Reproduction, Timing, WorkloadFacts
from .summary import render_reproduction

#: Every format in which the summary is written: file name and the function for its content.
SUMMARY_FILES = {
    "reproduce.json": encode_json,
    "reproduce.md": lambda content: visible(render_reproduction(content)).encode(),
}

_MODELS = Path(__file__).parents[1] / "models" / "compile_question.py"


@dataclass(frozen=True)
class Step:
    """One workload of the experiment.

    ``build`` is a function in ``features/experiments/models/compile_question.py``; ``part`` of the time is
    spent on it; its calls are compared with those of the step ``baseline``.
    """

    name: str
    title: str
    build: str
    entry: str
    part: float
    captures: tuple[str, ...]
    baseline: str


#: In the order in which they are shown. A call of the medium model can take seconds: it gets
#: only the captures that the claims need, with at least two warm calls each. With the
#: default time and calls of three seconds it gets as many as claims.LEAST_CALLS.
STEPS = (
    Step(
        "tiny_uncompiled",
        "tiny, before compile()",
        "tiny_uncompiled",
        "predict",
        0.08,
        ATTRIBUTED,
        "tiny_compiled",
    ),
    Step(
        "tiny_compiled",
        "tiny, after compile()",
        "tiny_compiled",
        "predict",
        0.10,
        ATTRIBUTED,
        "tiny_compiled",
    ),
    Step(
        "tiny_train_function",
        "tiny, train function built",
        "tiny_train_function",
        "predict",
        0.06,
        ATTRIBUTED,
        "tiny_compiled",
    ),
    Step(
        "medium_uncompiled",
        "medium, before compile()",
        "medium_uncompiled",
        "predict",
        0.28,
        TIMED,
        "medium_compiled",
    ),
    Step(
        "medium_compiled",
        "medium, after compile()",
        "medium_compiled",
        "predict",
        0.28,
        TIMED,
        "medium_compiled",
    ),
    Step(
        "tiny_weights_loaded",
        "tiny, weights loaded",
        "tiny_weights_loaded",
        "predict",
        0.04,
        TIMED,
        "tiny_compiled",
    ),
    Step(
        "tiny_loaded_uncompiled",
        "tiny, loaded uncompiled",
        "tiny_loaded_uncompiled",
        "predict",
        0.04,
        TIMED,
        "tiny_compiled",
    ),
    Step("tiny_call", "tiny, model(x)", "tiny_compiled", "call", 0.04, TIMED, "tiny_compiled"),
    Step(
        "tiny_call_inference",
        "tiny, model(x, training=False)",
        "tiny_compiled",
        "call_inference",
        0.04,
        TIMED,
        "tiny_compiled",
    ),
    Step(
        "tiny_predict_on_batch",
        "tiny, predict_on_batch",
        "tiny_compiled",
        "predict_on_batch",
        0.04,
        TIMED,
        "tiny_compiled",
    ),
)


def reproduce(
    python: str,
    seconds: float,
    traces: Path,
    reports: Path,
    listener: recorder_process.Listener,
    extra_path: str | None = None,
) -> Reproduction:
    """Records all steps into ``traces``, reports each into ``reports``. Returns the summary of all.

    ``extra_path`` is a folder with a pyinstrument for an interpreter that has none.
    A failing step affects only itself, unless it is the first: what fails there fails
    everywhere. After an interrupt, what was measured until then is reported.
    """
    walls: dict[str, list[int]] = {}
    facts: dict[str, WorkloadFacts] = {}
    environment: RecordedEnvironment | None = None
    notes: list[str] = []
    interrupted = False
    for number, step in enumerate(STEPS, 1):
        if interrupted:
            facts[step.name] = WorkloadFacts(step.name, step.title, "", "interrupted before")
            continue
        prefix = f"{number}/{len(STEPS)} {step.title}"
        request = make_request(
            f"{_MODELS}:{step.build}",
            step.entry,
            seconds * step.part,
            step.captures,
            new_folder(traces, step.name),
            extra_path,
        )
        try:
            measured = measure(request, python, reports, prefixed(listener, prefix))
        except KerasProfileError as error:
            if not walls:
                remove_if_unused(traces)
                raise
            interrupted = error.kind == INTERRUPTED
            listener(events.Announce(f"{prefix}: {error.message}"))
            facts[step.name] = WorkloadFacts(step.name, step.title, "", error.message)
            continue
        interrupted = measured.interrupted
        environment = environment or measured.report.environment
        walls[step.name] = measured.wall
        facts[step.name] = workload_facts(step, measured)
        notes += [f"{step.title}: {note}" for note in measured.report.notes]
    timed = [with_speedup(facts[step.name], walls.get(step.name), walls.get(step.baseline)) for step in STEPS]
    return Reproduction(
        schema=REPRODUCTION_SCHEMA,
        recordings=traces.name,
        environment=environment or RecordedEnvironment({}),
        seconds=seconds,
        workloads=timed,
        claims=judge_claims({one.workload: one for one in timed}),
        notes=notes,
    )


def workload_facts(step: Step, measured: Measured) -> WorkloadFacts:
    """Returns what the claims need from one recording, except the speed-up."""
    recording, calls = measured.recording, measured.report.calls
    workload, warm = recording.content.workload.facts, calls.warm
    flag = workload.experimental_run_tf_function
    return WorkloadFacts(
        workload=step.name,
        title=step.title,
        recording=recording.name,
        compiled=workload.compiled,
        flag=None if flag is UNSET else flag,
        timing=Timing(warm.count, warm.median_ns, warm.median_ci95_ns, calls.cold.total_ns, None, None),
        spans=spans_seen(measured),
    )


def with_speedup(
    facts: WorkloadFacts,
    wall: list[int] | None,
    baseline: list[int] | None,
) -> WorkloadFacts:
    """Returns ``facts`` with the speed-up of its ``bare`` calls over the baseline's."""
    if facts.timing is None or not wall or not baseline:
        return facts
    mine, other = np.array(wall, dtype=np.int64), np.array(baseline, dtype=np.int64)
    low, high = ratio_interval(other, mine)
    return replace(
        facts,
        timing=replace(
            facts.timing,
            speedup=round(float(np.median(other) / np.median(mine)), 4),
            speedup_ci95=(round(low, 4), round(high, 4)),
        ),
    )
