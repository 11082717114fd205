"""The doctor on old releases, and on broken environments that its own commands fix."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest

#: What the checkup of a release says: of its internals, its probes, and the profiler's options.
RELEASES = {
    "tf-2.0": ("generation tf-2.0, ", "through recompilation, ", "this release has no ProfilerOptions"),
    "tf-2.15": ("generation tf-2.15, ", "through recompilation, ", "honoured: asked for host 1, python 1, "),
}

#: Mismatched environments: the checks that fail, and the pin that the last of them gives.
MISMATCHES = {
    "protobuf-4": (["tensorflow", "protobuf"], "'protobuf<3.21'"),
    "h5py-3": (["h5py"], "'h5py<3'"),
}


def examine(folder, python):
    """The exit code of the doctor for an interpreter, and its lines by check."""
    done = subprocess.run(
        [sys.executable, "-m", "keras_profile", "doctor", "--json", "--python", str(python)],
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.stderr == ""
    assert list(folder.glob("traces")) == []
    return done.returncode, {line["check"]: line for line in json.loads(done.stdout)["lines"]}


@pytest.mark.parametrize("generation", RELEASES)
def test_all_is_well_in_old_releases(interpreter, tmp_path, generation):
    code, lines = examine(tmp_path, interpreter(generation))
    assert [line for line in lines.values() if line["status"] != "ok"] == []
    assert code == 0
    for check, text in zip(("internals", "probes", "profiler_options"), RELEASES[generation]):
        assert lines[check]["text"].startswith(text)


@pytest.mark.parametrize("name", MISMATCHES)
def test_a_broken_environment_is_mended_by_the_command_of_its_line(mismatch, tmp_path, name):
    failing, pin = MISMATCHES[name]
    python = mismatch(name)
    code, lines = examine(tmp_path, python)
    assert code == 1
    assert [check for check, line in lines.items() if line["status"] == "fails"] == failing
    command = lines[failing[-1]]["command"]
    assert command == f"{python} -m pip install {pin}"

    subprocess.run(shlex.split(command), check=True, capture_output=True)
    code, lines = examine(tmp_path, python)
    assert [line for line in lines.values() if line["status"] == "fails"] == []
    assert code == 0
