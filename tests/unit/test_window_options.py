"""Windows of time: which ones there can be, which are kept, and which recording a name means then."""

from __future__ import annotations

import json
import os
import shlex
import time

import pytest

from keras_profile import cli
from keras_profile.errors import RecordingError
from keras_profile.recorder.probes.watching import Watch
from keras_profile.recorder.program import time_windows
from keras_profile.recorder.program.process_files import ProcessFiles
from keras_profile.recorder.program.wrapping import Patches
from keras_profile.recorder.protocol import RecorderError, events
from keras_profile.recorder.protocol.requests import RecorderOptions, WindowOptions
from keras_profile.recordings.finding import find_any, find_recording, newest
from support import streams

IMPOSSIBLE = [
    (WindowOptions(1, 2), "expected windows that are shorter than their period, found 2 s of each 1 s"),
    (WindowOptions(1, 1), "expected windows that are shorter than their period, found 1 s of each 1 s"),
    (WindowOptions(0, 1), "expected a period of 0.2 s to 366 days, found 0 s"),
    (WindowOptions(-5, 1), "found -5 s"),
    (WindowOptions(float("nan"), 1), "found nan s"),
    (WindowOptions(float("inf"), 1), "found inf s"),
    (WindowOptions(60, 0), "expected windows of at least 0.1 s, found 0 s"),
    (WindowOptions(60, 1, 61), "expected a first window within the period of 60 s, found 61 s"),
    (WindowOptions(60, 1, -1), "found -1 s"),
    (WindowOptions(60, 1, None, 0), "expected 1 to 10,000 windows to keep, found 0"),
    # As somebody may write them into the file by hand.
    (WindowOptions("1h", 1), "found '1h'"),
    (WindowOptions(60, True), "found True"),
    (WindowOptions(60, 1, None, 2.5), "found 2.5"),
]


@pytest.mark.parametrize(("options", "said"), IMPOSSIBLE)
def test_impossible_windows_are_refused(options, said):
    with pytest.raises(RecorderError) as raised:
        options.check()
    assert said in raised.value.message


@pytest.mark.parametrize(
    "options", [WindowOptions(3600, 60), WindowOptions(1, 0.5, 0), WindowOptions(2, 1, 2, 1)]
)
def test_others_are_not(options):
    options.check()
    told = RecorderOptions(0.03, 0, windows=options)
    assert RecorderOptions.from_json(told.to_json()) == told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            "--every 1m --for 2m",
            "expected windows that are shorter than their period, found 120 s of",
        ),
        ("--every 1h", "expected --every and --for together, found --every without --for"),
        ("--for 60s", "expected --every and --for together, found --for without --every"),
        ("--keep 5", "expected --every and --for together, found --keep without --every"),
        ("--every 1h --for 60s --offset 2h", "expected a first window within the period of 3600 s"),
        ("--every 1h --for 60s --keep 99999", "expected 1 to 10,000 windows to keep, found 99999"),
    ],
)
def test_the_command_refuses_what_cannot_be(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["environment", *arguments.split()]) == 2
    out, err = capsys.readouterr()
    message, advice = err.splitlines()
    assert said in message
    assert advice == "  for example: --every 1h --for 60s"
    assert (out, list(tmp_path.iterdir())) == ("", [])


@pytest.mark.parametrize("value", ["0", "-1", "5x", "nan", "1e99", ""])
def test_a_time_that_is_none_is_refused(value, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["environment", f"--every={value}", "--for", "1s"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("keras-profile: argument --every: expected ")


def test_the_command_writes_them_and_says_what_to_evaluate(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["environment", "--every", "1d", "--for", "5m", "--offset", "0", "--shell", "sh"]) == 0
    out, err = capsys.readouterr()
    folder = shlex.split(out.splitlines()[0])[1].partition("=")[2]
    with open(os.path.join(folder, "options.json"), encoding="utf-8") as file:
        assert json.load(file)["windows"] == {"every_s": 86400.0, "for_s": 300.0, "offset_s": 0.0, "keep": 24}
    assert '  eval "$(keras-profile environment --every 1d --for 5m --offset 0)"' in err.splitlines()
    assert "each process is recorded for 5 min every 1 d, first 0 s after the import of Keras;" in err


def test_without_them_nothing_is_said_of_windows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["environment", "--shell", "sh"]) == 0
    out, err = capsys.readouterr()
    folder = shlex.split(out.splitlines()[0])[1].partition("=")[2]
    with open(os.path.join(folder, "options.json"), encoding="utf-8") as file:
        assert json.load(file)["windows"] is None
    assert '  eval "$(keras-profile environment)"' in err.splitlines()
    assert "each process" not in err


# --- what is kept ---


def a_window(program, name, age_s=1000.0):
    folder = program / name
    (folder / "process-7" / "groups" / "0").mkdir(parents=True)
    (folder / "process-7" / "groups" / "0" / "spans.bin").write_bytes(b"x")
    (folder / "program.json").write_text("{}")
    then = os.stat(folder).st_mtime - age_s
    os.utime(folder, (then, then))
    return folder


def test_the_oldest_windows_are_removed_and_nothing_else(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("the user's")
    program = tmp_path / "program"
    windows = [a_window(program, f"window-2026010{day}-120000-{pid}") for day in (1, 2, 3) for pid in (7, 70)]
    (windows[0] / "process-7" / "link").symlink_to(outside)
    for name in ("window-notes", "window-20260101-120000", "process-7", "window-20260101-120000-7-x"):
        (program / name).mkdir()
    timer = time_windows._Timer(None, WindowOptions(60, 1, keep=4), str(program))
    timer._remove_oldest()
    assert [one.exists() for one in windows] == [False, False, True, True, True, True]
    assert (outside / "file").exists()
    assert {"window-notes", "window-20260101-120000", "process-7", "window-20260101-120000-7-x"} <= {
        one.name for one in program.iterdir()
    }


def test_a_window_that_may_go_on_is_not_removed(tmp_path):
    old = a_window(tmp_path, "window-20260101-120000-7")
    going_on = a_window(tmp_path, "window-20260101-120001-8", age_s=0.0)
    a_window(tmp_path, "window-20260101-120002-7")
    time_windows._Timer(None, WindowOptions(60, 1, keep=1), str(tmp_path))._remove_oldest()
    assert (old.exists(), going_on.exists()) == (False, True)


# --- what is found ---


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program of two windows with calls and one without, and an older program."""
    monkeypatch.chdir(tmp_path)
    older = streams.usual(tmp_path / "traces" / "older")
    for path in (older / "program.json", older):
        os.utime(path, (1, 1))
    made = streams.program(tmp_path / "traces" / "app", command=[], exit_code=None, complete=False)
    for began, calls in (("20260101-100000", 5), ("20260101-110000", 9)):
        streams.usual(made / f"window-{began}-7", calls)
    streams.program(made / "window-20260101-120000-7")
    return made


def test_a_program_in_windows_means_the_newest_one_with_calls(program):
    newest_one = program / "window-20260101-110000-7"
    assert newest() == "app/window-20260101-110000-7"
    assert find_any("app").absolute() == newest_one
    assert find_any("app/window-20260101-100000-7").absolute() == program / "window-20260101-100000-7"
    line = find_recording("app")
    assert line.absolute() == newest_one / "process-100" / "groups" / "0"
    with pytest.raises(RecordingError):
        find_any("app/window-20260101-130000-7")


def test_a_list_has_each_window_newest_first(program, capsys):
    assert cli.main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["recordings"]
    assert [(one["name"], one["calls"]) for one in found] == [
        ("app/window-20260101-110000-7", 10),
        ("app/window-20260101-100000-7", 6),
        ("older", 41),
    ]


def test_a_line_of_a_window_is_a_recording_by_its_name(program, capsys):
    assert cli.main(["export", "app", "--format", "chrome"]) == 0
    name = "app/window-20260101-110000-7/process-100/groups/0"
    assert f"the line of the program with the most time, {name}" in capsys.readouterr().err
    assert (
        find_recording(name).absolute()
        == program / "window-20260101-110000-7" / "process-100" / "groups" / "0"
    )


# --- what is put into a process and taken out ---


def test_files_that_were_closed_are_appended_to_again(tmp_path):
    files = ProcessFiles(str(tmp_path), 7)
    files.event(events.Thread(0, "first"))
    files.close()
    assert [file._file for file in files._files.values()] == [None]
    files.event(events.Thread(1, "second"))
    files.close()
    lines = (tmp_path / "process-7" / "process.jsonl").read_text().splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["first", "second"]


@pytest.fixture
def patches(tmp_path, monkeypatch):
    """Patches, and a function to watch in a file of its own."""
    (tmp_path / "watched_in_windows.py").write_text("def call(x):\n    return [x]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import watched_in_windows

    monkeypatch.delitem(__import__("sys").modules, "watched_in_windows")
    return Patches(None), watched_in_windows.call


class Entered:
    """A context that is entered around a call."""

    def __init__(self):
        self.times = 0

    def __call__(self, arguments, options=None):
        return self

    def __enter__(self):
        self.times += 1

    def __exit__(self, *error):
        pass


def test_a_function_has_its_own_code_between_windows_and_is_compiled_once(patches):
    found, function = patches
    own, entered = function.__code__, Entered()
    watched = []
    for window in range(3):
        assert found._watch_within(function, Watch(entered))
        assert function(1) == [1]
        watched.append(function.__code__)
        found.remove()
        assert function.__code__ is own
        assert function(1) == [1]
        assert entered.times == window + 1
    assert watched[0] is not own
    assert watched[0] is watched[1] is watched[2]


def test_a_function_that_the_program_changed_between_windows_keeps_that(patches):
    found, function = patches
    found._watch_within(function, Watch(Entered()))
    found.remove()
    changed = (lambda x: "changed").__code__
    function.__code__ = changed
    found._watch_within(function, Watch(Entered()))
    found.remove()
    assert function.__code__ is changed


def test_a_forked_child_has_none_even_if_they_were_just_being_put_in(patches):
    found, function = patches
    own = function.__code__
    found._watch_within(function, Watch(Entered()))
    found._installed.clear()  # as where the fork comes between the function and the note of it
    found.forsake()
    assert function.__code__ is own


class Broken:
    """A watch that fails, as where the disk is full or the recording's folder is gone."""

    is_busy = False

    def begin_window(self, folder):
        raise OSError(28, "No space left on device")

    def end_window(self, wait, raised=None):
        raise OSError(28, "No space left on device")


def test_a_window_that_fails_is_said_once_and_the_next_ones_are_tried(tmp_path, capfd):
    timer = time_windows._Timer(Broken(), WindowOptions(0.3, 0.1, 0.0), str(tmp_path))
    timer.start()
    time.sleep(1)
    assert timer.stop()
    timer.try_to_end_window()
    assert list(tmp_path.iterdir()) == []  # what was made for them is removed
    said = "keras-profile: a window of the recording failed: OSError: [Errno 28] No space left on device\n"
    assert capfd.readouterr().err == said


def test_a_thread_that_waits_for_a_day_ends_at_once(tmp_path):
    timer = time_windows._Timer(Broken(), WindowOptions(86400, 60), str(tmp_path))
    timer.start()
    began = time.monotonic()
    assert timer.stop()
    assert time.monotonic() - began < time_windows._ENDING_S
