"""A program under keras-profile is the program that it is without, but for what ``docs/noticed.md`` lists."""

from __future__ import annotations

import os
import re
import sys
import zlib
from datetime import date

import pytest

from semantics.noticed import expected
from semantics.running import AGAIN, WINDOWS, Bench, all_programs, differences, plain
from support import requirements

PROGRAMS = all_programs()
#: TensorFlow 2.21 on Python 3.12.
OTHER_PYTHON = "keras-3.15"
#: With this variable all programs run in each way, with ``again`` bare twice.
ALL = os.environ.get("KERAS_PROFILE_SEMANTICS", "")
#: The ways in which programs run, and one in how many runs each day. Each program has its turn.
WAYS = {
    ("3.11", "default"): 6,
    ("3.11", "thorough"): 32,
    ("3.11", WINDOWS): 32,
    ("3.12", "default"): 32,
    ("3.12", "thorough"): 32,
}


def chosen():
    """Each program with the ways in which it runs here."""
    if ALL == "again":
        return [(program, "3.11", AGAIN) for program in PROGRAMS]
    today = date.today().toordinal()
    return [
        (program, version, mode)
        for program in PROGRAMS
        for at, ((version, mode), share) in enumerate(WAYS.items())
        if program.told.get("only", version) == version
        and (ALL or "only" in program.told or (zlib.crc32(program.name.encode()) + today + at) % share == 0)
    ]


@pytest.fixture(scope="module")
def bench_of(tmp_path_factory, interpreter):
    """A program's folder on a Python; what it does bare is kept."""
    requirements.tensorflow()
    made = {}

    def of(program, version):
        if (program, version) not in made:
            python = sys.executable if version == "3.11" else str(interpreter(OTHER_PYTHON))
            folder = tmp_path_factory.mktemp(program.path.stem)
            made[program, version] = Bench(program, folder, python)
        return made[program, version]

    return of


@pytest.mark.parametrize(
    ("program", "version", "mode"),
    [
        pytest.param(
            *one, marks=pytest.mark.group(f"semantics {one[0].name}"), id="-".join([one[0].name, *one[1:]])
        )
        for one in chosen()
    ],
)
def test_it_is_the_same_program(bench_of, program, version, mode):
    bench = bench_of(program, version)
    bare = bench.bare
    recorded = bench.recorded(mode)
    found = differences(program, bare, recorded)
    noticed = set() if mode == AGAIN else expected(program.name, version, mode)
    assert set(found) <= noticed, found
    # What follows the program's end may have no time for what is noticed of it; what may differ may not.
    assert set(found) == noticed or mode != "default" or {"closer", "may"} & set(program.told), found
    assert not re.search(rb"^ModuleNotFoundError|^SyntaxError", bare.err, re.MULTILINE), bare.err
    if (
        mode in ("default", "thorough")
        and program.calls_a_model
        and not {"unrecorded", "flags"} & set(program.told)
    ):
        said = plain(recorded.err)[len(plain(bare.err)) :]
        assert re.search(rb"[0-9] calls? from", said), said


def test_each_kind_has_its_programs():
    kinds = [program.kind for program in PROGRAMS]
    assert len(PROGRAMS) >= 120
    assert {kind: kinds.count(kind) for kind in kinds if kinds.count(kind) < 5} == {}
