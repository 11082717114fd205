"""Each kind of difference is seen, and what is no difference is not."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from semantics.running import PROGRAMS, Bench, Outcome, Program, all_programs, differences

PROGRAM = all_programs()[0]
BARE = Outcome(0, b"one: 1\ntwo: 2\n", b"own\n", {"here file": b"content"}, [], 0.1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"err": b"own\nreport of ours\n"}, set()),
        ({"took": 5.0}, set()),
        ({"code": 1}, {"exit code"}),
        ({"out": b"one: 1\ntwo: 3\n"}, {"line two"}),
        ({"out": b"one: 1\n"}, {"standard output"}),
        ({"out": b"one: 1\ntwo: 2"}, {"standard output"}),
        ({"out": b"one: 1\nthree: 2\n"}, {"standard output"}),
        ({"err": b"ours\nown\n"}, {"standard error"}),
        ({"err": b"own\nTraceback (most recent call last):\n"}, {"standard error, after its own"}),
        ({"files": {}}, {"file here file"}),
        ({"files": {"here file": b"other"}}, {"file here file"}),
        ({"files": {"here file": b"content", "temporary more": b""}}, {"file temporary more"}),
        ({"left": ["sleep 1000"]}, {"processes left"}),
    ],
)
def test_a_difference_is_seen(changed, expected):
    assert set(differences(PROGRAM, BARE, replace(BARE, **changed))) == expected


def test_what_is_another_in_each_run_is_no_difference():
    one, other = (
        replace(
            BARE,
            err=b"<f at 0x7fcaf94%b>, /tmp/x/tmp%b/file\nI0000 00:00:17959421%b port.cc:153] it\n"
            b"fork: This process (pid=%b) is multi-threaded\n" % made,
        )
        for made in (
            (b"787c0", b"tj8xt2p5", b"16.46   22749", b"7"),
            (b"aaaaa", b"nd_4gdm_", b"20.1 9", b"21"),
        )
    )
    assert differences(PROGRAM, one, other) == {}
    assert set(differences(PROGRAM, one, replace(other, err=other.err.replace(b"file", b"link")))) == {
        "standard error"
    }


WRITTEN = r"""#: arguments --one 2
#: stdin a line\n
import os
import subprocess
import sys
print("arguments:", sys.argv[1:], repr(sys.stdin.read()), flush=True)
sys.stderr.write("an error\n")
os.mkdir("folder")
os.symlink("nowhere", "link")
open("file", "wb").write(b"content")
open(os.environ["TMPDIR"] + "/left", "w").close()
subprocess.Popen(["sleep", "1000"])
os.kill(os.getpid(), 9)
"""


def test_a_run_is_seen_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("semantics.running.PROGRAMS", tmp_path)
    monkeypatch.setattr("semantics.running.LINGER", 0.5)
    (tmp_path / "kind").mkdir()
    (tmp_path / "kind" / "one.py").write_text(WRITTEN)
    seen = Bench(Program(tmp_path / "kind" / "one.py"), tmp_path / "bench", sys.executable).bare
    assert seen.code == 128 + 9
    assert seen.err == b"an error\n"
    assert seen.out == b"arguments: ['--one', '2'] 'a line\\n'\n"
    assert seen.left == ["sleep 1000"]
    assert {name.partition(" 1")[0] for name in seen.files} == {
        "here one.py",
        "here folder",
        "here link",
        "here file",
        "temporary left",
    }
    assert seen.files["here link"] == "leads to b'nowhere'"


def test_output_is_what_was_written(tmp_path):
    program = Program(PROGRAMS / "streams" / "states.py")
    seen = Bench(program, tmp_path / "bench", sys.executable).bare
    assert seen.code == 0
    assert seen.err == b"own errors without an end"
    assert seen.out.startswith(b"stdin: ")
