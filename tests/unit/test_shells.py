"""Lines for a shell to evaluate, whatever stands in the values, and commands to be copied."""

from __future__ import annotations

import os
import subprocess

import pytest

from keras_profile import cli
from keras_profile.errors import KerasProfileError
from keras_profile.launch import shells

HOSTILE = [
    "plain",
    "two words",
    "it's",
    '"quoted"',
    "$HOME `id` $(id)",
    "a;b&c|d",
    "100%",
    "é\\",
    "*?[x]",
    "-n",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("earlier", [None, "", "/own place"])
def test_sh_has_the_values(value, earlier):
    lines = shells.lines(shells.SHELLS["sh"], {"ONE": value}, {"TWO": value})
    environment = {**os.environ, **({} if earlier is None else {"TWO": earlier})}
    show = 'printf "%s\\0%s" "$ONE" "$TWO"'
    done = subprocess.run(
        ["sh", "-c", "\n".join([*lines, show])], capture_output=True, check=True, env=environment
    )
    one, two = done.stdout.decode().split("\0")
    assert one == value
    assert two == (f"{value}:{earlier}" if earlier else value)


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("C:\\Program Files\\x", "'C:\\Program Files\\x'"),
        ("it's", "'it''s'"),
        ("\u2019curly\u2018", "'\u2019\u2019curly\u2018\u2018'"),
        ('$HOME "and" `n', "'$HOME \"and\" `n'"),
        ("", "''"),
    ],
)
def test_powershell_is_given_text_in_single_quotes(value, quoted):
    first, second = shells.lines(shells.SHELLS["powershell"], {"ONE": value}, {"TWO": value})
    assert first == f"$env:ONE = {quoted}"
    assert second == (f"$env:TWO = {quoted} + $(if ($env:TWO) {{ '{os.pathsep}' + $env:TWO }})")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("C:\\Program Files (x86)\\x", "C:\\Program Files (x86)\\x"),
        ("a & b | c > d ^ e", "a & b | c > d ^ e"),
        ("100% of %PATH%", "100%% of %%PATH%%"),
        ("it's", "it's"),
        ("", ""),
    ],
)
def test_cmd_is_given_text_in_double_quotes(value, written):
    first, second = shells.lines(shells.SHELLS["cmd"], {"ONE": value}, {"TWO": value})
    assert first == f'set "ONE={written}"'
    assert second == (f'if defined TWO (set "TWO={written}{os.pathsep}%TWO%") else set "TWO={written}"')


@pytest.mark.parametrize("value", ['a"b', "a\nb", "a\rb"])
def test_what_cmd_cannot_have_is_one_error(value):
    with pytest.raises(KerasProfileError, match="cmd cannot set a variable"):
        shells.lines(shells.SHELLS["cmd"], {"ONE": value}, {})


@pytest.mark.parametrize(("name", "usual", "first"), [("nt", "powershell", "a"), ("posix", "sh", "a")])
def test_the_usual_shell_is_the_systems(monkeypatch, name, usual, first):
    monkeypatch.setattr(shells.os, "name", name)
    assert shells.usual_shell().name == usual


def test_commands_are_written_as_the_systems_shells_read_them(monkeypatch):
    words = ["C:\\my env\\python.exe", "-m", "pip", "install", "setuptools<82"]
    assert shells.command_line(words) == "'C:\\my env\\python.exe' -m pip install 'setuptools<82'"
    monkeypatch.setattr(shells.os, "name", "nt")
    assert shells.command_line(words).startswith('"C:\\my env\\python.exe" -m pip install ')


@pytest.mark.parametrize(
    ("shell", "begins"),
    [
        ("sh", ["export KERAS_PROFILE=", "export PYTHONPATH="]),
        ("powershell", ["$env:KERAS_PROFILE = ", "$env:PYTHONPATH = "]),
        ("cmd", ['set "KERAS_PROFILE=', "if defined PYTHONPATH "]),
    ],
)
def test_environment_is_for_the_shell_that_was_asked_for(tmp_path, monkeypatch, capsys, shell, begins):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["environment", "--shell", shell]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(begin) for line, begin in zip(lines, begins, strict=True))
    assert shells.SHELLS[shell].evaluate in err
