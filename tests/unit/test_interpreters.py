"""Which interpreter ``--python`` means, and what is said where it is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from keras_profile.errors import KerasProfileError
from keras_profile.launch import interpreters
from keras_profile.launch.interpreters import find_interpreter

HERE = sys.version_info[:2]


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """A working folder and a home without environments, and nothing to be found on PATH."""
    for variable in ("CONDA_PREFIX", "MAMBA_ROOT_PREFIX", "WORKON_HOME", "PYENV_ROOT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def program(path, source):
    """An executable script of the shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{source}\n")
    path.chmod(0o755)
    return path


def link(path):
    """This interpreter under another path."""
    return program(path, f'exec "{sys.executable}" "$@"')


def refused(text):
    with pytest.raises(KerasProfileError) as caught:
        find_interpreter(text)
    assert caught.value.message.startswith("--python: ")
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("env/bin/python", "env/bin/python"),
        ("env/bin/python", "env"),
        ("env/Scripts/python.exe", "env"),
        ("env/python.exe", "env"),
        ("home/.virtualenvs/tf2/bin/python", "tf2"),
        ("home/miniconda3/envs/tf2/bin/python", "tf2"),
        ("home/.pyenv/versions/3.8.1/bin/python", "3.8.1"),
        ("bin/python3.99", "python3.99"),
        ("python", "python"),
    ],
    ids=str,
)
def test_what_it_means(nowhere, path, text):
    made = link(nowhere / path)
    assert find_interpreter(text) == str(made)
    assert interpreters.interpreter_version(str(made)) == HERE


def test_the_variables_of_environments(nowhere, monkeypatch):
    made = link(nowhere / "conda" / "envs" / "tf2" / "bin" / "python")
    monkeypatch.setenv("CONDA_PREFIX", str(nowhere / "conda"))
    assert find_interpreter("tf2") == str(made)


def test_what_a_start_file_prints_does_not_matter(nowhere):
    program(nowhere / "python", "echo welcome 9.9; echo 3.7")
    assert find_interpreter("python") == str(nowhere / "python")


def test_a_name_that_does_not_exist(nowhere):
    (nowhere / "home" / ".virtualenvs").mkdir(parents=True)
    error = refused("nosuch")
    assert "no interpreter, environment or command is called nosuch" in error.message
    assert str(nowhere / "home" / ".virtualenvs") in error.advice


def test_a_path_that_does_not_exist(nowhere):
    error = refused("no/such")
    assert "no such file or folder: no/such" in error.message
    assert os.getcwd() in error.advice


def test_a_folder_without_an_interpreter(nowhere):
    (nowhere / "folder").mkdir()
    assert f"found a folder without {Path('bin', 'python')}" in refused("folder").message


def test_a_file_that_cannot_be_started(nowhere):
    (nowhere / "text").write_text("hello")
    assert "Permission denied" in refused("text").message


@pytest.mark.parametrize(
    ("source", "found", "said"),
    [
        ("echo no >&2; exit 4", "exit code 4", "no"),
        ("kill -ILL $$", "signal SIGILL", ""),
        ("true", "exit code 0); it printed nothing", ""),
        ("echo hello", "exit code 0); see its last output above", "hello"),
    ],
)
def test_a_program_that_is_no_interpreter(nowhere, source, found, said):
    program(nowhere / "program", source)
    error = refused("program")
    assert found in error.message
    assert error.trace == said
    assert f"{nowhere / 'program'} -c" in error.advice


def test_one_that_is_too_old(nowhere):
    program(nowhere / "python", "echo 3.6")
    error = refused("python")
    assert "expected Python 3.7 or later, found 3.6 at" in error.message


def test_one_that_hangs(nowhere, monkeypatch):
    monkeypatch.setattr(interpreters, "_PATIENCE", 0.2)
    program(nowhere / "python", "exec /bin/sleep 600")
    assert "did not start within 0.2 s" in refused("python").message
