"""Recordings in folders whose names are no text, or would move a terminal: all commands take them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from keras_profile import cli
from support import streams
from support.terminal import seen

DEMO = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"
NAMES = [os.fsdecode(b"caf\xe9"), "\x1b[2Jowned", "a\nb", "-x", "é 日本 \u202e"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_every_command_takes_a_folder_of_any_name(folder, capsys, name):
    shutil.copytree(DEMO, folder / "traces" / name)
    streams.usual(folder / "traces" / (name + "-app"))
    path = str(folder / "traces" / name)
    commands = [
        ["list"],
        ["report", path, "--no-html"],
        ["report", path + "-app", "--json"],
        ["open", path, "--no-browser"],
        *(["export", path, "--format", one] for one in ("chrome", "collapsed")),
    ]
    for command in commands:
        assert cli.main(command) == 0, (command, capsys.readouterr().err)
        captured = capsys.readouterr()
        assert captured.err == ""
        if command[-1] != "--json":
            assert seen(captured.out) == "\n".join(line.rstrip() for line in captured.out.split("\n"))


@pytest.mark.parametrize("name", NAMES)
def test_a_shell_gets_the_folder_as_it_is(folder, capsys, monkeypatch, name):
    """What ``environment`` prints is evaluated by a shell, in ASCII."""
    (folder / name).mkdir()
    monkeypatch.chdir(folder / name)
    assert cli.main(["environment"]) == 0
    lines = capsys.readouterr().out
    assert lines.isascii()
    assert seen(lines) == lines
    told = os.popen(f'{lines}printf %s "$KERAS_PROFILE" | od -An -v -tx1').read()
    found = os.fsdecode(bytes.fromhex("".join(told.split())))
    assert Path(found).parent == folder / name / "traces"
    assert (Path(found) / "options.json").is_file()
