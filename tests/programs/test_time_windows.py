"""Services that are recorded for a part of each period: inside of it all calls, outside of it nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.programs import Process
from support.time_windows import lived, run, served

#: How long the beginning and the end of a window may take on a busy machine, in ns: calls that near are
#: not judged.
NEAR_NS = 500_000_000
#: How many calls of a window may differ: the note of a call is made right before it.
MISSING = 2


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service of 12 s that is recorded for 1 s of each 4 s, for the first time when Keras is imported."""
    options = ("--every", "4s", "--for", "1s", "--offset", "4s")
    return served(tmp_path_factory.mktemp("windows"), options, "serve", "12")


def test_each_window_is_a_recording_with_the_calls_that_were_made_in_it(service):
    assert service.code == 0, service.err
    processes = service.processes(service.notes["serve"]["pid"])
    assert len(processes) >= 2
    for process in processes:
        began, ended = lived(process)
        rows = process.calls
        assert ended - began >= 1_000_000_000 or process is processes[-1]  # the program ended before it
        assert ((rows["begin_ns"] >= began) & (rows["begin_ns"] + rows["wall_ns"] <= ended)).all()
        assert abs(len(rows) - service.watched_in(process, "serve")) <= MISSING
    # By the clock: no other call was watched, and none of the others recorded.
    calls = service.notes["serve"]["calls"]
    watched = sum(service.watched_in(process, "serve") for process in processes)
    assert abs(sum(not bare for bare, _, _, _ in calls) - watched) <= MISSING * len(processes)


def test_between_windows_the_functions_are_their_own_and_one_thread_sleeps(service):
    windows = [lived(process) for process in service.processes(service.notes["serve"]["pid"])]
    between, within = [], []
    for bare, threads, begin, _ in service.notes["serve"]["calls"]:
        if all(begin < began - NEAR_NS or begin > ended + NEAR_NS for began, ended in windows):
            between.append((bare, threads))
        elif any(began + NEAR_NS < begin < ended - NEAR_NS // 2 for began, ended in windows):
            within.append((bare, threads))
    assert len(between) >= 3
    assert set(between) == {(True, 1)}
    # The functions may be watched a moment after the window's beginning.
    assert {threads for bare, threads in within if not bare} == {2}


def test_a_window_is_a_list_s_entry_and_a_report(service):
    folder = service.folder.parent.parent

    def printed(*arguments):
        command = [sys.executable, "-m", "keras_profile", *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout

    listed = json.loads(printed("list", "--json"))["recordings"]
    names = [f"{service.folder.name}/{one.name}" for one in reversed(service.windows)]
    assert [one["name"] for one in listed] == names
    assert {one["state"] for one in listed} == {"complete"}
    report = json.loads(printed("report", service.folder.name, "--json", "--no-html"))
    assert report["program"]["calls"] == listed[0]["calls"] > 0
    assert report["program"]["wall_ns"] < 4_000_000_000


def test_a_forked_worker_has_windows_of_its_own(tmp_path):
    service = served(tmp_path, ("--every", "3s", "--for", "1.5s", "--offset", "2s"), "fork", "5")
    assert service.code == 0, service.err
    assert set(service.notes) == {"parent", "bare"}  # the child had nothing of its parent's window
    for notes in service.notes.values():
        processes = service.processes(notes["pid"])
        assert processes
        begins = {begin for process in processes for begin in process.calls["begin_ns"].tolist()}
        # Each call is in the recording of the process that made it.
        assert all(any(b <= begin <= e for _, _, b, e in notes["calls"]) for begin in begins)
    child = service.processes(service.notes["bare"]["pid"])
    assert all(one.of_kind("process")[0]["forked"] for one in child)


def test_the_program_ends_as_it_does_without(tmp_path):
    bare = run(tmp_path, {"PYTHONPATH": "", "KERAS_PROFILE": ""}, "raise", "1.5")
    service = served(tmp_path, ("--every", "1h", "--for", "30m", "--offset", "0"), "raise", "1.5")
    assert (service.code, service.err) == (bare.returncode, bare.stderr)
    assert service.code == 1
    assert "the service is over" in service.err
    [process] = service.processes(service.notes["raise"]["pid"])
    assert process.of_kind("ended")[0]["raised"] == "ValueError: the service is over"
    assert len(process.calls) >= len(service.notes["raise"]["calls"]) - MISSING


def test_without_the_options_all_calls_are_recorded_as_before(tmp_path):
    service = served(tmp_path, (), "serve", "2")
    assert service.code == 0, service.err
    assert service.windows == []
    [process] = [Process(one) for one in service.folder.glob("process-*")]
    notes = service.notes["serve"]
    assert len(process.calls) == len(notes["calls"])
    assert {threads for _, threads, _, _ in notes["calls"]} == {1}  # what samples the stacks
