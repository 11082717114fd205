"""The rules command, and how rules are chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.analysis.rules.catalogue import RULES
from keras_profile.cli.pyproject import ignored_rules
from keras_profile.errors import KerasProfileError, RecordingError
from keras_profile.recordings.json_files import read_report

RECORDING = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"


def test_all_rules_are_listed(capsys):
    assert cli.main(["rules"]) == 0
    out = capsys.readouterr().out
    for rule in RULES:
        assert rule.id in out


def test_a_rule_is_explained(capsys):
    assert cli.main(["rules", "pipeline_rebuilt"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for part in (
        "pipeline_rebuilt: The input pipeline is rebuilt",
        "LEAST_SHARE = 0.1: share of the call",
        "the spans capture",
        "model.predict_on_batch(rows)",
        "https://stackoverflow.com/q/58378374",
        "dataset_from_tensors",
    ):
        assert part in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["rules", "typo"],
        ["report", str(RECORDING), "--select", "typo"],
        ["report", str(RECORDING), "--ignore", "waits,typo"],
        ["run", "net.py:build", "--ignore", "typo"],
    ],
)
def test_an_unknown_rule_is_one_clear_error(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    error = capsys.readouterr().err
    assert "there is no rule 'typo'" in error
    assert "keras-profile rules" in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def reported(tmp_path, monkeypatch, *options):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["report", str(RECORDING), *options]) == 0
    (folder,) = (tmp_path / "reports").iterdir()
    return [finding.rule for finding in read_report(folder / "report.json").findings]


def test_selected_rules_alone_are_asked(tmp_path, monkeypatch, capsys):
    assert reported(tmp_path, monkeypatch, "--select", "waits, pipeline_rebuilt") == [
        "pipeline_rebuilt",
        "waits",
    ]


def test_ignored_rules_are_not_asked(tmp_path, monkeypatch, capsys):
    (tmp_path / "pyproject.toml").write_text('[tool.keras_profile]\nignore = ["waits"]\n')
    found = reported(tmp_path, monkeypatch, "--ignore", "pipeline_rebuilt")
    assert set(found) == {rule.id for rule in RULES} - {"waits", "pipeline_rebuilt"}


def test_a_report_with_another_verdict_is_none(tmp_path):
    report = RECORDING.parents[1] / "reports" / RECORDING.name / "report.json"
    text = report.read_text(encoding="utf-8")
    changed = tmp_path / "report.json"
    changed.write_text(text.replace('"not_found"', '"absent"', 1), encoding="utf-8")
    assert read_report(report).findings
    with pytest.raises(RecordingError, match="absent"):
        read_report(changed)


def test_a_folder_without_settings_ignores_nothing(tmp_path):
    assert ignored_rules(tmp_path) == []
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert ignored_rules(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[tool.keras_profile\n", "cannot be read"),
        ("[tool.keras_profile]\nignore = 'waits'\n", "found ignore = 'waits'"),
        ("[tool.keras_profile]\nignore = [1]\n", "found ignore = [1]"),
        ("[tool.keras_profile]\nignored = ['waits']\n", "found the key ignored"),
    ],
)
def test_broken_settings_are_told(tmp_path, content, said):
    (tmp_path / "pyproject.toml").write_text(content)
    with pytest.raises(KerasProfileError) as raised:
        ignored_rules(tmp_path)
    assert said in raised.value.message
    assert raised.value.advice
