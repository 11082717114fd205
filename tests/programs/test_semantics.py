"""A program under keras-profile is the program that it is without: to the byte."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.commands import PROGRAMS
from support.programs import FinishedProgram, environment, line_of

STDIN = "one\ntwo\n\nthree without an end"
#: Options that keras-profile has too, which are the program's here.
ARGUMENTS = (
    "--seconds",
    "3",
    "--json",
    "--for",
    "5s",
    "--python",
    "x",
    "--quiet",
    "-m",
    "other",
    "--",
    "word",
    "--no-try",
)
#: How each program is started.
STARTED = {
    "script": ("script.py",),
    "module": ("-m", "semantics.program"),
    "package": ("-m", "semantics"),
}


@pytest.fixture(scope="module")
def bare_and_recorded(tmp_path_factory):
    """A program run by Python and by keras-profile, in folders that are alike; made once each."""
    finished = {}

    def run(start, *arguments):
        key = (start, arguments)
        if key not in finished:
            folder = tmp_path_factory.mktemp("programs")
            for path in ("script.py", "semantics"):
                (folder / path).symlink_to(PROGRAMS / path)
            bare = subprocess.run(
                [sys.executable, *STARTED[start], *arguments],
                cwd=folder,
                input=STDIN,
                text=True,
                capture_output=True,
                env=environment(),
                timeout=300,
                check=False,
            )
            recorded = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "keras_profile",
                    "run",
                    "--no-try",
                    "--seconds",
                    "2",
                    "--no-html",
                    *STARTED[start],
                    *arguments,
                ],
                cwd=folder,
                input=STDIN,
                text=True,
                capture_output=True,
                env=environment(),
                timeout=300,
                check=False,
            )
            finished[key] = (
                bare,
                FinishedProgram(recorded.returncode, recorded.stdout, recorded.stderr, folder),
            )
        return finished[key]

    return run


@pytest.mark.parametrize("start", list(STARTED))
def test_a_program_without_a_model_is_what_it_is_bare(bare_and_recorded, start):
    bare, recorded = bare_and_recorded(start, *ARGUMENTS)
    assert bare.returncode == 7, bare.stderr
    assert recorded.out == bare.stdout
    assert bare.stderr in recorded.err
    assert recorded.code == 7


@pytest.mark.parametrize("start", ["script", "module"])
def test_a_program_with_a_model_is_what_it_is_bare(bare_and_recorded, start):
    bare, recorded = bare_and_recorded(start, "--model")
    assert bare.returncode == 7, bare.stderr
    assert "model [[4.0]]" in bare.stdout
    assert recorded.out == bare.stdout
    assert bare.stderr in recorded.err
    assert recorded.code == 7


@pytest.mark.parametrize("start", ["script", "module"])
def test_its_calls_are_recorded(bare_and_recorded, start):
    _, recorded = bare_and_recorded(start, "--model")
    group = recorded.group("semantics/telling.py", "predict")
    assert group["count"] == 5
    assert group["site"]["function"] == "predict"
    assert recorded.report["program"]["exit_code"] == 7
    assert recorded.report["program"]["command"][-1] == "--model"


def test_without_a_model_it_is_said_that_no_call_was_made(bare_and_recorded):
    bare, recorded = bare_and_recorded("script", *ARGUMENTS)
    assert "call" in recorded.err.replace(bare.stderr, "")


def test_as_json_the_report_is_all_of_standard_output(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "keras_profile",
            "run",
            "--no-try",
            "--no-replay",
            "--no-html",
            "--json",
            str(PROGRAMS / "script.py"),
            "--model",
        ],
        cwd=tmp_path,
        input=STDIN,
        text=True,
        capture_output=True,
        env=environment(),
        timeout=300,
        check=False,
    )
    assert done.returncode == 7
    report = json.loads(done.stdout)
    assert report["program"]["calls"] == 5
    assert "model [[4.0]]" in done.stderr


@pytest.mark.parametrize("arguments", [("nosuch.py",), ("-m", "nosuch.module")])
def test_a_program_that_is_not_there_fails_as_it_would(tmp_path, arguments):
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", "run", "--no-try", *arguments],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        env=environment(),
        timeout=300,
        check=False,
    )
    assert done.returncode != 0
    assert arguments[-1].partition(".")[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_variables_turn_the_recorder_on_in_a_process_that_others_start(tmp_path):
    """Nothing is between the program and its streams here: they are equal to the byte."""
    python, script = sys.executable, str(PROGRAMS / "script.py")
    bare = subprocess.run(
        [python, script, "--model"],
        cwd=tmp_path,
        input=STDIN,
        text=True,
        capture_output=True,
        env=environment(),
        timeout=300,
        check=False,
    )
    commands = (
        f'variables=$("{python}" -m keras_profile environment 2>told) && eval "$variables" && '
        f'exec "{python}" "{script}" --model'
    )
    recorded = subprocess.run(
        ["sh", "-c", commands],
        cwd=tmp_path,
        input=STDIN,
        text=True,
        capture_output=True,
        env=environment(),
        timeout=300,
        check=False,
    )
    assert (recorded.stdout, recorded.stderr, recorded.returncode) == (bare.stdout, bare.stderr, 7)
    left = FinishedProgram(recorded.returncode, recorded.stdout, recorded.stderr, tmp_path)
    assert len(left.process.finished) == 5
    shown = subprocess.run(
        [python, "-m", "keras_profile", "report", str(left.recording), "--json"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
    ).stdout
    (group,) = json.loads(shown)["groups"]
    assert group["count"] == 5
    assert group["site"]["line"] == line_of("semantics/telling.py", "predict")
