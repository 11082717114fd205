"""Recordings that are damaged, or made to do harm: what is whole is shown, and what is not is named."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from keras_profile.analysis import program_report
from keras_profile.cli import main
from keras_profile.errors import KerasProfileError, RecordingError
from keras_profile.recorder.protocol import CALL_BEGIN, CALL_END, CALL_FIELDS, CALL_ROW
from keras_profile.recordings import regular_files
from keras_profile.recordings.opened import OpenedProgram, open_recording
from keras_profile.recordings.program_groups import read_program
from keras_profile.recordings.readers.spans import pair_events, read_spans
from keras_profile.recordings.spans_of_calls import MOST_DEPTH
from keras_profile.recordings.writing import make_folder, write_files
from support import streams
from support.golden import ROOT

DEMO = ROOT / "traces" / "demo-keras-3.15"
ROW = struct.calcsize(CALL_ROW)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder with the recording ``prog`` of a program, and a file that nothing may touch."""
    here = tmp_path / "here"
    streams.usual(here / "traces" / "prog")
    monkeypatch.chdir(here)
    (here / "victim").write_text("precious")
    return here


@pytest.fixture
def process(here):
    return here / "traces" / "prog" / "process-100"


@pytest.fixture
def work(here):
    """The recording of a workload, without what takes long to read."""
    folder = here / "traces" / "work"
    folder.mkdir()
    for name in ("recording.json", "spans.npz", "cprofile.json"):
        shutil.copy(DEMO / name, folder)
    session = json.loads((DEMO / "pyinstrument.pyisession").read_bytes())
    session["frame_records"] = session["frame_records"][:40]
    (folder / "pyinstrument.pyisession").write_text(json.dumps(session))
    trace = sorted(DEMO.rglob("*.xplane.pb"))[0]
    (folder / trace.relative_to(DEMO)).parent.mkdir(parents=True)
    shutil.copy(trace, folder / trace.relative_to(DEMO))
    return folder


def reported(name, *options):
    """The report of a recording, as the command line writes it, and the exit code."""
    shutil.rmtree("reports", ignore_errors=True)
    code = main(["report", name, "--no-html", *options])
    return None if code else json.loads((Path("reports") / name / "report.json").read_bytes()), code


def said_in(report):
    """The notes of a report, and of a program's groups."""
    groups = report.get("groups", [])
    return " | ".join([*report["notes"], *(note for group in groups for note in group["notes"])])


def notes_of(name):
    report, code = reported(name)
    assert code == 0
    return said_in(report)


def contents(folder):
    """Every file and link below a folder with what is in it."""
    return {
        str(path): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_symlink() or path.is_file()
    }


# --- nothing is written where it must not be ---


def _own_link(here, process):
    group = process / "groups" / "0"
    (group / "recording.json").symlink_to(here / "victim")


def _dangling_link(here, process):
    (process / "groups" / "0" / "recording.json").symlink_to(here / "new")


def _link_for_spans(here, process):
    (process / "groups" / "0" / "spans.npz").symlink_to(here / "victim")


def _group_elsewhere(here, process):
    (here / "elsewhere").mkdir()
    shutil.move(process / "groups" / "0", here / "elsewhere" / "0")
    (process / "groups" / "0").symlink_to(here / "elsewhere" / "0")


def _groups_elsewhere(here, process):
    (here / "elsewhere").mkdir()
    shutil.move(process / "groups", here / "elsewhere" / "groups")
    (process / "groups").symlink_to(here / "elsewhere" / "groups")


@pytest.mark.parametrize(
    "attack",
    [
        lambda here, process: None,
        _own_link,
        _dangling_link,
        _link_for_spans,
        _group_elsewhere,
        _groups_elsewhere,
    ],
)
def test_what_reads_a_program_writes_nothing_into_it(here, process, attack, capsys):
    attack(here, process)
    before = contents(here)
    for arguments in (
        ["report", "prog"],
        ["open", "prog", "--no-browser"],
        ["list"],
        ["export", "prog/process-100/groups/0", "--format", "speedscope"],
    ):
        assert main(arguments) == 0, capsys.readouterr().err
    after = contents(here)
    assert {path: after[path] for path in before} == before
    new = {os.path.relpath(path, here).split(os.sep)[0] for path in after.keys() - before.keys()}
    assert new == {"reports", "prog-process-100-groups-0.speedscope.json"}


def _reports(here):
    (here.parent / "elsewhere").mkdir()
    (here / "reports").symlink_to(here.parent / "elsewhere")
    return ["report", "prog"]


def _page(here):
    main(["report", "prog", "--no-html"])
    (here / "reports" / "prog" / "report.html").symlink_to(here / "new")
    return ["open", "reports/prog", "--no-browser"]


def _group_page(here):
    main(["report", "prog", "--no-html"])
    shutil.rmtree(here / "reports" / "prog" / "group-1")
    (here / "elsewhere").mkdir()
    (here / "reports" / "prog" / "group-1").symlink_to(here / "elsewhere")
    return ["open", "reports/prog", "--no-browser"]


def _pyinstrument_page(here):
    main(["report", "work"])
    page = here / "reports" / "work" / "pyinstrument.html"
    page.unlink()
    page.symlink_to(here / "new")
    return ["open", "reports/work", "--no-browser", "--in", "pyinstrument"]


def _whole_report(here):
    main(["report", "prog", "--no-html"])
    shutil.move(here / "reports" / "prog", here / "elsewhere")
    (here / "reports" / "prog").symlink_to(here / "elsewhere")
    return ["open", "reports/prog", "--no-browser"]


def _export(here):
    (here / "out.prof").symlink_to(here / "new")
    return ["export", "work", "--format", "pstats", "--output", "out.prof"]


@pytest.mark.parametrize(
    "attack",
    [_reports, _page, _group_page, _pyinstrument_page, _whole_report, _export],
    ids=lambda one: one.__name__,
)
def test_links_in_the_way_of_a_report_are_refused(here, work, attack, capsys):
    arguments = attack(here)
    before = contents(here.parent)
    capsys.readouterr()
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "link" in said or "already exists" in said
    assert contents(here.parent) == before


def test_files_are_written_whole_or_not_at_all(tmp_path):
    (tmp_path / "report.json").write_text("old")
    write_files(tmp_path, [("report.json", b"new"), ("a/b.txt", b"below")])
    assert contents(tmp_path) == {
        str(tmp_path / "report.json"): b"new",
        str(tmp_path / "a" / "b.txt"): b"below",
    }
    (tmp_path / "folder").mkdir()
    with pytest.raises(KerasProfileError, match="cannot be written"):
        write_files(tmp_path, [("folder", b"no")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder", "report.json"]


@pytest.mark.parametrize("command", [["report", "prog"], ["open", "prog", "--no-browser"]])
def test_nothing_stays_of_a_report_that_failed(here, process, command, capsys):
    (process / "process.jsonl").write_bytes(b"\x00")
    assert main(command) == 2
    assert not (here / "reports").exists()


def test_a_recording_that_may_not_be_written_to_is_reported(here, process):
    folders = [here / "traces", *(path for path in (here / "traces").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert main(["report", "prog", "--no-html", "--output", "out"]) == 0
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert (here / "out" / "reports" / "prog" / "report.json").is_file()


# --- processes of one number, and their clocks ---


def _two_processes(here, first, second):
    """Two processes, the second ten seconds after the first, with what each tells of itself changed."""
    folder = streams.program(here / "traces" / "two")
    made = streams.Process(folder)
    made.site()
    made.group()
    made.calls(8)
    made.end()
    shutil.copytree(made.folder, folder / second.pop("folder", "process-101"))
    for place, changed in ((made.folder, first), (folder / "process-100-2", second)):
        if not place.is_dir():
            place = folder / "process-101"
        lines = (place / "process.jsonl").read_text().splitlines()
        lines[0] = json.dumps({**json.loads(lines[0]), **changed})
        (place / "process.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_two_processes_of_one_number_are_two(here):
    _two_processes(here, {}, {"folder": "process-100-2", "time": streams.TIME + 10})
    report, code = reported("two")
    assert code == 0
    assert [one["name"] for one in report["program"]["processes"]] == ["100 (1 of 2)", "100 (2 of 2)"]
    (group,) = report["groups"]
    assert group["count"] == 18
    assert group["processes"] == [100, 100]
    assert [one["thread"] for one in group["threads"]] == [
        "MainThread of process 100 (1 of 2)",
        "MainThread of process 100 (2 of 2)",
    ]


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [
        ({}, {"time": streams.TIME + 86_400}, 86_400),
        ({"boot": "a"}, {"boot": "b", "time": streams.TIME + 86_400}, 86_400),
        ({"boot": "a"}, {"time": streams.TIME + 86_400}, 86_400),
        ({"boot": "a"}, {"boot": "a", "time": streams.TIME - 86_400}, 0),
        ({"boot": "a"}, {"boot": "a", "time": streams.TIME + 86_400}, 0),
        ({"boot": "a"}, {"boot": "a"}, 0),
    ],
)
def test_processes_of_one_boot_share_its_clock(here, first, second, seconds):
    """The time of day may be set between two processes; the machine's own clock goes on."""
    folder = _two_processes(here, first, {"pid": 101, **second})
    found = read_program(folder)
    starts = [one.started_ns for one in found.processes]
    assert abs((starts[1] - starts[0]) / 1e9 - seconds) < 1e-6
    report, _ = reported("two")
    assert report["program"]["wall_ns"] >= seconds * 10**9
    assert report["program"]["wall_ns"] < (seconds + 10) * 10**9


# --- lines that are torn ---


def _lines(process, change):
    path = process / "process.jsonl"
    path.write_bytes(change(path.read_bytes()))


def _cut_in(data, kind, at=30):
    """The data with one line of a kind cut off after some bytes, so that the next follows it."""
    lines = data.splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if kind in line)
    lines[number] = lines[number][:at]
    return b"".join(lines)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data, ""),
        (lambda data: data[:-4], ""),
        (lambda data: _cut_in(data, b'"overhead"'), "1 damaged line"),
        (lambda data: _cut_in(data, b'"thread"', 12), "1 damaged line"),
        (lambda data: data.replace(b'{"event": "thread"', b'{"event": 7', 1), "1 damaged line"),
        (lambda data: data.replace(b"\n", b"\n\x00\xff\x00\n", 3), "3 damaged lines"),
        (lambda data: data.replace(b"}\n{", b"}{"), ""),
        (lambda data: data.replace(b'"at_ns": ', b'"at_ns": -'), "damaged line"),
        (lambda data: data[data.index(b"\n") + 1 :], "the line about the process itself"),
    ],
)
def test_a_torn_line_is_left_out_and_said(process, change, words):
    _lines(process, change)
    report, code = reported("prog")
    assert code == 0
    assert report["program"]["calls"] == 41
    assert words in said_in(report)
    assert words or "damaged" not in said_in(report)


@pytest.mark.parametrize("text", [b"caf\xe9.py", b"caf\\udce9.py", b"\xff\xfec\xe9.py", b"\\ud800\\ud801"])
def test_text_of_any_bytes_is_read(process, text, capsys):
    _lines(process, lambda data: data.replace(b"/home/u/app.py", text))
    report, code = reported("prog")
    assert code == 0
    assert report["program"]["calls"] == 41
    assert main(["list"]) == 0


def test_a_process_that_tells_nothing_is_named_and_the_others_are_shown(here):
    folder = _two_processes(here, {}, {"pid": 101})
    (folder / "process-101" / "process.jsonl").unlink()
    assert "process-101 is left out" in notes_of("two")
    (folder / "process-101" / "process.jsonl").mkdir()
    assert "found a folder" in notes_of("two")


@pytest.mark.parametrize("content", [None, b"{", b"[]", b'{"schema": 1}'])
def test_a_program_whose_driver_told_nothing_is_reported_and_listed(here, content, capsys):
    """A process may outlive its driver and make the folder again."""
    path = here / "traces" / "prog" / "program.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert "the program's start and end are unknown" in notes_of("prog")
    capsys.readouterr()
    assert main(["list"]) == 0
    assert "41 calls" in capsys.readouterr().out


# --- rows and blocks ---


def _rows(process, change):
    path = process / "calls.bin"
    path.write_bytes(change(path.read_bytes()))


def _with(data, row, **fields):
    rows = np.frombuffer(data, dtype=list(CALL_FIELDS)).copy()
    for name, value in fields.items():
        rows[name][row] = value
    return rows.tobytes()


@pytest.mark.parametrize(
    ("change", "calls", "words"),
    [
        (lambda data: data, 41, ""),
        (lambda data: data[:-5], 40, ""),
        (lambda data: data[: 5 * ROW] + data[5 * ROW + 20 :], 40, "44 bytes"),
        (lambda data: b"\x07\x07\x07" + data, 41, "3 bytes"),
        (lambda data: data[: 9 * ROW] + b"{}\n" + data[9 * ROW :], 41, "3 bytes"),
        (lambda data: data[: 9 * ROW] + data[9 * ROW : 10 * ROW] + data[9 * ROW :], 41, "1 call"),
        (lambda data: data[: 9 * ROW] + data[: 9 * ROW] + data[9 * ROW :], 41, "9 calls"),
        (lambda data: _with(data, 7, wall_ns=-5), 40, "64 bytes"),
        (lambda data: _with(data, 7, wall_ns=1 << 60), 40, "64 bytes"),
        (lambda data: _with(data, 7, begin_ns=1 << 61), 40, "64 bytes"),
        (lambda data: _with(data, 7, capture=99), 40, "64 bytes"),
        (lambda data: _with(data, 7, flags=64), 40, "64 bytes"),
        (lambda data: _with(data, 7, group=9), 41, "the target of 1 call"),
        (lambda data: _with(data, 7, cpu_ns=-1), 40, "64 bytes"),
    ],
)
def test_rows_that_no_call_can_have_are_left_out_and_said(process, change, calls, words):
    _rows(process, change)
    report, code = reported("prog")
    assert code == 0
    assert report["program"]["calls"] == calls
    notes = said_in(report)
    assert words in notes
    assert words or "damaged" not in notes


def test_calls_out_of_the_order_of_time_are_left_out(process):
    """Of a process without its end, where nothing says until when it ran."""
    _lines(process, lambda data: b"".join(line for line in data.splitlines(True) if b'"ended"' not in line))
    _rows(process, lambda data: _with(data, 20, begin_ns=1 << 50))
    report, _ = reported("prog")
    assert report["program"]["calls"] == 40
    assert report["program"]["wall_ns"] < 10**11
    assert "1 call of calls.bin with times out of order" in said_in(report)


def _numbers(process, at, change):
    path = process / "groups" / "0" / "spans.bin"
    numbers = np.frombuffer(path.read_bytes(), dtype="<i8").copy()
    numbers[at] = change(numbers[at])
    path.write_bytes(numbers.tobytes())


#: A block of :func:`streams.Process.spans`: the number of events, four codes and four times.
BLOCK = 9


@pytest.mark.parametrize(
    ("at", "change"),
    [
        (BLOCK * 3 + 6, lambda time: time + 13_000_000_000),  # the 13,608 ms of a call of 10 ms
        (BLOCK * 3 + 6, lambda time: -time),
        (BLOCK * 3 + 7, lambda time: 0),
        (BLOCK * 3 + 8, lambda time: time + 1),
        (BLOCK * 3 + 5, lambda time: time - 1),
        (BLOCK * 3, lambda count: 3),
        (BLOCK * 3, lambda count: -1),
        (BLOCK * 3, lambda count: 1 << 40),
        (BLOCK * 3 + 1, lambda code: 5),
        (BLOCK * 3 + 4, lambda code: 1 << 62),
    ],
)
def test_spans_that_no_call_can_have_are_left_out_and_said(process, at, change):
    whole, _ = reported("prog")
    _numbers(process, at, change)
    report, code = reported("prog")
    assert code == 0
    assert "spans" in said_in(report)
    for one, other in zip(
        report["groups"][0]["attribution"]["phases"], whole["groups"][0]["attribution"]["phases"]
    ):
        assert one["phase"] == other["phase"]
        assert one["share"] == pytest.approx(other["share"], abs=0.02)


def test_a_block_that_is_lost_leaves_the_others_with_their_calls(process):
    path = process / "groups" / "0" / "spans.bin"
    data = path.read_bytes()
    size = 8 * BLOCK
    path.write_bytes(data[: 2 * size + 11] + data[3 * size :])
    opened = open_recording(process / "groups" / "0")
    cold, warm = opened.timelines
    assert (cold.calls, warm.calls) == (1, 9)
    assert "11 bytes" in opened.damage[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda codes, times: (codes, times[::-1].copy()),
        lambda codes, times: (codes, times - (1 << 62)),
        lambda codes, times: (codes, np.zeros_like(times)),
        lambda codes, times: (np.where(codes == 3, 10**6, np.where(codes == -4, -(10**6) - 1, codes)), times),
        lambda codes, times: (codes[:-1], times[:-1]),
        lambda codes, times: (codes, times * 3),
    ],
)
def test_a_report_of_damaged_spans_has_no_impossible_figure(work, change):
    with np.load(work / "spans.npz") as file:
        codes, times = change(file["codes"].astype(np.int64), file["times"].astype(np.int64))
    np.savez(work / "spans.npz", codes=codes, times=times)
    report, code = reported("work")
    assert code == 0
    shares = [one["share"] for one in report["attribution"]["phases"]]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) == pytest.approx(1, abs=1e-4)


# --- captures, and lists ---


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cprofile.json", b"{"),
        ("cprofile.json", b'{"calls": 9223372036854775808}'),
        ("pyinstrument.pyisession", b'{"frame_records": ['),
        ("spans.npz", b"PK\x03\x04"),
        ("trials.json", b"[]"),
    ],
)
def test_a_damaged_capture_is_named_and_the_others_are_shown(work, name, content):
    (work / name).write_bytes(content)
    notes = notes_of("work")
    assert "damaged and left out" in notes
    assert name in notes


def test_of_a_damaged_trace_the_others_are_shown(work):
    trace = next(work.rglob("*.xplane.pb"))
    other = work / "tensorflow" / "round-02" / trace.relative_to(work / "tensorflow" / "round-01")
    other.parent.mkdir(parents=True)
    other.write_bytes(b"\xff" * 100)
    report, code = reported("work")
    assert code == 0
    assert report["attribution"]["native"]
    assert "round-02" in " ".join(report["notes"])


def test_an_export_of_what_is_damaged_says_so(work, capsys):
    (work / "cprofile.json").write_bytes(b"{")
    assert main(["export", "work", "--format", "pstats"]) == 2
    assert "cprofile" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["recording.json", "program.json"])
@pytest.mark.parametrize(
    "content", [b"{", b"", b'{"schema": {"name": "\\u001b[2J", "version": 1}}', "folder", "link"]
)
def test_a_list_goes_on_where_a_recording_cannot_be_read(here, name, content, capsys):
    bad = here / "traces" / "bad"
    bad.mkdir()
    if content == "folder":
        (bad / name).mkdir()
    elif content == "link":
        (bad / name).symlink_to("nothing")
    else:
        (bad / name).write_bytes(content)
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert "prog" in said
    assert "41 calls" in said
    assert "\x1b" not in said
    if content != "link" or name == "program.json":
        assert "bad" in said
    assert "Traceback" not in said


# --- what is no file, and what is too large ---

NAMES = ("process.jsonl", "calls.bin", "stacks.json", "groups/0/spans.bin", "groups/0/trials.json")


def _fifo(path):
    os.mkfifo(path)


def _device(path):
    path.symlink_to("/dev/zero")


def _sparse(path):
    with path.open("wb") as file:
        file.truncate(3 << 30)


def _memory(path):
    path.symlink_to("/proc/self/mem")


def _loop(path):
    path.symlink_to(path.name)


def _nothing(path):
    path.symlink_to("nothing")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "instead", [_fifo, _device, _memory, _sparse, _loop, _nothing, os.mkdir], ids=lambda one: one.__name__
)
def test_what_is_no_file_of_a_program_is_refused_at_once(process, name, instead, capsys):
    path = process / name
    path.unlink(missing_ok=True)
    instead(path)
    code = main(["report", "prog", "--no-html"])
    assert code == (2 if name in ("process.jsonl", "calls.bin") else 0)
    said = "".join(capsys.readouterr())
    assert path.name.partition(".")[0] in said
    assert main(["list"]) == 0


@pytest.mark.parametrize("name", ["cprofile.json", "pyinstrument.pyisession", "spans.npz", "trials.json"])
@pytest.mark.parametrize(
    "instead", [_fifo, _device, _memory, _sparse, _loop, os.mkdir], ids=lambda one: one.__name__
)
def test_what_is_no_file_of_a_recording_is_left_out(work, name, instead):
    (work / name).unlink(missing_ok=True)
    instead(work / name)
    assert name in notes_of("work")


def test_a_socket_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("here")
        with pytest.raises(RecordingError, match="found a socket"):
            regular_files.read_regular(tmp_path / "here")


def _archive(path, header, data=b""):
    text = header.ljust(117) + "\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("codes", "times"):
            head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
            file.writestr(f"{name}.npy", head + data)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000,)}",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000000000000,)}",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (4,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4,)}",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (4, 4)}",
        "{'descr': '<i8', 'fortran_order': False, 'shape': (4,)",
        "__import__('os').abort()",
    ],
)
def test_an_archive_that_lies_is_refused_before_memory_is_taken(tmp_path, header):
    _archive(tmp_path / "spans.npz", header, bytes(32))
    with pytest.raises(RecordingError, match=r"spans\.npz: expected the spans"):
        read_spans(tmp_path / "spans.npz")


def test_spans_that_are_nested_deep_are_read(tmp_path, here, work):
    depth = 100_000
    codes = np.concatenate([[CALL_BEGIN], np.full(depth, 7), np.full(depth, -8), [CALL_END]])
    made = pair_events(codes, np.arange(len(codes)))
    assert made.depth.max() == depth
    assert (made.parent == np.arange(-1, depth)).all()
    with np.load(work / "spans.npz") as file:
        old_codes, old_times = file["codes"].astype(np.int64), file["times"].astype(np.int64)
    # Within the first call.
    times = np.full(2 * depth, old_times[0])
    np.savez_compressed(
        work / "spans.npz",
        codes=np.concatenate([old_codes[:1], codes[1:-1], old_codes[1:]]),
        times=np.concatenate([old_times[:1], times, old_times[1:]]),
    )
    assert f"more than {MOST_DEPTH} deep" in notes_of("work")


def test_names_and_lines_are_cut_to_a_length_that_can_be_shown(process, capsys):
    long = b"x" * 1_000_000
    _lines(process, lambda data: data.replace(b"q = model.predict(x)", long))
    report, code = reported("prog")
    assert code == 0
    assert len(report["groups"][0]["site"]["source"]) < 20_000
    assert len(capsys.readouterr().out) < 200_000


def test_all_is_well_with_what_is_whole(here, work):
    for name in ("prog", "work"):
        report, code = reported(name)
        assert code == 0
        assert not [note for note in report["notes"] if "damaged" in note]
    opened = OpenedProgram(here / "traces" / "prog")
    assert opened.recording.damage == []
    assert [one.damage for one in opened.recording.processes] == [[]]


def test_a_group_whose_figures_cannot_be_is_shown_by_its_calls_alone(here, monkeypatch):
    healthy, _ = reported("prog")
    whole = program_report.workload_report

    def wrong(*given):
        report = whole(*given)
        return replace(report, attribution=replace(report.attribution, model_share=2.0))

    monkeypatch.setattr(program_report, "workload_report", wrong)
    report, code = reported("prog")
    assert code == 0
    assert [group["count"] for group in report["groups"]] == [group["count"] for group in healthy["groups"]]
    assert any(group["attribution"] for group in healthy["groups"])
    assert not any(group["attribution"] for group in report["groups"])
    assert "damaged and left out: impossible figure: Expected `float` <= 1.0" in said_in(report)


@pytest.mark.parametrize("of", ["trials", "original"])
def test_rounds_without_a_call_cost_the_trials_alone(work, of):
    def trial(walls):
        return {
            "recipe": None,
            "title": "as it is",
            "code": "y = model.predict(x)",
            "where": "in_process",
            "approximate": False,
            "status": "tried",
            "reason": "",
            "calls": 1,
            "warmup_ns": None,
            "peak_bytes": None,
            "outputs": None,
            "rounds": [{"round": 0, "wall_ns": walls}],
        }

    walls = {"original": [1000], "trials": [500], of: []}
    content = {
        "schema": {"name": "keras_profile.trials", "version": 1},
        "interrupted": False,
        "original": trial(walls["original"]),
        "original_elsewhere": None,
        "random_outputs": False,
        "trials": [trial(walls["trials"])],
        "scaling": [],
        "scaling_reason": "",
    }
    (work / "trials.json").write_text(json.dumps(content))
    notes = notes_of("work")
    assert "trials.json" in notes
    assert "wall_ns" in notes


def test_a_program_whose_whole_cannot_be_is_shown_by_its_calls(here, monkeypatch):
    healthy, _ = reported("prog")
    assert healthy["whole"]
    tree = program_report.program_tree

    def wrong(*given):
        first, *others = tree(*given)
        return [replace(first, self_ns=-1), *others]

    monkeypatch.setattr(program_report, "program_tree", wrong)
    report, code = reported("prog")
    assert code == 0
    assert report["whole"] is None
    assert [group["count"] for group in report["groups"]] == [group["count"] for group in healthy["groups"]]
    assert any(group["attribution"] for group in report["groups"])
    assert (
        "the breakdown of the program's time is left out: impossible figure: Expected `int` >= 0"
        in said_in(report)
    )
    assert main(["report", "prog"]) == 0  # its page too


def test_a_file_in_place_of_a_folder_is_said_to_be_there(tmp_path):
    (tmp_path / "group-1").write_text("a file")
    with pytest.raises(KerasProfileError, match="expected a folder to write to, found a file"):
        make_folder(tmp_path / "group-1")
    with pytest.raises(KerasProfileError, match="cannot be created: No such file or directory"):
        make_folder(tmp_path / "nothing" / "here")
    assert make_folder(tmp_path / "new") == make_folder(tmp_path / "new")


@pytest.mark.parametrize("line", [-1, (1 << 53) + 1, 1 << 62, 1 << 70])
def test_a_line_that_no_file_has_is_one_error(here, work, line, capsys):
    content = json.loads((work / "recording.json").read_bytes())
    content["internals"][0]["line"] = line
    (work / "recording.json").write_text(json.dumps(content))
    assert main(["report", "work", "--output", "out"]) == 2
    assert f"{work.relative_to(here)}/recording.json" in capsys.readouterr().err
    assert not (here / "out").exists()


def test_the_largest_numbers_fit_on_the_page(here, work, capsys):
    content = json.loads((work / "recording.json").read_bytes())
    for internal in content["internals"]:
        internal["line"] = 1 << 53
    (work / "recording.json").write_text(json.dumps(content))
    assert main(["report", "work", "--output", "out"]) == 0, capsys.readouterr().err
    assert list((here / "out").rglob("report.html"))


def test_calls_of_a_capture_that_is_none_of_the_recording_are_one_error(here, work, capsys):
    content = json.loads((work / "recording.json").read_bytes())
    content["calls"]["capture"][-1] = "spanq"
    (work / "recording.json").write_text(json.dumps(content))
    assert main(["report", "work", "--output", "out"]) == 2
    assert "calls of 'spanq', which is none of its captures" in capsys.readouterr().err
    assert not (here / "out").exists()
