"""The workflow for all systems runs README's commands, and the page of systems names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "systems.yml"
PAGE = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
SHIM = (ROOT / "tests" / "live" / "like_windows" / "sitecustomize.py").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"<!-- command: (\w+) -->\n```sh\n(.*)\n```", README)


def steps():
    """(whether on Windows, what is run) of each step, read from the workflow's lines."""
    text = WORKFLOW.read_text(encoding="utf-8")
    return re.findall(r"if: runner\.os (==|!=) 'Windows'\n(?:\s+shell: pwsh\n)?\s+run: (.*)\n", text)


def for_powershell(command):
    slashes = re.sub(r"\.venv/bin/([\w-]+)", r".venv\\Scripts\\\1", command)
    return slashes.replace("python3 ", "python ")


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_the_workflow_runs_readmes_commands_on_each_system(name, command):
    assert ("!=", command) in steps()
    assert ("==", for_powershell(command)) in steps()


def test_readme_has_two_commands():
    assert [name for name, _ in COMMANDS] == ["demo", "tests"]


def test_the_workflow_is_for_the_three_systems():
    assert "system: [ubuntu-latest, macos-latest, windows-latest]" in WORKFLOW.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", re.findall(r"`(?:os\.)?([A-Za-z_]+)`", PAGE.partition("in which:")[2]))
def test_what_the_page_says_is_taken_away_is_in_the_shim(name):
    if name not in ("Popen", "kernel32", "ntdll", "list", "export"):
        assert name in SHIM
