"""What a process of a recorded program has in it before its own code runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from keras_profile import recorder
from support.interpreters import bare

STARTUP = Path(recorder.__file__).parent / "startup"
#: Prints what of keras_profile is loaded, and whether the way in is still to be seen.
TELL = (
    "import json, sys; print(json.dumps([sorted(name for name in sys.modules if 'keras_profile' in name), "
    f"{str(STARTUP)!r} in sys.path, 'tensorflow' in sys.modules]))"
)


def started(tmp_path, folder=None, code=TELL):
    """What the code prints as JSON, and what was said."""
    done = run_python(tmp_path, folder, code)
    return json.loads(done.stdout), done.stderr


def run_python(tmp_path, folder, code):
    """Runs the code in a process that is recorded into ``folder``, or in none that is."""
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_PROFILE"}
    environment["PYTHONPATH"] = str(STARTUP)
    if folder is not None:
        environment["KERAS_PROFILE"] = str(folder)
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )


def test_without_a_recording_nothing_is_loaded(tmp_path):
    assert started(tmp_path) == ([[], False, False], "")


@pytest.fixture
def program(tmp_path):
    """The folder of a program's recording."""
    folder = tmp_path / "program"
    folder.mkdir()
    options = {"share": 0.03, "grace_ns": 0, "captures": ["bare"], "internals": [], "keep_inputs": False}
    (folder / "options.json").write_text(json.dumps(dict(options, trials=None)))
    return folder


#: Imports a package that has Keras' name, and prints what that does.
IMPORTS = "import keras; " + TELL


def test_a_process_that_imports_no_framework_has_nothing_of_the_recorder_in_it(tmp_path, program):
    assert started(tmp_path, program) == ([[], False, False], "")


def test_the_recorder_is_a_package_that_no_program_has(tmp_path, program):
    (tmp_path / "keras.py").write_text("")
    (modules, in_path, tensorflow), said = started(tmp_path, program, IMPORTS)
    assert "keras_profile_recorder.recorder.program.start" in modules
    assert {name.partition(".")[0] for name in modules} == {"keras_profile_recorder"}
    assert (in_path, tensorflow, said) == (False, False, "")


def test_a_program_runs_although_it_cannot_be_recorded(tmp_path):
    (tmp_path / "keras.py").write_text("")
    (_, in_path, _), said = started(tmp_path, tmp_path / "missing", IMPORTS)
    assert not in_path
    assert said.startswith("keras-profile: this process is not recorded: FileNotFoundError: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        ({"every_s": 1, "for_s": 5}, "RecorderError: expected windows that are shorter than their period"),
        ({"every_s": "1h", "for_s": 5}, "RecorderError: expected a period of 0.2 s to 366 days, found '1h'"),
        ({"every": 1}, "TypeError: unknown fields of WindowOptions: every"),
        (7, "TypeError: "),
    ],
)
def test_a_program_runs_although_its_windows_are_impossible(tmp_path, program, windows, said):
    """Somebody wrote them into the file by hand."""
    (tmp_path / "keras.py").write_text("")
    path = program / "options.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "windows": windows}))
    (_, in_path, _), err = started(tmp_path, program, IMPORTS)
    assert not in_path
    assert err.startswith("keras-profile: this process is not recorded: " + said)
    assert err.count("\n") == 1


def test_a_start_imports_no_module_that_python_has_not_imported_itself(tmp_path, program):
    tell = "import sys, json; print(json.dumps(sorted(sys.modules)))"
    bare, _ = started(tmp_path, None, tell)
    watched, _ = started(tmp_path, program, tell)
    assert set(watched) - set(bare) <= {"time"}


#: Modules of the standard library that the recorder needs and a program may have of its own.
NAMES = (
    "statistics",
    "signal",
    "glob",
    "json",
    "random",
    "struct",
    "locale",
    "copy",
    "dataclasses",
    "inspect",
)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_modules_of_the_programs_are_found_before_the_librarys(tmp_path, program, moment):
    """A recorder that needs them has the library's."""
    for name in NAMES:
        (tmp_path / (name + ".py")).write_text("mine = True")
    (tmp_path / "keras.py").write_text("")
    imports = f"import {', '.join(NAMES)}"
    order = (imports, "import keras") if moment == "before" else ("import keras", imports)
    of_mine = ", ".join(f"{name}.mine" for name in NAMES)
    done = run_python(tmp_path, program, "; ".join([*order, f"print({of_mine})"]))
    assert done.stdout.split() == ["True"] * len(NAMES)
    assert done.stderr == ""


@pytest.mark.parametrize("version", ["2.7", "3.6"])
def test_a_python_that_is_too_old_runs_as_without(tmp_path, program, version):
    python = bare(version)
    environment = dict(os.environ, PYTHONPATH=str(STARTUP), KERAS_PROFILE=str(program))
    done = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[0])"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.strip(), done.stderr) == (version[0], "")


@pytest.mark.parametrize("there", [True, False])
def test_a_sitecustomize_of_the_environment_runs_as_it_would(tmp_path, program, there):
    place = tmp_path / "site"
    place.mkdir()
    if there:
        (place / "sitecustomize.py").write_text("import sys; sys.stdout.write(__file__)")
    environment = dict(
        os.environ, PYTHONPATH=os.pathsep.join([str(STARTUP), str(place)]), KERAS_PROFILE=str(program)
    )
    done = subprocess.run(
        [sys.executable, "-c", "import sys, textwrap; print('|', 'sitecustomize' in sys.modules)"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = str(place / "sitecustomize.py") if there else ""
    assert done.stdout == f"{expected}| {there}\n"


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
