"""The files of a recorded process: new ones alone, whole lines and rows, whatever the program does."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import threading
from contextlib import contextmanager

import numpy as np
import pytest

from keras_profile.recorder import own_files
from keras_profile.recorder.program.process_files import ProcessFiles
from keras_profile.recorder.protocol import CALL_FIELDS, events

ROW = tuple(range(12))


def lines(folder):
    return [json.loads(line) for line in (folder / "process.jsonl").read_text().splitlines()]


def rows(folder):
    return np.fromfile(folder / "calls.bin", dtype=list(CALL_FIELDS))


def names(folder):
    return [event["name"] for event in lines(folder)]


@pytest.fixture(params=["held", "plain"])
def files(tmp_path, request, monkeypatch):
    """Files in which a line and a row are written, with the C library or with functions of ``os``."""
    monkeypatch.setattr(own_files, "_FOUND", [] if request.param == "held" else [False])
    made = ProcessFiles(str(tmp_path), 7)
    made.event(events.Thread(0, "first"))
    made.call(*ROW)
    return made


def handles(files):
    return [file._file._descriptor.number for file in files._files.values() if file._file is not None]


def test_each_image_of_a_number_has_a_folder_of_its_own(tmp_path):
    for name in ("a", "b", "c"):
        ProcessFiles(str(tmp_path), 7).event(events.Thread(0, name))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["process-7", "process-7-2", "process-7-3"]
    assert [names(tmp_path / f"process-7{image}") for image in ("", "-2", "-3")] == [["a"], ["b"], ["c"]]


@pytest.mark.parametrize("kind", ["link", "file", "dangling"])
def test_a_folder_that_is_there_is_never_written_to(tmp_path, kind):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    program = tmp_path / "program"
    program.mkdir()
    place = program / "process-7"
    if kind == "file":
        place.write_text("mine")
    else:
        place.symlink_to(elsewhere if kind == "link" else tmp_path / "nothing")
    ProcessFiles(str(program), 7).event(events.Thread(0, "a"))
    assert list(elsewhere.iterdir()) == []
    assert not (tmp_path / "nothing").exists()
    assert names(program / "process-7-2") == ["a"]


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    made = ProcessFiles(str(tmp_path / "program"), 7)
    (tmp_path / "program").mkdir()
    os.symlink(victim, os.path.join(made.folder, "calls.bin"))
    with pytest.raises(OSError, match="exists"):
        made.call(*ROW)
    assert victim.read_text() == "mine"


def test_descriptors_are_out_of_the_way(files):
    assert min(handles(files)) > 100


def test_a_program_that_closes_all_and_opens_files_of_its_own_finds_nothing_in_them(files, tmp_path):
    numbers = handles(files)
    for number in numbers:
        os.close(number)
    own = [os.open(tmp_path / f"own{number}", os.O_RDWR | os.O_CREAT) for number in numbers]
    for opened, number in zip(own, numbers, strict=True):
        os.dup2(opened, number)
    files.event(events.Thread(1, "second"))
    files.call(*ROW)
    assert [os.fstat(number).st_size for number in numbers] == [0, 0]
    assert names(tmp_path / "process-7") == ["first", "second"]
    assert len(rows(tmp_path / "process-7")) == 2
    for number in {*own, *numbers}:
        os.close(number)


def test_a_socket_that_has_the_number_gets_nothing(files, tmp_path):
    mine, theirs = socket.socketpair()
    for number in handles(files):
        os.dup2(mine.fileno(), number)
    files.event(events.Thread(1, "second"))
    files.call(*ROW)
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        theirs.recv(10)
    assert names(tmp_path / "process-7") == ["first", "second"]


def test_what_is_the_programs_by_now_is_not_closed(files, tmp_path):
    numbers = handles(files)
    with (tmp_path / "own").open("w") as own:
        for number in numbers:
            os.dup2(own.fileno(), number)
        for file in files._files.values():
            file.close()
        assert all(os.fstat(number).st_size == 0 for number in numbers)
    for number in numbers:
        os.close(number)


def test_a_file_that_was_replaced_by_another_is_not_written_to(files, tmp_path):
    path = tmp_path / "process-7" / "calls.bin"
    path.unlink()
    path.write_text("mine")
    os.close(files._files["calls.bin"]._file._descriptor.number)
    with pytest.raises(OSError, match="replaced"):
        files.call(*ROW)
    assert path.read_text() == "mine"


def test_a_folder_that_is_gone_is_an_error(files):
    shutil.rmtree(files.folder)
    for handle in handles(files):
        os.close(handle)
    with pytest.raises(FileNotFoundError):
        files.call(*ROW)


@contextmanager
def room_in(path, size):
    """A file takes ``size`` bytes more, and then nothing, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 1, 40])
def test_of_what_finds_no_room_nothing_is_left(files, tmp_path, room):
    """A full disk takes the beginning of a line, and then nothing."""
    folder = tmp_path / "process-7"
    with room_in(folder / "process.jsonl", room), pytest.raises(OSError, match="too large"):
        files.event(events.Thread(1, "a name that finds no room " * 9))
    with room_in(folder / "calls.bin", room), pytest.raises(OSError, match="too large"):
        files.call(*ROW)
    files.event(events.Thread(2, "third"))
    files.call(*ROW)
    assert names(tmp_path / "process-7") == ["first", "third"]
    assert rows(tmp_path / "process-7").tolist() == [ROW, ROW]


def test_lines_of_many_threads_are_whole(files, tmp_path):
    def write(thread):
        for number in range(200):
            files.event(events.Thread(thread, f"{thread}-{number}"))
            files.call(*ROW)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"{thread}-{number}" for thread in range(1, 5) for number in range(200)} | {"first"}
    assert set(names(tmp_path / "process-7")) == expected
    assert len(rows(tmp_path / "process-7")) == 801


def test_the_spans_of_many_groups_keep_no_file_open(files):
    for group in range(20):
        files.spans(group, np.array([1, -2]), np.array([10, 20]))
        files.spans(group, np.array([3, -4]), np.array([30, 40]))
    assert len(handles(files)) == 2
    path = os.path.join(files.folder, "groups", "19", "spans.bin")
    assert np.fromfile(path, dtype="<i8").tolist() == [2, 1, -2, 10, 20, 2, 3, -4, 30, 40]


def test_a_failed_replacement_leaves_the_file_that_was_there(files, tmp_path):
    files.replace("stacks.json", {"a": 1})
    folder = tmp_path / "process-7"
    with room_in(folder / "stacks.json", 1), pytest.raises(OSError, match="too large"):
        files.replace("stacks.json", {"a": "much longer " * 9})
    assert json.loads((folder / "stacks.json").read_text()) == {"a": 1}
    assert not list(folder.glob("*.part"))


def test_any_byte_of_a_name_can_be_written(files, tmp_path):
    files.event(events.Thread(1, os.fsdecode(b"caf\xe9")))
    assert len(lines(tmp_path / "process-7")) == 2
