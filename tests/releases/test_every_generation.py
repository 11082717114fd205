"""Recording and attributing in every generation, with its real interpreter."""

from __future__ import annotations

import pytest

from support import environments
from support.commands import WORKLOADS

GENERATIONS = tuple(environments.GENERATIONS)
ROOTS = {
    "tf-2.0": "tensorflow.python.keras",
    "tf-2.1": "tensorflow.python.keras",
    "tf-2.2": "tensorflow.python.keras",
    "tf-2.4": "tensorflow.python.keras",
    "tf-2.6": "keras",
    "tf-2.9": "keras",
    "tf-2.11": "keras",
    "tf_keras-2.21": "tf_keras.src",
}
#: Other models, inputs and modes, each measured briefly: the target and the options.
BRIEFLY = {
    "lstm": ("small_lstm", "--compile"),
    "conv": ("small_conv", "--compile"),
    "tensor": ("tiny", "--input", f"{WORKLOADS}:tensor"),
    "generator": ("tiny", "--input", f"{WORKLOADS}:generator"),
    "eager": ("tiny", "--eager"),
}


@pytest.fixture
def profile(recorder_of):
    """Profiles a model in a generation; equal runs are made once, all of a generation in one process."""

    def run(generation, *options, target="tiny", seconds=3, alone=False):
        return (
            recorder_of(generation)
            .profile(f"{WORKLOADS}:{target}", "--seconds", str(seconds), *options, alone=alone)
            .report
        )

    return run


def share(report, *phases):
    return sum(one["share"] for one in report["attribution"]["phases"] if one["phase"] in phases)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_arrays(profile, generation):
    report = profile(generation, alone=True)  # by the command line, as a user runs it
    attribution = report["attribution"]
    assert report["environment"]["keras_root"] == ROOTS.get(generation, "keras.src")
    assert sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"]
    # Some four hundred samples of ten calls: one more or less is up to half a percent of a call.
    assert share(report, "unattributed") <= 0.02
    assert share(report, "unattributed", "entry", "loop") <= 0.05
    assert {capture["status"] for capture in report["captures"]} == {"ok"}
    # Three functions are traced in every call, in every generation.
    traced = next(one for one in attribution["phases"] if one["phase"] == "function_tracing")
    assert traced["count_per_call"] == 3


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    "options",
    [("--input", f"{WORKLOADS}:dataset"), ("--entry", "predict_on_batch"), ("--entry", "call")],
    ids=["dataset", "predict_on_batch", "call"],
)
def test_other_inputs_and_entry_points(profile, generation, options):
    report = profile(generation, *options, "--captures", "bare,spans,pyinstrument", seconds=2)
    attribution = report["attribution"]
    assert sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"]
    assert share(report, "unattributed") <= 0.03


def briefly(profile, generation, workload):
    target, *options = BRIEFLY[workload]
    return profile(generation, *options, "--captures", "bare,spans,pyinstrument", target=target, seconds=1)


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("workload", list(BRIEFLY))
def test_other_models_inputs_and_modes(profile, generation, workload):
    report = briefly(profile, generation, workload)
    attribution = report["attribution"]
    assert {capture["status"] for capture in report["captures"]} == {"ok"}
    assert sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"]
    # A second gives some fifty samples: what has its name stays far below this.
    assert share(report, "unattributed") <= 0.10
    assert report["workload"]["run_eagerly"] == (workload == "eager")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_what_is_unattributed_of_them_together(profile, generation):
    shares = [share(briefly(profile, generation, workload), "unattributed") for workload in BRIEFLY]
    assert sum(shares) / len(shares) <= 0.03
