"""Programs and models are told apart by what Python and Keras take; a program runs as without us."""

from __future__ import annotations

import os
import py_compile
import subprocess
import sys
import zipfile

import pytest

from keras_profile import cli
from keras_profile.cli.targets import is_program
from keras_profile.errors import KerasProfileError

CODE = "import sys\nprint(sys.argv, sys.flags.optimize, sys.flags.dev_mode, sys.warnoptions, __name__)\n"


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """A folder with programs, models, and what is neither."""
    monkeypatch.chdir(tmp_path)
    for name in ("app.py", "-x.py", "script", "report", "caf\udce9", "odd.name"):
        (tmp_path / name).write_text(CODE)
    (tmp_path / "shebang").write_text("#!/usr/bin/env python3\n" + CODE)
    (tmp_path / "newer").write_text("#!/usr/bin/env python3\nmatch x:\n  case [*_]: type x = 1 ... \n")
    py_compile.compile("app.py", cfile="compiled")
    for name in ("app.pyz", "zipped"):
        with zipfile.ZipFile(name, "w") as archive:
            archive.writestr("__main__.py", CODE)
    with zipfile.ZipFile("model.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    for name in ("folder", "empty", "exported"):
        (tmp_path / name).mkdir()
    (tmp_path / "folder" / "__main__.py").write_text(CODE)
    (tmp_path / "exported" / "saved_model.pb").write_bytes(b"")
    (tmp_path / "data.bin").write_bytes(b"\x00\x01")
    (tmp_path / "old.h5").write_bytes(b"\x89HDF")
    (tmp_path / "table").write_text("a,b c\n")
    with zipfile.ZipFile("other", "w") as archive:
        archive.writestr("x", "")
    (tmp_path / "torn").write_bytes((tmp_path / "zipped").read_bytes()[:-3])
    return tmp_path


@pytest.mark.parametrize(
    "target",
    [
        *("app.py", "-x.py", "script", "report", "caf\udce9", "odd.name", "shebang", "newer", "compiled"),
        *("app.pyz", "zipped", "folder", "-", "missing.py", os.devnull),
    ],
)
def test_a_program_is_what_python_runs(target):
    assert is_program(target)


@pytest.mark.parametrize(
    "target",
    ["model.keras", "old.h5", "exported", "app.py:build", "package.module:build", "missing.keras", "missing"],
)
def test_a_model_is_what_keras_loads(target):
    assert not is_program(target)


@pytest.mark.parametrize("target", ["empty", "data.bin", "table", "other", "torn"])
@pytest.mark.parametrize("command", ["run", "profile"])
def test_what_is_neither_is_said_so(capsys, files, command, target):
    with pytest.raises(KerasProfileError, match="expected a program or a model, found a"):
        is_program(target)
    assert cli.main([command, target]) == 2
    assert capsys.readouterr().err.startswith(f"keras-profile: {target}: expected a program or a model")
    assert not (files / "traces").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "-I", "app.py"], "-I: expected a Python that reads its environment"),
        (["run", "-u", "-E", "app.py"], "-E: expected a Python that reads its environment"),
        (["run", "-O", "model.keras"], "-O is for a program, and model.keras is a model"),
        (["run", "missing.py"], "missing.py: expected a Python program, but there is no such file"),
        (["profile", "app.pyz"], "app.pyz: expected a model, found a program"),
        (["profile", "folder"], "folder: expected a model, found a program"),
    ],
)
def test_what_does_not_go_together_is_said(capsys, arguments, words):
    assert cli.main(arguments) == 2
    assert capsys.readouterr().err.startswith(f"keras-profile: {words}")


@pytest.mark.parametrize("arguments", [["-c"], ["-m"], ["-X"], []])
def test_a_program_is_asked_for(capsys, arguments):
    with pytest.raises(SystemExit):
        cli.main(["run", *arguments])
    assert "see keras-profile run --help" in capsys.readouterr().err


@pytest.fixture
def started(monkeypatch):
    """What Python would be given, in place of running it."""
    given = []

    def run(content, arguments, *rest):
        given.append((arguments, content.command))
        raise KerasProfileError("nothing is run here")

    monkeypatch.setattr("keras_profile.launch.program_process.run_program", run)
    return given


@pytest.mark.parametrize(
    ("arguments", "given", "command"),
    [
        (["--", "-x.py", "a"], ["--", "-x.py", "a"], ["-x.py", "a"]),
        (["-O", "app.py", "-O"], ["-O", "app.py", "-O"], ["app.py", "-O"]),
        (["-OO", "-bbu", "app.py"], ["-O", "-O", "-b", "-b", "-u", "app.py"], ["app.py"]),
        (["-X", "dev", "-Werror", "app.py"], ["-X", "dev", "-W", "error", "app.py"], ["app.py"]),
        (
            ["--seconds", "3", "-Xdev", "folder", "--seconds"],
            ["-X", "dev", "folder", "--seconds"],
            ["folder", "--seconds"],
        ),
        (["-c", "print(1)", "-c", "x"], ["-c", "print(1)", "-c", "x"], None),
        (["-O", "-m", "app", "-m"], ["-O", "-m", "app", "-m"], ["-m", "app", "-m"]),
        (["-", "a"], ["-", "a"], None),
        (["report", "report"], ["report", "report"], None),
        (["zipped", "--", "x"], ["zipped", "--", "x"], None),
    ],
)
def test_what_is_pythons_goes_to_python(started, arguments, given, command):
    assert cli.main(["run", "--quiet", *arguments]) == 2
    assert started == [(given, given if command is None else command)]


def test_programs_run_as_python_runs_them(files):
    """Those that differ most, with a name that is no text among them."""
    for arguments in (["-Xdev", "-W", "error::SyntaxWarning", "-OO", "caf\udce9", "\udcff"], ["--", "-x.py"]):
        found = []
        for command in ([], ["-m", "keras_profile", "run", "--quiet"]):
            line = [sys.executable, *command, *arguments]
            done = subprocess.run(line, capture_output=True, check=False)
            found.append((done.returncode, done.stdout))
        assert found[0] == found[1]
        assert found[0][0] == 0
