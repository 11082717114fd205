"""Sources that are read in the middle of a program."""

from __future__ import annotations

import linecache
import os

import pytest

from keras_profile.recorder.source_files import SourceLines, source_of


def test_a_source_has_the_encoding_that_it_names(tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes("# coding: latin-1\r\nname = 'caf\xe9'\r\n".encode("latin-1"))
    assert source_of(str(path)) == "# coding: latin-1\nname = 'caf\xe9'\n"
    assert SourceLines().line(str(path), 2) == "name = 'caf\xe9'"


@pytest.mark.parametrize("content", [b"\xff\n", b"# coding: unknown-one\n", None])
def test_a_line_that_cannot_be_read_is_empty(tmp_path, content):
    path = tmp_path / "a.py"
    if content is not None:
        path.write_bytes(content)
    assert SourceLines().line(str(path), 1) == ""


@pytest.mark.parametrize("number", [-1, 0, 3, 9])
def test_a_line_that_is_not_there_is_empty(tmp_path, number):
    (tmp_path / "a.py").write_text("first\nsecond")
    assert SourceLines().line(str(tmp_path / "a.py"), number) == ""


def test_lines_are_counted_as_python_counts_them(tmp_path):
    (tmp_path / "a.py").write_text("first\n\x0c\nthird \x1c still\n", encoding="utf-8")
    assert SourceLines().line(str(tmp_path / "a.py"), 3) == "third \x1c still"


def test_a_source_that_is_only_announced_is_read_from_its_file(tmp_path, monkeypatch):
    path = tmp_path / "a.py"
    path.write_text("first\n")
    monkeypatch.setitem(linecache.cache, str(path), (lambda: 1 / 0,))
    assert SourceLines().line(str(path), 1) == "first"


def test_the_programs_linecache_stays_as_it_is(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("    first\n")
    before = dict(linecache.cache)
    assert SourceLines().line(str(path), 1) == "first"
    assert linecache.cache == before


def test_a_cell_of_a_notebook_is_in_linecache_alone(monkeypatch):
    text = "model.predict(x)\n"
    monkeypatch.setitem(linecache.cache, "<cell 1>", (len(text), None, [text], "<cell 1>"))
    assert SourceLines().line("<cell 1>", 1) == "model.predict(x)"


def test_a_relative_path_is_looked_for_where_modules_are(tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("found\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert SourceLines().line("only_here.py", 1) == "found"


def test_a_pipe_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert SourceLines().line(str(tmp_path / "pipe"), 1) == ""
