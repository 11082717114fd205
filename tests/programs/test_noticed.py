"""What a program notices of being recorded in its stacks and by its own instruments: nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.commands import PROGRAMS
from support.environments import GENERATIONS, make, make_instruments
from support.programs import PATIENCE, environment

#: The program that looks at its own stacks, and the one with instruments of its own.
LOOKS, MEASURES = PROGRAMS / "noticed.py", PROGRAMS / "own_instruments.py"
RUN = ("-m", "keras_profile", "run", "--no-replay", "--no-try", "--no-html", "--quiet")
#: With it the recorder uses its instruments as often as it ever does.
WAYS = ((), ("--thorough",))


def lines_of(command, folder, **variables):
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment(**variables),
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def run_each_way(new_folder, program, python=sys.executable, *arguments, **variables):
    """What a program prints bare, and what it prints under keras-profile, each way."""
    commands = [[python, program, *arguments]]
    commands += [[sys.executable, *RUN, *way, "--python", python, program, *arguments] for way in WAYS]
    folders = [new_folder() for _ in commands]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda *of: lines_of(*of, **variables), commands, folders))


def by_instrument(lines):
    return dict(line.split(" ", 1) for line in lines if " " in line)


def test_stacks_tracebacks_and_warnings_are_what_they_are_bare(new_folder):
    bare, *recorded = run_each_way(new_folder, LOOKS)
    assert len(bare) > 20
    for found in recorded:
        assert [pair for pair in zip(bare, found, strict=False) if pair[0] != pair[1]] == []


@pytest.fixture(scope="module")
def seen(new_folder):
    """What the program's own instruments saw: bare, and under keras-profile each way."""
    ways = run_each_way(new_folder, MEASURES, PYTHONPATH=str(make_instruments()))
    return [by_instrument(lines) for lines in ways]


@pytest.mark.parametrize(
    "instrument",
    [
        "cprofile",
        "setprofile",
        "settrace",
        "threading_setprofile",
        "profile_set_in_a_callback",
        "coverage",
        "pyinstrument",
        "tensorflow",
        "tensorboard",
        "faulthandler",
        "forks",
        "memray",
        "gevent",
        "eventlet",
        "uvloop",
    ],
)
def test_the_programs_own_instruments_see_what_they_see_bare(seen, instrument):
    bare, *recorded = seen
    if bare[instrument] == "missing":
        pytest.skip(f"{instrument} is not installed")
    for found in recorded:
        assert found[instrument] == bare[instrument]


def test_tools_of_monitoring_and_profilers_are_the_programs(new_folder):
    """As of Python 3.12, where a process has six tools in all, and one profiler."""
    try:
        python = str(make(GENERATIONS["keras-3.15"]))
    except LookupError as lacking:
        pytest.skip(str(lacking))
    asked = ("monitoring", "cprofile", "setprofile", "coverage")
    variables = {"PYTHONPATH": str(make_instruments()), "COVERAGE_CORE": "sysmon"}
    bare, *recorded = run_each_way(new_folder, MEASURES, python, *asked, **variables)
    assert by_instrument(bare)["monitoring"] == "[]"
    for found in recorded:
        assert found[: len(bare)] == bare


def test_the_debugger_stops_where_it_stops_bare(new_folder):
    script = "b helper\nc\nwhere 3\np sorted(locals())\nc\ncl 1\nc\nq\n"
    bare, *recorded = (
        subprocess.run(
            [*command, "-m", "pdb", MEASURES, "none"],
            cwd=new_folder(),
            input=script,
            capture_output=True,
            text=True,
            env=environment(),
            timeout=PATIENCE,
            check=False,
        ).stdout
        for command in ([sys.executable], [sys.executable, *RUN], [sys.executable, *RUN, "--thorough"])
    )
    assert "helper" in bare
    for found in recorded:
        assert found[: len(bare)] == bare
