"""The commands whose output the documents show: each runs as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import sys

import pytest

from support.commands import ROOT, run

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = sorted(
    {
        command
        for page in PAGES
        for command in re.findall(r"<!-- ran: (.+?) -->", page.read_text(encoding="utf-8"))
    }
)


def test_there_are_such_commands():
    assert COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_runs_and_answers_in_one_screen(command, tmp_path):
    shutil.copytree(ROOT / "docs" / "examples", tmp_path, dirs_exist_ok=True)
    words = shlex.split(command)
    code, out, err = run(
        [sys.executable, "-m", "keras_profile", *words[1:]], tmp_path, None, {"COLUMNS": "100"}
    )
    assert code == 0, err
    said = [
        line
        for line in (out + err).splitlines()
        if not re.match(r"^(WARNING:|[IWE][0-9]{4} |To enable)", line)
    ]
    answer = [line for line in said if not line.endswith("…")]
    assert len(answer) <= 40, "\n".join(answer)
    text = "\n".join(answer)
    assert "why" in text
    assert "change to" in text or "change it to" in text
    assert "as fast (99% CI" in text
