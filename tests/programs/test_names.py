"""Names that are no text, and programs that are no script: started, recorded, read and shown."""

from __future__ import annotations

import json
import os
import sys
import zipfile

import pytest

from support.commands import run
from support.programs import FinishedProgram, environment

pytestmark = pytest.mark.programs

CODE = """import numpy as np
import keras
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
for _ in range(12):
    model.predict(np.ones((8, 4), "float32"), verbose=0)
"""
#: Any system that takes bytes as names has these; in UTF-8 they are none.
FOLDER, SCRIPT, ARGUMENT = os.fsdecode(b"caf\xe9"), os.fsdecode(b"caf\xe9.py"), os.fsdecode(b"\xff \x1b[2J")
#: Python without UTF-8 mode, in the encoding of the C locale, which is ASCII.
ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def keras_profile(folder, *arguments, **variables):
    command = [sys.executable, "-m", "keras_profile", *arguments]
    return FinishedProgram(*run(command, folder, "", environment(**variables)), folder)


@pytest.mark.parametrize("variables", [{}, ASCII], ids=["utf-8", "ascii"])
def test_names_that_are_no_text_are_recorded_and_shown(tmp_path, variables):
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / SCRIPT).write_text(CODE)
    closer = ["--no-replay"] if variables else ["--seconds", "3"]
    ran = keras_profile(folder, "run", "--no-try", *closer, SCRIPT, ARGUMENT, **variables)
    assert ran.code == 0, ran.err
    assert "caf\\xe9.py: " in ran.err
    assert "\x1b" not in ran.err
    assert "capture failed" not in ran.err
    written = json.loads((ran.recording / "program.json").read_text(encoding="utf-8"))
    assert written["command"] == ["caf\\xe9.py", "\\xff \x1b[2J"]
    name = ran.recording.name
    for command in (["report", name, "--no-html"], ["list"], ["open", name, "--no-browser"]):
        done = keras_profile(folder, *command, **variables)
        assert (done.code, done.err) == (0, "")
    (folder / "reports").joinpath(name, "report.html").read_text(encoding="utf-8")


def test_an_archive_and_code_are_recorded_as_a_script_is(tmp_path):
    with zipfile.ZipFile(tmp_path / "app.pyz", "w") as archive:
        archive.writestr("__main__.py", CODE)
    for number, program in enumerate((["app.pyz"], ["-c", CODE])):
        folder = tmp_path / str(number)
        folder.mkdir()
        arguments = [str(tmp_path / program[0])] if number == 0 else program
        ran = keras_profile(folder, "run", "--no-try", "--no-replay", "--no-html", *arguments)
        assert ran.code == 0, ran.err
        assert sum(one["count"] for one in ran.report["groups"]) == 12
        assert ("app.pyz: " if number == 0 else "python -c: ") in ran.err
