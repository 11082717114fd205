"""Each way into the program once, from end to end: real TensorFlow, real files, a real browser.

The other tiers try what can be given to each of them; this shows that each works.
"""

from __future__ import annotations

import json

import pytest

from support import browser, requirements
from support.commands import PROGRAMS, WORKLOADS, keras_profile, python
from support.notebooks import run_cells, shown
from support.programs import line_of, run_program


@pytest.fixture(scope="session", autouse=True)
def _tensorflow_is_there():
    requirements.tensorflow()


def sums_to_the_nanosecond(report):
    attribution = report["attribution"]
    return sum(phase["self_ns"] for phase in attribution["phases"]) == attribution["total_ns"] > 0


# --- the demo, its report, its page ---


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What the demo leaves, with one recipe."""
    finished = keras_profile(
        "demo", "--seconds", "8", "--recipes", "predict_on_batch", folder=tmp_path_factory.mktemp("demo")
    )
    assert finished.code == 0, finished.err
    return finished


@pytest.mark.group("smoke demo")
def test_the_demo_says_why_and_what_to_change(demo):
    assert "The input pipeline is rebuilt on every call" in demo.out
    assert "y = model.predict_on_batch(x)" in demo.out
    report = json.loads((demo.report_folder / "report.json").read_text())
    assert sums_to_the_nanosecond(report)
    assert {capture["status"] for capture in report["captures"]} == {"ok"}
    assert report["findings"][0]["rule"] == "pipeline_rebuilt"
    (comparison,) = report["comparisons"]
    # Whether outputs are equal to the bit depends on how many rows there was time to compare.
    assert comparison["verdict"] in ("faster", "no_difference", "slower")
    assert (demo.recording / "recording.json").is_file()


@pytest.mark.group("smoke demo")
def test_the_demo_is_listed_and_reported_again(demo, tmp_path):
    listed = keras_profile("list", folder=demo.folder)
    assert demo.recording.name in listed.out
    again = keras_profile("report", str(demo.recording), "--json", "--no-html", folder=tmp_path)
    assert again.report == json.loads((demo.report_folder / "report.json").read_text())


@pytest.mark.group("smoke demo")
def test_the_page_of_the_demo_opens_in_a_browser(demo, tmp_path):
    with browser.chromium(tmp_path) as chromium:
        chromium.get((demo.report_folder / "report.html").as_uri())
        chromium.implicitly_wait(20)
        assert chromium.find_element("css selector", "html[data-state=ready]")
        assert "predict()" in chromium.find_element("css selector", "main").text
        assert chromium.find_elements("css selector", "canvas")
        assert chromium.get_log("browser") == []


# --- a model's file, a trace ---

#: Writes a model, and a trace of three calls as TensorFlow's own profiler makes it.
MAKE = """
import sys
sys.path.insert(0, {folder!r})
import tensorflow as tf
from workloads import rows, tiny
model = tiny()
model.save("tiny.keras")
model.predict(rows(), verbose=0)
tf.profiler.experimental.start("logs")
for step in range(3):
    with tf.profiler.experimental.Trace("predict", step_num=step, _r=1):
        model.predict(rows(), verbose=0)
tf.profiler.experimental.stop()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a model's file and a trace."""
    folder = tmp_path_factory.mktemp("made")
    python("-c", MAKE.format(folder=str(WORKLOADS.parent)), folder=folder)
    return folder


@pytest.mark.group("smoke files")
@pytest.mark.parametrize("command", ["profile", "run"])
def test_a_model_file_is_profiled(made, command):
    finished = keras_profile(command, "tiny.keras", "--seconds", "2", "--no-try", "--json", folder=made)
    assert finished.code == 0, finished.err
    assert finished.report["workload"]["model_class"] == "Functional"
    assert sums_to_the_nanosecond(finished.report)


@pytest.mark.group("smoke files")
def test_a_trace_is_divided(made):
    finished = keras_profile("trace", "logs", "--json", folder=made)
    assert finished.code == 0, finished.err
    (host,) = finished.report["hosts"]
    assert host["division"]["steps"] == 3
    assert {"iterator_creation", "execution"} <= {one["phase"] for one in host["division"]["phases"]}


# --- a program, a piece of one, a notebook ---


@pytest.mark.group("smoke program")
def test_a_program_is_recorded_as_it_runs(tmp_path):
    finished = run_program("decoder.py", folder=tmp_path, options=("--no-try", "--seconds", "2"))
    assert finished.code == 0, finished.err
    group = finished.group("decoder.py", "predict")
    assert group["count"] == finished.counts["predict"] == 24
    assert group.is_whole
    assert "pipeline_rebuilt" in group.found
    assert (finished.report_folder / "report.html").is_file()


@pytest.mark.group("smoke watch")
def test_a_piece_of_a_program_is_watched(tmp_path):
    told = json.loads(python(str(PROGRAMS / "watched.py"), folder=tmp_path).splitlines()[-1])
    assert told["groups"] == [[line_of("watched.py", "watched"), 30]]
    assert told["whole"]
    assert "pipeline_rebuilt" in told["found"]


CELLS = """
%load_ext keras_profile
---
import numpy as np
from tensorflow import keras
inputs = keras.layers.Input((4,))
model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
row = np.ones((1, 4), 'float32')
---
%%keras_profile --no-try --seconds 2
for _ in range(20):
    model.predict(row, verbose=0)
"""


@pytest.mark.group("smoke notebook")
def test_a_cell_of_a_notebook_shows_its_report(tmp_path):
    cell = run_cells(CELLS, tmp_path).cells[-1]
    assert "model.predict(row, verbose=0)" in shown(cell, "text/plain")
    assert "pipeline" in shown(cell, "text/plain")
    assert "predict" in shown(cell, "text/html")
