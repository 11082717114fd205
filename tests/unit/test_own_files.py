"""The recorder's files in a program that closes all descriptors and uses their numbers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keras_profile.recorder import own_files
from keras_profile.recorder.own_files import (
    APPENDED,
    EMPTIED,
    NEW,
    OwnFile,
    Taken,
    names_of,
    read_file,
    write_file_whole,
)


@pytest.fixture(params=["held", "plain"])
def way(request, monkeypatch):
    """With the C library, and with functions of ``os``."""
    monkeypatch.setattr(own_files, "_FOUND", [] if request.param == "held" else [False])
    assert (own_files._held_descriptor() is None) == (request.param == "plain")


def test_what_is_written_is_read(way, tmp_path):
    path = str(tmp_path / "a")
    data = random.Random(0).randbytes(300_000)
    write_file_whole(path, EMPTIED, data)
    assert read_file(path) == data
    write_file_whole(path, EMPTIED, b"short")
    assert read_file(path) == b"short"
    assert os.stat(path).st_mode & 0o777 == 0o644 & ~_umask()


def test_errors_are_those_of_os(way, tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        read_file(str(tmp_path / "missing"))
    with pytest.raises(FileNotFoundError):
        names_of(str(tmp_path / "missing"))
    (tmp_path / "there").touch()
    with pytest.raises(FileExistsError):
        OwnFile(str(tmp_path / "there"), NEW)


def test_what_could_block_is_not_opened(way, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        read_file(str(tmp_path / "pipe"))


def test_names_are_those_in_the_folder(way, tmp_path):
    names = ["a", ".hidden", "caf\xe9", "x" * 200, os.fsdecode(b"caf\xe9")]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    assert sorted(names_of(str(tmp_path))) == sorted([*names, "folder"])


def test_a_number_that_is_another_files_is_neither_used_nor_closed(way, tmp_path):
    file = OwnFile(str(tmp_path / "own"), NEW)
    theirs = os.open(tmp_path / "theirs", os.O_RDWR | os.O_CREAT)
    number = file._descriptor.number
    os.dup2(theirs, number)
    for use in (lambda: file.write(b"ours"), lambda: file.cut(0), file.read, file.move_up):
        with pytest.raises(Taken):
            use()
    file.close()
    assert os.fstat(number).st_size == 0
    os.close(number)
    os.close(theirs)


@pytest.mark.parametrize("flags", [NEW, EMPTIED, APPENDED])
def test_a_file_that_the_program_closes_is_opened_again(way, tmp_path, monkeypatch, flags):
    closed = []
    write = OwnFile.write

    def close_first(file, data):
        if len(closed) < 2:
            closed.append(file._descriptor.number)
            os.close(file._descriptor.number)
        write(file, data)

    monkeypatch.setattr(OwnFile, "write", close_first)
    write_file_whole(str(tmp_path / "a"), flags, b"all of it")
    assert (tmp_path / "a").read_bytes() == b"all of it"
    assert len(closed) == 2


def test_a_program_that_closes_all_the_time_keeps_its_files(tmp_path):
    """In a process of its own, whose other descriptors nobody needs. With ``os`` alone this fails."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("closing_all.py")), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "files: True\n", "")


def test_the_library_is_waited_for_while_ctypes_is_imported(monkeypatch):
    monkeypatch.setattr(own_files, "_FOUND", [])
    half = types.ModuleType("ctypes")
    half.pythonapi = None
    half.__spec__ = types.SimpleNamespace(_initializing=True)
    with monkeypatch.context() as during:
        during.setitem(sys.modules, "ctypes", half)
        assert own_files._held_descriptor() is None
    assert own_files._held_descriptor() is not None


def test_descriptors_do_not_leak(way, tmp_path):
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(50):
        write_file_whole(str(tmp_path / "a"), EMPTIED, b"1")
        read_file(str(tmp_path / "a"))
        names_of(str(tmp_path))
        file = OwnFile(str(tmp_path / "a"), EMPTIED)
        file.move_up()
        file.close()
    assert set(os.listdir("/proc/self/fd")) == before


def test_threads_write_at_the_same_time(way, tmp_path):
    def write(number):
        for _ in range(200):
            write_file_whole(str(tmp_path / number), EMPTIED, number.encode() * 1000)
            assert read_file(str(tmp_path / number)) == number.encode() * 1000

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, "0123")) == [None] * 4


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
