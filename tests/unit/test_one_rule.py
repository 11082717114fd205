"""A rule is one file and a line of the list: one from elsewhere is found wherever rules are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keras_profile import cli
from keras_profile.analysis.rules import catalogue, causes
from keras_profile.output.rules_page import render_rules_page
from keras_profile.recordings.json_files import read_report
from support.pages import unpacked

RECORDING = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"

TOY = '''\
"""The call is entered."""

from __future__ import annotations

from keras_profile.analysis.rules.rule import Rule, Threshold
from keras_profile.analysis.rules.shared.claiming import claim, time_line

TOY_SHARE = Threshold("TOY_SHARE", 0.0001, "share of the call that is worth a toy")


def judge(evidence):
    ns = evidence.ns("entry")
    return claim(
        evidence,
        {"entry": ns},
        "entering is",
        title="The toy is found ({cost} ms a call)",
        lines=[time_line(evidence, "entry", ns)],
        least=TOY_SHARE,
    )


RULE = Rule(
    id="toy_entered",
    title="The toy is entered",
    meaning="A toy has nothing to say.",
    advice="leave the toy",
    recognised="The phase entry.",
    example="toy()",
    sources=("https://example.org/toy",),
    needs=("phases",),
    judge=judge,
    thresholds=(TOY_SHARE,),
    recipes=("predict_on_batch",),
)
'''


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A rule in a file of its own, which claims time before all others."""
    folder = tmp_path / "causes"
    folder.mkdir()
    (folder / "toy_entered.py").write_text(TOY)
    monkeypatch.setattr(causes, "__path__", [*causes.__path__, str(folder)])
    monkeypatch.setattr(catalogue, "RULES", catalogue.load(("toy_entered", *catalogue.ORDER)))
    return catalogue.RULES[0]


def test_it_is_in_the_report_and_on_the_page(toy, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["report", str(RECORDING)]) == 0
    (folder,) = (tmp_path / "reports").iterdir()
    finding = next(row for row in read_report(folder / "report.json").findings if row.rule == toy.id)
    assert finding.verdict == "found"
    assert finding.cost_ns_per_call > 0
    page, _ = unpacked((folder / "report.html").read_text(encoding="utf-8"))
    for text in ((folder / "report.md").read_text(encoding="utf-8"), json.dumps(page)):
        assert finding.title in text
        assert finding.evidence[0] in text


def test_it_can_be_chosen(toy, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["report", str(RECORDING), "--select", toy.id]) == 0
    (folder,) = (tmp_path / "reports").iterdir()
    assert [finding.rule for finding in read_report(folder / "report.json").findings] == [toy.id]


def test_it_is_listed_and_explained(toy, capsys):
    assert cli.main(["rules"]) == 0
    assert "toy_entered" in capsys.readouterr().out
    assert cli.main(["rules", "toy_entered"]) == 0
    explained = capsys.readouterr().out
    assert "TOY_SHARE = 0.0001: share of the call that is worth a toy" in explained


def test_it_is_on_the_page_of_the_documents(toy):
    page = render_rules_page([rule.text() for rule in catalogue.RULES])
    assert "### toy_entered" in page
    assert "A toy has nothing to say." in page
