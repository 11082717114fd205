"""README's commands where the system has nothing that Windows lacks: see ``like_windows``.

It is no Windows: what native code does, how paths are written and what a console is stay as here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.commands import PATIENCE, WORKLOADS, Finished

LIKE_WINDOWS = Path(__file__).parent / "like_windows"
VARIABLES = {
    "PYTHONPATH": str(LIKE_WINDOWS),
    # As where output goes to a file there; what a code page lacks is the printing side's affair.
    "PYTHONIOENCODING": "cp1252:backslashreplace",
}

pytestmark = [
    pytest.mark.group("like windows"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="takes away what Linux has"),
]


def on_windows(*arguments, folder):
    command = [sys.executable, "-m", "keras_profile", *arguments]
    environment = {**os.environ, **VARIABLES}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, timeout=PATIENCE, check=False
    )
    return Finished(done.returncode, done.stdout.decode("cp1252"), done.stderr.decode("cp1252"), folder)


def python(code, folder, check=True):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **VARIABLES},
        capture_output=True,
        text=True,
        check=check,
    )
    return done.stdout.strip()


# --- what is taken away is gone, or nothing below would mean anything ---


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import fcntl", "ModuleNotFoundError"),
        ("import os; os.fork", "AttributeError"),
        ("import os; os.openpty", "AttributeError"),
        ("import signal; signal.SIGKILL", "AttributeError"),
        ("import subprocess as s; s.Popen(['true'], start_new_session=True)", "ValueError"),
        ("import subprocess as s; s.Popen(['true'], pass_fds=[1])", "ValueError"),
        ("open('/proc/self/statm')", "FileNotFoundError"),
        ("import pathlib; pathlib.Path('/proc/self/statm').read_bytes()", "FileNotFoundError"),
        ("import os; f = open('a', 'w'); open('b', 'w').close(); os.replace('b', 'a')", "PermissionError"),
        ("import pathlib as p; f = open('c', 'w'); p.Path('c').unlink()", "PermissionError"),
        ("import os; os.mkdir('d'); f = open('d/e', 'w'); os.rename('d', 'g')", "PermissionError"),
        ("open('a:b', 'w')", "OSError"),
        ("import os; os.mkdir('nul.txt')", "OSError"),
        ("open('x', 'w').write('\\u2500')", "UnicodeEncodeError"),
    ],
)
def test_what_windows_lacks_is_not_there(tmp_path, code, error):
    told = "try:\n {}\nexcept Exception as error:\n print([one.__name__ for one in type(error).__mro__])"
    assert error in python(told.format(code.replace("; ", "\n ")), tmp_path)


# --- README's two commands ---

APP = "d\u00e9mo app.py"
SCRIPT = """
import sys, numpy, keras, time
assert sys.like_windows
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
x = numpy.ones((1, 4), "float32")
for _ in range(12):
    model.predict(x, verbose=0)
open("closed at the end.txt", "w").write("all of it")
sys.exit(7)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return on_windows("demo", "--seconds", "5", "--recipes", "predict_on_batch", folder=folder)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    (folder / APP).write_text(SCRIPT, encoding="utf-8")
    return on_windows(
        "run", "--seconds", "5", "--recipes", "predict_on_batch", "--no-html", APP, folder=folder
    )


def test_the_demo_says_why_and_what_to_change(demo):
    assert demo.code == 0, demo.err
    report = json.loads((demo.report_folder / "report.json").read_text(encoding="utf-8"))
    assert {capture["status"] for capture in report["captures"]} == {"ok"}
    assert report["findings"][0]["rule"] == "pipeline_rebuilt"
    assert [comparison["verdict"] for comparison in report["comparisons"]] != ["failed"]
    assert (demo.report_folder / "report.html").is_file()


def test_what_the_demo_printed_is_in_its_log(demo):
    log = (demo.recording / "output.log").read_bytes()
    assert b'"event"' not in log


def test_the_demo_is_listed_reported_and_exported(demo):
    name = demo.recording.name
    assert name in on_windows("list", folder=demo.folder).out
    again = on_windows("report", name, "--output", "again", folder=demo.folder)
    assert again.code == 0, again.err
    exported = on_windows("export", name, "--format", "speedscope", folder=demo.folder)
    assert exported.code == 0, exported.err


def test_a_program_keeps_its_exit_code_and_is_reported(program):
    assert program.code == 7, program.err
    assert (program.folder / "closed at the end.txt").read_text() == "all of it"
    report = json.loads((program.report_folder / "report.json").read_text(encoding="utf-8"))
    (group,) = report["groups"]
    assert group["count"] == 12
    assert group["site"]["line"] == 7
    assert "not recorded" not in program.err


def test_the_program_is_listed_reported_and_exported(program):
    name = program.recording.name
    assert name in on_windows("list", folder=program.folder).out
    again = on_windows("report", name, "--no-html", "--output", "again", folder=program.folder)
    assert again.code == 0, again.err


def test_a_program_whose_time_is_over_gets_ctrl_c(tmp_path):
    (tmp_path / "app.py").write_text(
        "import time, sys\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    sys.exit(3)\n"
    )
    command = [sys.executable, "-m", "keras_profile", "run", "--for", "5s", "app.py"]
    # A session of its own is the console that Ctrl-C is sent to.
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **VARIABLES}, start_new_session=True, check=False
    )
    assert done.returncode == 3


def test_a_program_that_does_not_listen_is_ended(tmp_path):
    (tmp_path / "app.py").write_text(
        "import time, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(120)\n"
    )
    began = time.monotonic()
    command = [sys.executable, "-m", "keras_profile", "run", "--for", "5s", "app.py"]
    subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **VARIABLES}, start_new_session=True, check=False
    )
    assert time.monotonic() - began < 100


def test_ctrl_c_keeps_what_was_recorded(tmp_path):
    """The recorder has a group of its own: what reaches it is Ctrl-Break."""
    with subprocess.Popen(
        [sys.executable, "-m", "keras_profile", "run", f"{WORKLOADS}:tiny", "--seconds", "200", "--no-try"],
        cwd=tmp_path,
        env={**os.environ, **VARIABLES},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        end = time.monotonic() + 300
        while not list(tmp_path.glob("traces/*/recording.json")):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)
        process.send_signal(2)
        error = process.communicate()[1].decode("cp1252")
    assert process.returncode == 0, error
    (recording,) = tmp_path.glob("traces/*/recording.json")
    assert json.loads(recording.read_bytes())["interrupted"] is True
