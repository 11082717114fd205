"""Evidence made by hand, for the tests of rules."""

from __future__ import annotations

from keras_profile.model.environment import RecordedEnvironment
from keras_profile.model.evidence import Evidence, SpanFacts
from keras_profile.model.report import CallFigures, ColdCalls, PhaseShare, WarmCalls
from keras_profile.model.workload import RecordedWorkload

ENVIRONMENT = {
    "python": "3.12.1",
    "tensorflow": "2.21.0",
    "keras": "3.15.0",
    "keras_root": "keras.src",
    "backend": "tensorflow",
    "cpu_count": 2,
    "devices": ["CPU:0"],
    "settings": {},
}

#: The facts of a quiet workload: one traced function on one batch of an array.
WORKLOAD = {
    "target": "net.py:build",
    "announcements": [],
    "entry_point": "predict",
    "inputs": [{"shape": [32, 4], "dtype": "float32", "kind": "array"}],
    "batch_size": None,
    "steps": None,
    "compiled": True,
    "run_eagerly": False,
    "verbose": False,
    "layers": [{"layer": "dense", "class": "Dense", "parent": None}],
}

QUIET = SpanFacts(
    calls=40,
    pipeline_tracing_share=0.0,
    other_tracing_share=0.0,
    other_traces_per_call=0.0,
    calls_that_trace=0,
    iterators_per_call=0.0,
    unread_iterators_per_call=0.0,
    unread_iterators_share=0.0,
)


def evidence(
    phases=None,
    workload=(),
    environment=(),
    spans=(),
    calls=40,
    cpu=1.0,
    cold_ns=200_000_000,
    cold_phases=(),
    **parts,
):
    """Evidence of a call; ``phases`` gives each phase's ms, or (ms, times a call).

    The call is their sum. ``phases=None`` stands for a recording without spans, as do None
    for ``spans`` and for any of ``parts``.
    """
    rows = {
        name: value if isinstance(value, tuple) else (value, 1.0)
        for name, value in (phases or {"execution": 10.0}).items()
    }
    total = round(sum(ms for ms, _ in rows.values()) * 1e6)
    shares = {
        name: PhaseShare(
            name,
            round(ms * 1e6),
            ms * 1e6 / total,
            (0.9 * ms * 1e6 / total, min(1.1 * ms * 1e6 / total, 1.0)),
            None,
            count,
        )
        for name, (ms, count) in rows.items()
    }
    facts = None if spans is None else SpanFacts(**{**vars(QUIET), **dict(spans)})
    return Evidence(
        workload=RecordedWorkload(WORKLOAD | dict(workload)).facts,
        environment=RecordedEnvironment(ENVIRONMENT | dict(environment)).facts,
        calls=CallFigures(
            ColdCalls(1, cold_ns, list(cold_phases)),
            WarmCalls(
                calls, total, (round(0.95 * total), round(1.05 * total)), total, round(cpu * total), None
            ),
        ),
        phases=None if phases is None else shares,
        spans=None if phases is None else facts,
        **{"internals": None if phases is None else [], **parts},
    )
