"""``keras-profile history`` from the first release to the last one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

#: TensorFlow 2.0 tells one version of its Keras or another, by the variables it is given.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "TF2_BEHAVIOR"}
OLDEST, NEWEST = "tf-2.0.0-keras-2.2.4-tf", "tf-2.21.0-keras-3.15.1"


@pytest.fixture(scope="module")
def place(interpreter, tmp_path_factory):
    """The folder of one run over both, the newest and something broken given first."""
    place = tmp_path_factory.mktemp("history")
    broken = place / "broken"
    broken.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # no site, so no TensorFlow
    broken.chmod(0o755)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "history",
            "--python",
            str(broken),
            str(interpreter("keras-3.15")),
            str(interpreter("tf-2.0")),
            "--seconds",
            "10",
            "--output",
            str(place),
        ],
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.index("TF 2.0.0") < done.stdout.index("TF 2.21.0") < done.stdout.index("not measured")
    return place


@pytest.fixture(scope="module")
def found(place):
    (report,) = (place / "reports").iterdir()
    return json.loads((report / "history.json").read_text())


def test_releases_are_in_order_and_the_broken_one_costs_its_row_alone(found):
    assert [one["call"] and one["call"]["recording"] for one in found["releases"]] == [OLDEST, NEWEST, None]
    assert found["releases"][2]["reason"]


def test_calls_are_divided_into_a_fixed_cost_and_the_model(found):
    for one in found["releases"][:2]:
        division = one["call"]["division"]
        assert sum(phase["self_ns"] for phase in division["phases"]) == one["call"]["median_ns"]
        assert division["fixed_ns"] > one["call"]["median_ns"] / 2
        assert division["graphs_traced"] == 3


def test_a_further_batch_costs_a_small_part_of_a_call(found):
    for one in found["releases"][:2]:
        assert one["batches"]["batches"] == 100
        assert one["batches"]["batch_ns"] < one["call"]["median_ns"] / 5


def test_keras_3_is_slower_by_its_iterators(found):
    (step,) = found["steps"]
    assert step["before"].startswith("TF 2.0.0")
    assert step["after"].startswith("TF 2.21.0")
    assert step["verdict"] == "slower"
    assert step["phases"][0]["phase"] == "iterator_creation"


def test_each_workload_is_a_recording_with_a_report(place):
    names = {name + end for name in (OLDEST, NEWEST) for end in ("", "-batches")}
    (traces,), (reports,) = (place / "traces").iterdir(), (place / "reports").iterdir()
    ways = [path.name for path in traces.iterdir() if path.name not in names]
    assert sorted(ways) == [f"step-{number}-{side}-1" for number in (1, 2) for side in ("after", "before")]
    assert {path.name for path in reports.iterdir()} == {
        *names,
        "step-1",
        "step-2",
        "history.json",
        "history.md",
        "history.svg",
    }
    assert ElementTree.parse(reports / "history.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
