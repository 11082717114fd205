"""What a process of a recorded program has in it before its own code runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from keras_profile import recorder

STARTUP = Path(recorder.__file__).parent / "startup"
#: Prints what of keras_profile is loaded, and whether the way in is still to be seen.
TELL = (
    "import json, sys; print(json.dumps([sorted(name for name in sys.modules if 'keras_profile' in name), "
    f"{str(STARTUP)!r} in sys.path, 'tensorflow' in sys.modules]))"
)


def started(tmp_path, folder=None):
    """(modules, whether the folder is in the path, whether TensorFlow is loaded) and what was said."""
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_PROFILE"}
    environment["PYTHONPATH"] = str(STARTUP)
    if folder is not None:
        environment["KERAS_PROFILE"] = str(folder)
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout), done.stderr


def test_without_a_recording_nothing_is_loaded(tmp_path):
    assert started(tmp_path) == ([[], False, False], "")


def test_the_recorder_is_a_package_that_no_program_has(tmp_path):
    folder = tmp_path / "program"
    folder.mkdir()
    options = {"share": 0.03, "grace_ns": 0, "captures": ["bare"], "internals": [], "keep_inputs": False}
    (folder / "options.json").write_text(json.dumps(dict(options, trials=None)))
    (modules, in_path, tensorflow), said = started(tmp_path, folder)
    assert "keras_profile_recorder.recorder.program.start" in modules
    assert {name.partition(".")[0] for name in modules} == {"keras_profile_recorder"}
    assert (in_path, tensorflow, said) == (False, False, "")


def test_a_program_runs_although_it_cannot_be_recorded(tmp_path):
    (_, in_path, _), said = started(tmp_path, tmp_path / "missing")
    assert not in_path
    assert said.startswith("keras-profile: this process is not recorded: FileNotFoundError: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("module", ["catalogue", "recipe", "snippets", "usage"])
def test_the_recipes_are_found_beside_the_recorder_under_either_name(tmp_path, module):
    code = (
        "import importlib, sys, types\n"
        "package = sys.modules['another'] = types.ModuleType('another')\n"
        f"package.__path__ = [{str(STARTUP.parents[1])!r}]\n"
        "for name in ('another', 'keras_profile'):\n"
        "    loading = importlib.import_module(name + '.recorder.trials.loading')\n"
        f"    print(loading.load_recipes({module!r}).__name__)\n"
    )
    environment = dict(os.environ, PYTHONPATH=str(STARTUP.parents[2]))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [f"another.recipes.{module}", f"keras_profile.recipes.{module}"]
