"""``keras-profile reproduce`` on the release that the question was asked about."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def found(interpreter, tmp_path_factory):
    """The summary of one run on TensorFlow 2.0."""
    place = tmp_path_factory.mktemp("reproduce")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "reproduce",
            "--python",
            str(interpreter("tf-2.0")),
            "--seconds",
            "40",
            "--output",
            str(place),
            "--json",
        ],
        text=True,
        capture_output=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    (report,) = (place / "reports").iterdir()
    assert json.loads((report / "reproduce.json").read_text()) == content
    assert (report / "reproduce.md").exists()
    return content


def workload(found, name):
    return next(one for one in found["workloads"] if one["workload"] == name)


def share(found, name, qualname):
    """The share of an internal in a workload's warm calls, 0 where it does not run."""
    shares = [one["share"] for one in workload(found, name)["spans"]["warm"] if one["qualname"] == qualname]
    return shares[0] if shares else 0


def verdicts(found):
    return {claim["claim"]: claim["verdict"] for claim in found["claims"]}


def test_every_workload_ran(found):
    assert found["environment"]["tensorflow"] == "2.0.0"
    assert [one["reason"] for one in found["workloads"]] == [""] * 10


def test_compile_makes_the_tiny_model_at_least_ten_times_slower(found):
    assert workload(found, "tiny_uncompiled")["timing"]["speedup"] >= 10


def test_building_the_inputs_is_most_of_the_compiled_call(found):
    # An idle machine measures about 0.7 and 0.55; other load makes teardown take its part.
    assert share(found, "tiny_compiled", "_process_inputs") >= 0.5
    assert share(found, "tiny_compiled", "Function._create_graph_function") >= 0.35


def test_the_uncompiled_call_does_neither(found):
    assert share(found, "tiny_uncompiled", "_process_inputs") == 0
    assert share(found, "tiny_uncompiled", "Function._create_graph_function") == 0


def test_building_the_inputs_is_next_to_nothing_on_the_medium_model(found):
    assert 0 < share(found, "medium_compiled", "_process_inputs") <= 0.02


def test_three_functions_are_traced_a_call(found):
    assert workload(found, "tiny_compiled")["spans"]["traced_per_call"] == 3
    assert workload(found, "tiny_uncompiled")["spans"]["traced_per_call"] == 0


@pytest.mark.parametrize(
    "claim",
    [
        "slowdown",
        "neither_uncompiled",
        "new_graph",
        "flag",
        "training_loop",
        "data_adapter",
        "distribution_function",
        "weights_loaded",
        "loaded_uncompiled",
        "call",
        "call_inference",
        "predict_on_batch",
    ],
)
def test_the_claim_holds(found, claim):
    assert verdicts(found)[claim] == "holds"
