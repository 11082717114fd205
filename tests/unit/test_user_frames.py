"""Whose code runs: files by their names, stacks and tracebacks, and programs started for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipapp
from pathlib import Path

import numpy as np
import pytest

from keras_profile import recorder
from keras_profile.recorder import user_frames
from keras_profile.recorder.user_frames import (
    is_users,
    leave_out_recorder,
    own_traceback,
    users_frame,
    users_line,
)
from support.environments import find_python

RECORDER = os.path.dirname(recorder.__file__)
SOURCE = Path(RECORDER).parents[1]
TEMPORARY = tempfile.gettempdir()


@pytest.mark.parametrize(
    "file",
    [
        "/home/me/app.py",
        "app.py",  # as Python 3.8 names the script
        "/home/me/tmp_model.py",
        "/home/me/tmpl.py",
        "/home/me/tmp/app.py",
        f"{TEMPORARY}/app.py",
        f"{TEMPORARY}/tmp_model.py",
        f"{TEMPORARY}/tmp8x_k2ab9/app.py",
        "/home/me/tmpab12cd_x.py",  # not where autograph writes
        "/home/me/recorder_demo/app.py",
        RECORDER + "_of_mine/app.py",
        "/home/me/app.pyz/__main__.py",
        "/home/me/site-packages-demo/app.py",
        "<ipython-input-3-0a1b2c3d4e5f>",
        f"{TEMPORARY}/ipykernel_4711/1234567890.py",
        "<stdin>",
        "<stdin>-1",
        "<python-input-0>",
    ],
)
def test_the_users_files(file):
    assert is_users(file)


@pytest.mark.parametrize(
    "file",
    [
        "/lib/python3.11/site-packages/keras/src/models/model.py",
        "/usr/lib/python3/dist-packages/numpy/core/numeric.py",
        json.__file__,
        np.__file__,
        user_frames.__file__,
        os.path.join(RECORDER, "program", "call_recorder.py"),
        "<frozen importlib._bootstrap>",
        "<frozen zipimport>",
        "<string>",
        "<__array_function__ internals>",
        f"{TEMPORARY}/__autograph_generated_file8vt2u1qe.py",
        f"{TEMPORARY}/tmpab12cd_x.py",
    ],
)
def test_files_of_others(file):
    assert not is_users(file)


APP, LIBRARY = "/home/me/app.py", "/lib/site-packages/x.py"
CALLER = os.path.join(RECORDER, "workload", "recording_session.py")
WRAPPER = os.path.join(RECORDER, "program", "call_recorder.py")


def line_seen(*files):
    """The user's line that the last of these files sees; each was called by the one before."""
    call = None
    for file in reversed(files):
        namespace = {"call": call, "users_line": users_line, "sys": sys}
        source = "def run():\n    return call() if call else users_line(sys._getframe())\n"
        exec(compile(source, file, "exec"), namespace)
        call = namespace["run"]
    return call()


def test_the_innermost_line_of_the_users_is_told():
    assert line_seen("/home/me/outer.py", APP, LIBRARY, LIBRARY) == f"{APP}:2, in run"
    assert line_seen(APP, LIBRARY, "<string>") == f"{APP}:2, in run"
    # It is the test that calls here.
    assert line_seen(LIBRARY).startswith(f"{__file__}:")


def test_whoever_started_the_recorder_made_none_of_its_calls():
    assert line_seen(APP, CALLER, LIBRARY) is None
    assert line_seen(APP, CALLER, APP, LIBRARY) == f"{APP}:2, in run"


def test_a_watched_program_made_its_calls_itself():
    assert line_seen(APP, WRAPPER, LIBRARY) == f"{APP}:2, in run"


def test_where_there_is_no_frame_there_is_no_line():
    assert users_frame(None) is None
    assert users_line(None) is None


# --- programs started for real ---

#: Prints its own line, as seen by a function of the standard library's that it calls.
PROGRAM = """
import json, sys
sys.path.insert(0, {source!r})
from keras_profile.recorder.user_frames import users_line

def main():
    json.loads("[1]", object_pairs_hook=None, parse_int=lambda text: print(users_line(sys._getframe(1))))

main()
"""
LINE = 1 + PROGRAM[: PROGRAM.index("    json.loads")].count("\n")


def printed(*arguments, cwd, **options):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        **options,
    )
    return done.stdout.strip()


@pytest.fixture
def program():
    return PROGRAM.format(source=str(SOURCE))


@pytest.mark.parametrize("name", ["app.py", "tmp_model.py", "tmp/app.py"])
def test_a_script_sees_its_line(tmp_path, program, name):
    script = tmp_path / name
    script.parent.mkdir(exist_ok=True)
    script.write_text(program)
    assert printed(name, cwd=tmp_path).endswith(f"{name}:{LINE}, in main")


def test_a_zipapp_sees_its_line(tmp_path, program):
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "__main__.py").write_text(program)
    zipapp.create_archive(folder, tmp_path / "app.pyz")
    line = os.path.join("app.pyz", "__main__.py")
    assert printed("app.pyz", cwd=tmp_path).endswith(f"{line}:{LINE}, in main")


def test_a_string_that_is_executed_is_its_callers(tmp_path, program):
    (tmp_path / "code.txt").write_text(program)
    (tmp_path / "app.py").write_text("code = open('code.txt').read()\n\nexec(code)\n")
    assert printed("app.py", cwd=tmp_path).endswith("app.py:3, in <module>")


def test_what_is_typed_sees_its_line(tmp_path, program):
    assert printed("-", cwd=tmp_path, input=program) == f"<stdin>:{LINE}, in main"


def test_a_command_has_no_line(tmp_path, program):
    assert printed("-c", program, cwd=tmp_path) == "None"


# --- tracebacks ---


def raised(*files):
    """An error that was raised in the last of these files; each was called by the one before."""
    call = None
    for file in reversed(files):
        namespace = {"call": call}
        exec(compile("def run():\n    call()\n", file, "exec"), namespace)
        call = namespace["run"]
    with pytest.raises(TypeError) as caught:
        call()
    return caught.value


def files_of(trace):
    files = []
    while trace is not None:
        files.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    return files


def raised_again(call):
    """What ``call`` raises, after the recorder's frames were left out where that was handled."""
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        handled(call)
    return caught.value


def handled(call):
    try:
        call()
    except BaseException as error:
        leave_out_recorder(error)
        raise


def test_the_recorders_frames_are_left_out_of_an_error_that_goes_on():
    error = raised(WRAPPER, APP, WRAPPER, LIBRARY)
    trace = error.__traceback__

    def call():
        raise error.with_traceback(trace)

    assert files_of(raised_again(call).__traceback__)[-2:] == [APP, LIBRARY]


def test_what_an_error_is_chained_to_stays():
    def call():
        try:
            raise KeyError("context")
        except KeyError:
            raise ValueError("error") from OSError("cause")

    error = raised_again(call)
    assert repr(error.__cause__) == "OSError('cause')"
    assert repr(error.__context__) == "KeyError('context')"
    assert sys.exc_info() == (None, None, None)


def test_a_traceback_may_be_as_long_as_a_stack_is_deep():
    def endless():
        endless()

    error = raised_again(endless)
    assert type(error) is RecursionError
    assert len(files_of(error.__traceback__)) > 500


@pytest.mark.parametrize("version", ["3.7", "3.8", "3.9", "3.10", "3.12", "3.13"])
def test_a_wrapper_of_ours_is_in_no_traceback_of_any_python(tmp_path, version):
    python = find_python(version)
    if python is None:
        pytest.skip(f"there is no Python {version}")
    (tmp_path / "wrapper.py").write_text(WRAPPING)
    (tmp_path / "app.py").write_text(WRAPPED)
    done = subprocess.run(
        [python, "app.py", SOURCE / "keras_profile" / "recorder"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "['<module>', 'fails'] KeyError('handled') <class 'KeyError'>\n", done.stderr


#: A wrapper as those are of functions without their source, and a program that calls one. The module that
#: cleans tracebacks is loaded alone: the interpreter need not have numpy.
WRAPPING = """
def wrapped(function, leave_out):
    def wrapper():
        try:
            return function()
        except BaseException as error:
            leave_out(error)
            raise
    return wrapper
"""
WRAPPED = """
import sys, traceback, types, wrapper
source = open(sys.argv[1] + "/user_frames.py").read().replace("from . import frameworks", "frameworks = None")
module = types.ModuleType("user_frames")
module.__file__ = sys.argv[1] + "/user_frames.py"
exec(compile(source, module.__file__, "exec"), vars(module))
module.is_recorders = lambda file: file.endswith("wrapper.py")

def fails():
    raise ValueError

watched = wrapper.wrapped(fails, module.leave_out_recorder)
try:
    raise KeyError("handled")
except KeyError:
    try:
        watched()
    except ValueError as error:
        found = error
    names = [frame.name for frame in traceback.extract_tb(found.__traceback__)]
    print(names, repr(found.__context__).replace(",)", ")"), sys.exc_info()[0])
"""


def test_a_users_own_traceback_begins_with_their_code():
    error = raised(CALLER, "<frozen importlib._bootstrap>", CALLER, APP, LIBRARY)
    error.__traceback__ = error.__traceback__.tb_next.tb_next  # without the test's own frames
    shown = own_traceback(error)
    assert APP in shown
    assert LIBRARY in shown
    assert CALLER not in shown
    assert "<frozen" not in shown
    # Where there is nothing else, the last frame is kept.
    alone = raised(CALLER)
    alone.__traceback__ = alone.__traceback__.tb_next
    assert CALLER in own_traceback(alone)
