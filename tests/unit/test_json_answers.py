"""What commands print with --json, beside reports: each is as its schema says."""

from __future__ import annotations

import json
import os
import shutil

import jsonschema
import pytest

from keras_profile import cli
from keras_profile.features.viewers import opening
from keras_profile.launch.program_process import FOLDER_VARIABLE
from support.golden import ROOT
from support.key_tables import SCHEMAS
from support.option_tables import command_parsers

DEMO = ROOT / "traces" / "demo-keras-3.15"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with one recording."""
    shutil.copytree(DEMO, tmp_path / "traces" / "demo")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def answered(capsys):
    """What a command prints to standard output: JSON, as the schema ``name`` says."""

    def answer(name, *arguments):
        assert cli.main([*arguments, "--json"]) == 0
        content = json.loads(capsys.readouterr().out)
        jsonschema.validate(content, json.loads((SCHEMAS / f"{name}.schema.json").read_text()))
        assert content["schema"] == {"name": f"keras_profile.{name}", "version": 1}
        return content

    return answer


def test_the_environment_records_what_is_started_with_it(here, answered):
    found = answered("environment", "environment", "--thorough")
    folder = here / found["recording"]
    assert (folder / "program.json").exists()
    assert found["variables"] == {FOLDER_VARIABLE: str(folder.resolve())}
    assert os.path.exists(os.path.join(found["put_before"]["PYTHONPATH"], "sitecustomize.py"))


def test_an_explanation_says_what_is_left_out(here, answered):
    found = answered("explanation", "explain", "demo")
    assert found["recording"] == str(here / "traces" / "demo")
    assert (found["private"], found["cut"]) == (False, False)
    assert "ms a call" in found["text"]
    private = answered("explanation", "explain", "demo", "--private")
    assert (private["recording"], private["private"]) == (None, True)
    assert str(here) not in private["text"]


def test_a_trace_is_answered_step_by_step(here, answered):
    found = answered("trace", "trace", "traces/demo")
    assert found["hosts"][0]["division"]["step_ns"] > 0


@pytest.mark.parametrize("name", sorted(command_parsers()))
def test_every_command_names_the_schema_of_its_json(name):
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = page.split(f"## `keras-profile {name}`")[1].split("\n## ")[0]
    assert "| `--json` |" in section
    # What prints a report is as the start of the page says.
    assert "Print only the report, as JSON" in section or ".schema.json" in section


@pytest.mark.parametrize("form", ["speedscope", "pstats"])
def test_an_export_says_where_its_file_is(here, answered, form):
    found = answered("export", "export", "demo", "--format", form)
    assert found["format"] == form
    assert (here / found["path"]).stat().st_size > 1000
    assert found["path"] in found["loading"]


def test_a_page_is_opened_by_its_address(here, answered, monkeypatch):
    opened = []
    monkeypatch.setattr(opening, "open_in_browser", lambda address: opened.append(address) or True)
    found = answered("open", "open", "demo")
    assert found["viewer"] == "browser"
    assert opened == [found["address"]]
    assert found["address"] == (here / found["path"]).resolve().as_uri()
    assert (here / found["path"]).exists()


def test_a_viewer_that_loads_a_file_is_answered_as_an_export(here, answered):
    found = answered("export", "open", "demo", "--in", "speedscope", "--no-browser")
    assert found["format"] == "speedscope"
    assert (here / found["path"]).exists()


def test_a_server_is_answered_with_its_address(here, answered, monkeypatch):
    monkeypatch.setattr(
        opening, "show", lambda path, viewer, started: started("http://127.0.0.1:1/", "look at it")
    )
    found = answered("open", "open", "demo", "--in", "tensorboard", "--no-browser")
    assert (found["viewer"], found["address"], found["path"]) == (
        "tensorboard",
        "http://127.0.0.1:1/",
        None,
    )
