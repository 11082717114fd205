"""README's two commands on one clone, in either order: neither spoils the other.

``.ci/run`` types them as they stand there; here the demo is short, and of the tests those run
that look at what lies in ``traces/`` and ``reports/``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig

import pytest

from support import clones, golden, requirements
from support.commands import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(mark):
    """What README's marked command runs once everything is installed."""
    (line,) = re.findall(rf"^<!-- command: {mark} -->\n```\w*\n(.+)\n```$", README, re.MULTILINE)
    return line.split(" && ")[-1].split()


@pytest.fixture
def clone(tmp_path):
    """A clone of this work tree, with what is not committed, and an environment with this one's packages."""
    requirements.clone()
    place = tmp_path / "clone"
    clones.copy_work_tree(place)
    git(place, "init", "-q")
    git(place, "add", "-A")
    git(
        place,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--no-verify",
        "-qm",
        "all",
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / ".venv")], check=True)
    (packages,) = (place / ".venv").glob("lib/python*/site-packages")
    (packages / "clone.pth").write_text(f"{place / 'src'}\n{sysconfig.get_paths()['purelib']}\n")
    program = place / ".venv" / "bin" / "keras-profile"
    program.write_text(f'#!/bin/sh\nexec "{place}/.venv/bin/python" -m keras_profile "$@"\n')
    program.chmod(0o755)
    return place


def git(place, *arguments):
    return subprocess.run(["git", *arguments], cwd=place, text=True, capture_output=True, check=True).stdout


def test_the_demo_and_the_tests_go_together_in_either_order(clone):
    def run(*arguments):
        done = subprocess.run(
            arguments,
            cwd=clone,
            text=True,
            capture_output=True,
            check=False,
            timeout=600,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        return done.stdout

    def tests():
        return run(*command("tests"), "-q", "tests/golden")

    before = tests()
    assert "recording  traces/demo-predict-" in run(*command("demo"), "--seconds", "2", "--no-try")
    after = tests()
    passed = [re.search(r"(\d+) passed", text)[1] for text in (before, after)]
    assert passed[0] == passed[1]
    assert git(clone, "status", "--porcelain") == ""

    listed = run(".venv/bin/keras-profile", "list")
    assert len(re.findall(r"^demo-predict-", listed, re.MULTILINE)) == 1
    assert "demo-keras-3.15" not in listed
    assert f"{len(golden.recordings())} examples came with this folder" in listed
    assert "demo-keras-3.15" in run(".venv/bin/keras-profile", "list", "--examples")
