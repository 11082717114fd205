"""Recordings and reports made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from keras_profile.model.environment import RecordedEnvironment
from keras_profile.model.recording import (
    Calls,
    CaptureDetails,
    CaptureOutcome,
    RecordedInternal,
    Recording,
    RecordingFile,
    Schema,
)
from keras_profile.model.report import (
    REPORT_SCHEMA,
    Agreement,
    Attribution,
    CallFigures,
    CaptureFigures,
    ColdCalls,
    ColdPhase,
    Comparison,
    Finding,
    InternalShare,
    LayerShare,
    MissingInternal,
    NativeShare,
    Outputs,
    PhaseShare,
    ReportContent,
    TableCoverage,
    WarmCalls,
)
from keras_profile.model.workload import RecordedWorkload

#: A name with everything in it that some output could take for its own.
HOSTILE = "<script>alert(1)</script>|a[red]b`c*d_e\nf\x1b[31m\x07\\g&h"

ENVIRONMENT = {
    "python": "3.12.1",
    "tensorflow": "2.21.0",
    "keras": "3.15.0",
    "keras_root": "keras.src",
    "backend": "tensorflow",
    "platform": "Linux",
    "cpu_count": 2,
    "devices": ["CPU:0"],
}


def workload(name="net.py:build", layers=()):
    return {
        "target": name,
        "entry_point": "predict",
        "batch_size": 32,
        "steps": None,
        "compiled": True,
        "inputs": [{"shape": [32, 4], "dtype": "float32", "kind": "array"}],
        "run_eagerly": False,
        "verbose": False,
        "parameters": 13,
        "layers": list(layers),
        "announcements": [],
    }


def on(recording, **environment):
    """The recording with other facts of its environment."""
    known = changed(recording.content.environment, **environment)
    return replace(recording, content=replace(recording.content, environment=known))


def changed(recorded, **facts):
    """The recorded workload or environment with other facts."""
    return type(recorded)(recorded.as_recorded | facts)


def recording(calls=(), captures=(), internals=(), complete=True, interrupted=False, layers=()):
    """A recording; ``calls`` are dicts with what differs from a warm bare call of 1 ms."""
    usual = {
        "capture": "bare",
        "round": 0,
        "cold": False,
        "begin_ns": 0,
        "wall_ns": 1_000_000,
        "cpu_ns": 2_000_000,
        "rss_bytes": None,
    }
    rows = [usual | row for row in calls]
    columns = {name: [row[name] for row in rows] for name in usual}
    return Recording(
        Path("traces/made-by-hand"),
        RecordingFile(
            schema=Schema("keras_profile.recording", 1),
            created="2026-01-02T03:04:05+0000",
            complete=complete,
            interrupted=interrupted,
            environment=RecordedEnvironment(ENVIRONMENT),
            workload=RecordedWorkload(workload(layers=layers)),
            captures=[_outcome(*one) for one in captures] or [CaptureOutcome("bare", "ok", "")],
            calls=Calls(**columns),
            internals=list(internals),
        ),
    )


def _outcome(name, status, reason, details=()):
    return CaptureOutcome(name, status, reason, CaptureDetails(**dict(details)))


def internal(qualname, module="keras.src.a", table_module="K.a", file=None, line=None, loaded=True):
    return RecordedInternal(module, qualname, table_module, file, line, loaded)


def report(name="usual", note="a note"):
    """A report with something in every list; ``name`` is all the names in it."""
    return ReportContent(
        schema=REPORT_SCHEMA,
        recording=name,
        environment=RecordedEnvironment(ENVIRONMENT | {"tensorflow": name, "devices": ["CPU:0", name]}),
        workload=RecordedWorkload(workload(name)),
        calls=CallFigures(
            ColdCalls(1, 3_141_000_000, [ColdPhase("function_tracing", 3_141_000_000)]),
            WarmCalls(60, 97_204_000, (94_800_000, 99_900_000), 120_000_000, 131_000_000, 2048.5),
        ),
        captures=[
            CaptureFigures("bare", "ok", "", 60, 97_204_000, 1.0),
            CaptureFigures("spans", "ok", "", 60, 98_000_000, 1.0082),
            CaptureFigures("tensorflow", "failed", name, 0, None, None),
        ],
        attribution=Attribution(
            total_ns=97_204_000,
            unattributed_ns=204_000,
            model_share=0.0042,
            phases=[
                PhaseShare("function_tracing", 61_700_000, 0.6347, (0.61, 0.66), 0.25, 3.0),
                PhaseShare("execution", 35_300_000, 0.3632, (0.35, 0.38), None, 1.0),
                PhaseShare("unattributed", 204_000, 0.0021, (0.001, 0.003), None, 0.0),
            ],
            internals=[
                InternalShare(name, name, "function_tracing", 61_800_000, 61_700_000, 0.636, 3.0, None),
                InternalShare("keras.a", "run", "execution", 35_300_000, 35_300_000, 0.363, 1.0, name),
            ],
            native=[
                NativeShare(name, "execution", 35_100_000, 1.0, "calling"),
                NativeShare("MatMul", "execution", 34_100_000, 12.5, "other"),
            ],
            layers=[LayerShare(name, name, 33_300_000, 0.9, [name, "MatMul"])],
            agreement=[
                Agreement(
                    "function_tracing", 0.63, (0.61, 0.66), 0.64, (0.6, 0.68), "agree", 0.7, "differ", [name]
                )
            ],
            notes=[],
            table=TableCoverage(name, 370, 180, [MissingInternal(name, name, "dispatch")]),
        ),
        findings=[Finding("rebuilt", "found", name, "function_tracing", 61_700_000, [name], ["on_batch"])],
        comparisons=[
            Comparison(
                "on_batch",
                name,
                "model.predict_on_batch(x)",
                "faster",
                97_204_000,
                910_000,
                106.8,
                (98.0, 115.0),
                Outputs(True, 0.0, 1e-6),
                "",
            ),
            Comparison("xla", "XLA", "", "failed", 97_204_000, None, None, None, None, name),
        ],
        notes=[note],
    )
