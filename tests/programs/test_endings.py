"""Programs that end badly or in several processes: what was finished is there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import PROGRAMS
from support.programs import environment


@pytest.fixture(scope="module")
def crashed(run_program):
    """The run of the program that raises half-way."""
    return run_program("crashes.py")


def done(finished):
    """How many calls the program said it had finished."""
    return finished.counts.get("done", 0)


def test_an_exception_ends_the_program_as_it_would(crashed, tmp_path):
    bare = subprocess.run(
        [sys.executable, str(PROGRAMS / "crashes.py")],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert crashed.code == bare.returncode == 1
    assert crashed.out == bare.stdout
    assert "Traceback" in bare.stderr
    assert bare.stderr in crashed.err


def test_calls_before_the_exception_are_all_there(crashed):
    assert done(crashed) == 20
    assert len(crashed.process.finished) == 20
    group = crashed.group("crashes.py", "predict")
    assert group["count"] == 20
    assert group.is_whole


def test_the_report_tells_the_exception(crashed):
    (process,) = crashed.report["program"]["processes"]
    assert "a row has 4 numbers, this one 5" in process["raised"]
    assert crashed.report["program"]["exit_code"] == 1
    assert "a row has 4 numbers" in crashed.process.of_kind("ended")[-1]["raised"]


@pytest.fixture(scope="module")
def killed(start_program):
    """The run of a program that is killed from outside, without a word."""
    running = start_program("killed.py")
    pid = int(running.wait_for(r"pid (\d+)").group(1))
    running.wait_for("done 25")
    os.kill(pid, signal.SIGKILL)
    return running.finish()


def test_a_killed_program_has_all_finished_calls_in_its_report(killed):
    assert killed.code == 128 + signal.SIGKILL
    assert done(killed) <= len(killed.process.finished) <= done(killed) + 1
    assert killed.process.of_kind("ended") == []
    group = killed.group("killed.py", "predict")
    assert done(killed) <= group["count"] <= done(killed) + 1
    assert group.is_whole
    (process,) = killed.report["program"]["processes"]
    assert not process["ended"]


def test_a_partial_recording_opens_again(killed, tmp_path):
    again = subprocess.run(
        [sys.executable, "-m", "keras_profile", "report", str(killed.recording), "--json"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert '"groups"' in again.stdout


def test_a_program_that_leaves_at_once_keeps_its_exit_code_and_calls(run_program):
    left = run_program("killed.py", "12")
    assert left.code == 3
    assert done(left) == len(left.process.finished) == 12
    assert left.group("killed.py", "predict")["count"] == 12


def test_a_terminated_program_has_all_finished_calls(start_program):
    running = start_program("killed.py")
    running.wait_for("done 6")
    running.process.terminate()  # passed on
    finished = running.finish()
    assert finished.code == 128 + signal.SIGTERM
    assert done(finished) <= len(finished.process.finished) <= done(finished) + 1
    assert finished.group("killed.py", "predict")["count"] == len(finished.process.finished)


@pytest.mark.parametrize("closer", [("--no-replay",), ("--seconds", "2")])
def test_ctrl_c_ends_the_program_and_the_report_is_written(start_program, closer):
    running = start_program("killed.py", options=("--no-try", "--no-html", *closer))
    running.wait_for("done 6")
    # A terminal sends it to all of them.
    os.killpg(running.process.pid, signal.SIGINT)
    finished = running.finish()
    assert finished.code == 128 + signal.SIGINT
    assert "KeyboardInterrupt" in finished.err
    assert done(finished) <= finished.group("killed.py", "predict")["count"] <= done(finished) + 1


def test_a_program_writes_all_kinds_of_events(crashed):
    assert {event["event"] for event in crashed.process.events} >= {
        "process",
        "environment",
        "internals",
        "thread",
        "site",
        "group",
        "capture",
        "overhead",
        "ended",
    }


@pytest.fixture(scope="module")
def forked(run_program):
    """The run of a program with forked and spawned children."""
    finished = run_program("forks.py")
    assert finished.code == 0, finished.err
    return finished


def tellings(finished):
    """(name, pid, calls) of each line that a process of the program printed."""
    return [
        (name, int(pid), int(calls))
        for name, pid, calls in re.findall(r"^(\w+) (\d+) (\d+)$", finished.out, re.MULTILINE)
    ]


def test_children_are_recorded(forked):
    made = {}
    for _, pid, calls in tellings(forked):
        made[pid] = made.get(pid, 0) + calls
    assert len(made) >= 3
    recorded = {int(one.folder.name.partition("-")[2]): len(one.finished) for one in forked.processes}
    assert made == recorded


def test_the_parent_has_its_own_calls_and_no_others(forked):
    parent = next(pid for name, pid, _ in tellings(forked) if name == "parent")
    (process,) = [one for one in forked.processes if one.folder.name == f"process-{parent}"]
    assert len(process.finished) == sum(calls for name, _, calls in tellings(forked) if name == "parent")
    assert [event["pid"] for event in process.of_kind("process")] == [parent]
    assert process.of_kind("ended")[-1]["raised"] is None


def test_the_forked_child_is_told_apart(forked):
    child = next(pid for name, pid, _ in tellings(forked) if name == "forked")
    shown = {one["pid"]: one for one in forked.report["program"]["processes"]}
    assert shown[child]["forked"]


def test_all_processes_are_shown_together(forked):
    report = forked.report
    assert report["program"]["calls"] == sum(one["calls"] for one in report["program"]["processes"])
    assert report["program"]["calls"] == sum(len(one.finished) for one in forked.processes)
    assert {Path(group["site"]["file"]).name for group in report["groups"]} == {"forks.py"}
