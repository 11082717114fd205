"""A recording that was made on Windows is read here: lines are named by their files alone."""

from __future__ import annotations

import pytest

from keras_profile import cli
from support import streams


@pytest.mark.parametrize(
    "file", ["C:\\Users\\me\\app.py", "d:/srv/app.py", "\\\\host\\share\\app.py", "/home/me/app.py"]
)
def test_lines_of_a_program_are_named_by_their_files(tmp_path, monkeypatch, capfd, file):
    monkeypatch.chdir(tmp_path)
    made = streams.program(tmp_path / "traces" / "made", command=[file])
    process = streams.Process(made)
    process.site(file=file)
    process.group()
    process.calls(40)
    process.end()
    assert cli.main(["report", "made", "--no-html"]) == 0
    out = capfd.readouterr().out
    assert "predict at app.py:41" in out
    assert out.startswith("app.py: ")
    # The group's own heading may say where the file is; nothing else does.
    assert "\\app.py" not in out.partition("1. ")[0]
