"""The partition of a program's time and its call tree, from recordings made by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.analysis.program_parts import divide
from keras_profile.analysis.reports import make_report
from keras_profile.output.reports import render_markdown, report_text
from keras_profile.recorder.protocol import events
from keras_profile.recordings.opened import OpenedProgram
from support import streams
from support.streams import BEGAN, MS, RECORDER, activity, imported, inference, library, line


@pytest.fixture
def process(tmp_path):
    made = streams.Process(streams.program(tmp_path / "app"))
    made.site()
    made.group()
    return made


def report_of(process):
    return make_report(OpenedProgram(process.folder.parent))


def parts_of(report, kind):
    """The parts of a kind: what, line, and ms."""
    return [(one.what, one.line, round(one.total_ns / MS)) for one in report.whole.parts if one.kind == kind]


def sums_to_the_wall(report):
    whole = report.whole
    assert sum(one.total_ns for one in whole.parts) == whole.wall_ns
    assert all(one.total_ns > 0 for one in whole.parts)
    root = whole.tree[0]
    assert root.total_ns == whole.wall_ns
    for place, frame in enumerate(whole.tree):
        below = sum(one.total_ns for one in whole.tree if one.parent == place)
        assert frame.self_ns + below == frame.total_ns
    return True


@settings(max_examples=50)
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), max_size=20))
def test_whole_numbers_are_divided_to_the_last(total, weights):
    found = divide(total, weights)
    assert len(found) == len(weights)
    assert all(one >= 0 for one in found)
    assert not weights or sum(found) == total


def test_what_was_measured_is_exact_and_the_rest_is_as_samples_are(process):
    process.now += 200 * MS  # before TensorFlow was imported
    process.activity("import", "tensorflow", wall=1000 * MS)
    process.activity("compile", "compile", wall=100 * MS)
    for _ in range(10):
        process.call(wall=50 * MS, gap=0)
    process.now += 400 * MS
    process.stacks(
        ([activity("import"), imported("tensorflow")], 600, 1),
        ([activity("import"), imported("tensorflow"), imported("numpy")], 200, 1),
        ([line(41), inference()], 390, 1),
        ([line(50, "x = decode(y)", looped=True)], 300, 1),
        ([line(51, "sleep(1)")], 98, 0.01),
        began=BEGAN + 200 * MS,
    )
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "before_import") == [("", 0, 200)]
    assert parts_of(report, "import") == [("tensorflow", 0, 750), ("numpy", 0, 250)]
    assert parts_of(report, "compiling") == [("compile", 7, 100)]
    assert parts_of(report, "inference") == [("predict", 41, 500)]
    ((_, place, own),) = parts_of(report, "own_code")
    assert (place, own) == (50, pytest.approx(301, abs=2))
    ((_, place, waiting),) = parts_of(report, "waiting")
    assert (place, waiting) == (51, pytest.approx(99, abs=2))
    assert {one.exact for one in report.whole.parts if one.kind in ("inference", "compiling")} == {True}


def test_what_samples_do_not_cover_is_nobodys(process):
    process.calls(4)
    process.now += 500 * MS
    process.stacks(([line(50)], 100, 1))
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "own_code") == [("", 50, 115)]
    assert parts_of(report, "unattributed")[0][2] == pytest.approx(385, abs=3)


def test_without_samples_the_rest_is_nobodys(process):
    process.now += 100 * MS
    process.activity("import", "keras", wall=300 * MS)
    process.calls(4)
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "before_import") == [("", 0, 100)]
    assert parts_of(report, "import") == [("tensorflow", 0, 300)]
    assert report.whole.samples == 0


def test_a_call_within_training_is_inference_and_a_callback_the_users(process):
    begin = process.now
    process.activity("fit", "fit", where="/home/u/app.py:20, in train", begin=begin, wall=1000 * MS)
    process.call(begin=begin + 100 * MS, wall=200 * MS)
    process.now = begin + 1000 * MS
    fit = [line(20, "model.fit(x)", "train"), activity("fit")]
    process.stacks(
        ([*fit, library("keras.src.trainers", "Trainer.fit")], 400, 1),
        ([*fit, library("keras.src.callbacks", "on_epoch_end"), line(9, "sleep(1)", "on_epoch_end")], 400, 0),
        ([*fit, library("keras.src.callbacks", "on_epoch_end"), line(41), inference()], 200, 1),
    )
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "inference") == [("predict", 41, 200)]
    assert parts_of(report, "training") == [("fit", 20, 400)]
    assert parts_of(report, "waiting") == [("", 9, 400)]


def test_inference_on_other_threads_has_what_the_main_one_waited(process):
    begin = process.now
    for number in range(10):
        process.call(begin=begin + number * 100 * MS, wall=60 * MS, thread=1)
    process.now = begin + 1000 * MS
    process.stacks(
        ([line(5, "server.run()"), library("selectors", "EpollSelector.select")], 900, 0.5),
        ([line(6, "log()")], 100, 1),
    )
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "inference") == [("predict", 41, 600)]
    assert parts_of(report, "waiting")[0][2] == 300
    assert parts_of(report, "own_code") == [("", 6, 100)]


def test_work_of_other_threads_has_what_the_main_one_waited_for_it(process):
    process.tell(events.Thread(1, "worker"))
    process.call(wall=100 * MS, gap=0)
    process.now += 1000 * MS
    process.stacks(
        ([line(5, "worker.join()"), library("threading", "Thread.join")], 900, 0.01),
        ([line(6, "log()")], 100, 1),
        of_worker=(
            ([line(30, "clean(rows)")], 500, 1),
            ([activity("load_model"), line(31, "load()"), library("keras.saving", "load_model")], 200, 1),
            ([line(32, "todo.get()"), library("queue", "Queue.get")], 300, 0.01),
        ),
    )
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "own_code") == [("", 30, 500), ("", 6, 100)]
    assert parts_of(report, "loading") == [("keras: load_model", 31, 200)]
    assert parts_of(report, "waiting") == [("threading: Thread.join", 5, 200)]


def test_a_call_in_which_the_program_was_killed_is_seen(tmp_path):
    process = streams.Process(streams.program(tmp_path / "app", exit_code=137))
    process.site()
    process.group()
    process.call(wall=100 * MS, gap=0)
    process.stacks(([line(41), inference()], 900, 1))
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "inference") == [("predict", 41, 900)]


def test_a_pause_and_the_recorder_are_named(process):
    process.calls(4)
    process.now += 600 * MS
    process.stacks(([line(50), RECORDER], 200, 1), ([line(50)], 100, 1), paused=300 * MS)
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    assert parts_of(report, "not_watched") == [("", 0, 300)]
    assert parts_of(report, "recording")[0][2] == pytest.approx(200, abs=3)


def test_the_tree_has_inference_with_its_phases_and_leaves_out_what_only_calls(process):
    process.calls(40)
    process.now += 1000 * MS
    ops = [library(f"tensorflow.python.ops{number}", f"op{number}") for number in range(6)]
    process.stacks(
        ([line(30, "for x in t:", looped=True), *ops], 800, 1),
        ([line(30, "for x in t:", looped=True)], 200, 1),
        ([line(41, "q = model.predict(x)"), inference()], 700, 1),
    )
    process.end()
    report = report_of(process)
    assert sums_to_the_wall(report)
    tree = report.whole.tree
    inferences = [place for place, one in enumerate(tree) if one.kind == "inference"]
    assert [tree[place].group for place in inferences] == [0]
    phases = [one.name for one in tree if one.kind == "phase"]
    assert phases[0] == "dataset_building"
    assert [one.name for one in tree if one.kind == "library"] == ["op0", "op5"]


def test_the_table_and_the_sentences_stand_before_the_calls(process):
    process.call(flags=1)
    process.calls(4)
    process.now += 9_000 * MS
    process.stacks(([line(30, "for x in t:", looped=True)], 9_000, 1), ([line(41), inference()], 300, 1))
    process.end()
    report = report_of(process)
    assert report.conclusions[0].startswith("Inference is only ")
    text = report_text(report, 100, full=True)
    assert text.index("where the time goes") < text.index("Inference is only") < text.index("1. predict at")
    # It is a line and no table of phases.
    assert "dataset_building" not in text
    markdown = render_markdown(report)
    assert markdown.index("## Where the time goes") < markdown.index("## Calls")


def test_of_a_service_that_waits_the_rest_counts(process):
    process.calls(20)
    waits = [line(9, "app.run()"), library("selectors", "EpollSelector.select")]
    process.now += 20_000 * MS
    process.stacks(([line(41), inference()], 500, 1), (waits, 20_000, 0.01))
    process.end()
    report = report_of(process)
    assert report.program.inference_share < 0.05
    assert report.conclusions[0].startswith("Inference takes ")
    assert "dataset_building" in report_text(report, 100, full=True)


def test_a_program_of_inference_is_told_so(process):
    process.calls(200)
    process.stacks(([line(41), inference()], 2_000, 1))
    process.end()
    report = report_of(process)
    assert report.conclusions[0].startswith("Inference takes 99% of the program: predict at app.py:41")
    assert "dataset_building" in report_text(report, 100, full=True)
