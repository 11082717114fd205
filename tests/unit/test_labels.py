"""Labels: read from the environment when something is recorded, in its report, never in a private text."""

from __future__ import annotations

import json
import shutil

import pytest

from keras_profile import cli
from keras_profile.api.load import load
from keras_profile.recorder.facts.environment import describe
from keras_profile.recorder.facts.labels import LONGEST_VALUE, MOST_LABELS, labels
from support.golden import ROOT


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, {}),
        ({"OTEL_SERVICE_NAME": " "}, {}),
        ({"OTEL_SERVICE_NAME": "shop"}, {"service": "shop"}),
        (
            {"OTEL_SERVICE_NAME": "shop", "OTEL_RESOURCE_ATTRIBUTES": "service.name=other,service.version=2"},
            {"service": "shop", "version": "2"},
        ),
        (
            {"OTEL_RESOURCE_ATTRIBUTES": "host.name=n%207,deployment.environment.name=prod,k8s.pod.uid=1"},
            {"host": "n 7", "environment": "prod"},
        ),
        ({"OTEL_RESOURCE_ATTRIBUTES": "nonsense,,=x,host.name="}, {}),
        (
            {"OTEL_SERVICE_NAME": "shop", "KERAS_PROFILE_LABELS": "service=cart, team = a=b"},
            {"service": "cart", "team": "a=b"},
        ),
    ],
)
def test_labels_come_from_variables(variables, found):
    assert labels(variables) == found


def test_labels_are_few_and_short():
    given = ",".join(f"key{number}={'x' * 1000}" for number in range(100))
    found = labels({"KERAS_PROFILE_LABELS": given})
    assert len(found) == MOST_LABELS
    assert {len(value) for value in found.values()} == {LONGEST_VALUE}


def test_the_recorder_describes_them_with_the_environment(monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "shop")
    assert describe(None)["labels"] == {"service": "shop"}


@pytest.fixture
def labelled(tmp_path, monkeypatch):
    """A folder with a recording of a service on a host."""
    folder = tmp_path / "traces" / "demo"
    shutil.copytree(ROOT / "traces" / "demo-keras-3.15", folder)
    file = folder / "recording.json"
    content = json.loads(file.read_text())
    content["environment"]["labels"] = {"service": "shop-7f3", "host": "node-1.internal"}
    file.write_text(json.dumps(content))
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_report_has_the_labels_and_the_time_of_its_recording(labelled):
    report = load(labelled)
    assert report.environment["labels"] == {"service": "shop-7f3", "host": "node-1.internal"}
    assert report.content.created == json.loads((labelled / "recording.json").read_text())["created"]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_private_explanation_has_no_label(labelled, capsys, form):
    assert cli.main(["explain", "demo", "--private", *form]) == 0
    text = capsys.readouterr().out
    assert "node-1" not in text
    assert "shop-7f3" not in text
