"""Histories of releases made by hand."""

from __future__ import annotations

from keras_profile.analysis.attribution.vocabulary import PHASES, RUNS_THE_MODEL
from keras_profile.features.experiments.releases.history import (
    HISTORY_SCHEMA,
    CallCost,
    Division,
    FurtherBatches,
    History,
    PhaseMeaning,
    Release,
)
from keras_profile.model.environment import RecordedEnvironment
from keras_profile.model.report import PhaseShare
from keras_profile.model.workload import RecordedWorkload

from . import contents

OLD = {"tensorflow": "2.0.0", "keras": "2.2.4-tf", "keras_root": "tensorflow.python.keras", "python": "3.7.9"}
NEW = {"tensorflow": "2.21.0", "keras": "3.15.1", "keras_root": "keras.src", "python": "3.12.1"}
LEGACY = NEW | {"keras": "2.21.0", "keras_root": "tf_keras.src"}


def division(**ns):
    total = sum(ns.values())
    model = sum(ns.get(phase, 0) for phase in RUNS_THE_MODEL)
    return Division(
        total - model,
        round(model / total, 6),
        3.0,
        [PhaseShare(phase, value, value / total, (0.0, 1.0), None, 1.0) for phase, value in ns.items()],
    )


WORKLOAD = contents.changed(
    RecordedWorkload(contents.workload()), inputs=[{"shape": [32, 4], "dtype": "float64", "kind": "array"}]
)


def release(environment=OLD, batch_ns=500_000, low=400_000, **ns):
    divided = division(**ns) if ns else None
    total = sum(ns.values()) or 12_000_000
    return Release(
        "some/python",
        "",
        RecordedEnvironment(environment),
        CallCost("tf-x", 60, total, (total - 1_000_000, total + 2_000_000), divided),
        FurtherBatches("tf-x-batches", 100, 9, total + 99 * batch_ns, batch_ns, (low, 600_000)),
    )


def summary(*releases, notes=(), workload=None):
    return History(
        HISTORY_SCHEMA,
        "history-now",
        120.0,
        workload or WORKLOAD,
        list(releases),
        [PhaseMeaning(phase, text, phase in RUNS_THE_MODEL) for phase, text in PHASES.items()],
        list(notes),
    )
