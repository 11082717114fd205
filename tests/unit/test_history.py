"""One workload over several releases: their order, failures, and what is shown of them."""

from __future__ import annotations

import io
import json
import random
import re
import sys
from itertools import pairwise
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from keras_profile import cli
from keras_profile.analysis.attribution.vocabulary import PHASES, RUNS_THE_MODEL
from keras_profile.errors import KerasProfileError, TargetError
from keras_profile.features.experiments import runner
from keras_profile.features.experiments.compile_question.reproduction import Spans
from keras_profile.features.experiments.releases import measured_releases
from keras_profile.features.experiments.releases.figure import render_figure
from keras_profile.features.experiments.releases.history import (
    History,
    Release,
)
from keras_profile.features.experiments.releases.measured_in_turn import LEAST_SECONDS
from keras_profile.features.experiments.releases.measured_releases import (
    Interpreter,
    measure_history,
    release_order,
)
from keras_profile.features.experiments.releases.shown_phases import OTHER, folded, shown_phases
from keras_profile.features.experiments.releases.summary import print_history, render_history
from keras_profile.launch.prefixed import prefixed
from keras_profile.model.recorded import from_json
from keras_profile.output.progress import ProgressDisplay
from keras_profile.recorder.protocol import events
from keras_profile.recordings.folders import new_folder
from keras_profile.recordings.json_files import read_recording, read_report
from support import contents
from support.histories import LEGACY, NEW, OLD, WORKLOAD, release, summary


@pytest.fixture
def usual():
    return summary(
        release(
            OLD,
            function_tracing=13_100_000,
            iterator_creation=7_540_000,
            execution=3_940_000,
            entry=200_000,
            unattributed=30_000,
        ),
        release(
            NEW,
            batch_ns=-900,
            low=-300_000,
            function_tracing=16_000_000,
            iterator_creation=31_300_000,
            teardown=9_620_000,
            execution=500_000,
            unattributed=100_000,
        ),
        Release("broken/python", "there is no TensorFlow"),
        notes=["a note"],
    )


@pytest.fixture
def hostile():
    name = contents.HOSTILE + "\ufffe\uffff" * 3
    environment = {"tensorflow": name, "keras": name * 9, "keras_root": name, "python": name}
    return summary(
        release(environment, function_tracing=9_000_000, execution=1_000_000),
        Release(name, name),
        notes=[name],
        workload=contents.changed(
            WORKLOAD, entry_point=name, inputs=[{"shape": None, "dtype": None, "kind": name}]
        ),
    )


# --- the order of releases ---


def test_releases_are_in_the_order_of_keras_then_tensorflow_then_python():
    right = [
        OLD,
        OLD | {"tensorflow": "2.1.4"},
        OLD | {"tensorflow": "2.6.5", "keras": "2.6.0"},
        OLD | {"tensorflow": "2.11.0", "keras": "2.11.0"},
        LEGACY,
        NEW | {"tensorflow": "2.16.2", "keras": "3.0.5"},
        NEW | {"keras": "3.6.0", "python": "3.9.1"},
        NEW | {"keras": "3.6.0", "python": "3.11.1"},
        NEW | {"keras": "3.15.0rc1"},
        NEW,
    ]
    releases = [release(environment) for environment in right]
    failed = Release("p", "it broke")
    for seed in range(5):
        shuffled = [failed, *releases]
        random.Random(seed).shuffle(shuffled)
        assert sorted(shuffled, key=release_order) == [*releases, failed]


@given(st.lists(st.text(max_size=30)))
def test_any_versions_can_be_ordered(versions):
    releases = [release({"keras": version}) for version in versions]
    assert len(sorted(releases, key=release_order)) == len(versions)


# --- measuring, with a recorder that is none ---


def run(tmp_path, *pythons, seconds=100.0):
    told = []
    traces = new_folder(tmp_path / "traces", "history-now")
    content = measure_history(
        [Interpreter(python, python) for python in pythons],
        seconds,
        traces,
        tmp_path / "reports" / "history-now",
        told.append,
    )
    return content, [
        f"{one.of}: {one.text}" for one in told if isinstance(one, (events.Stage, events.Announce))
    ]


@pytest.fixture
def three(recorder):
    recorder.environments.update(new=NEW, old=OLD, legacy=LEGACY)
    recorder.wall_ns["build_with_many_rows"] = 50_500_000
    recorder.rows["build_with_many_rows"] = 3200
    return recorder


def test_each_release_is_a_recording_with_a_report_named_for_it(three, tmp_path):
    content, told = run(tmp_path, "new", "old", "legacy")
    names = ["tf-2.0.0-keras-2.2.4-tf", "tf-2.21.0-tf_keras-2.21.0", "tf-2.21.0-keras-3.15.1"]
    assert [one.call.recording for one in content.releases] == names
    assert [one.interpreter for one in content.releases] == ["old", "legacy", "new"]
    expected = sorted(name + end for name in names for end in ("", "-batches"))
    for place in ("traces", "reports"):
        assert sorted(path.name for path in (tmp_path / place / "history-now").iterdir()) == expected
    for name in expected:
        assert read_recording(tmp_path / "traces" / "history-now" / name)
        report = read_report(tmp_path / "reports" / "history-now" / name / "report.json")
        assert report.recording == name
    assert told[0] == "1/3 new: loading"
    labels = ["TF 2.0.0, Keras", "TF 2.21.0, tf_keras", "TF 2.21.0, Keras"]
    assert [
        note.rpartition(" ")[0]
        for note in dict.fromkeys(note.partition(":")[0].partition(", many")[0] for note in content.notes)
    ] == labels
    assert content.workload.facts.entry_point == "predict"


def test_progress_says_of_which_workload_it_is(capsys):
    with ProgressDisplay() as display:
        told = prefixed(prefixed(display, "1/2 old"), "many batches")
        told(events.Stage("loading"))
        told(events.Progress("bare", 0, left_ns=10**9, budget_ns=2 * 10**9))
        told(events.CaptureFailed("bare", "it broke"))
        told(events.CaptureFailed("spans", "it broke"))
        display(events.Progress("bare", 0, left_ns=10**9, budget_ns=2 * 10**9))
    assert capsys.readouterr().err.splitlines() == [
        "1/2 old: many batches: loading …",
        "1/2 old: many batches: measuring for about 2 s …",
        "1/2 old: many batches: the bare capture failed: it broke; the others continue",
        "1/2 old: many batches: the spans capture failed for the same reason",
        "measuring for about 2 s …",
    ]


def test_equal_releases_are_two_rows(three, tmp_path):
    three.environments["again"] = OLD
    content, _ = run(tmp_path, "old", "again")
    assert [one.call.recording for one in content.releases] == [
        "tf-2.0.0-keras-2.2.4-tf",
        "tf-2.0.0-keras-2.2.4-tf-2",
    ]


def test_a_release_cannot_name_a_folder_elsewhere(three, tmp_path):
    three.environments["evil"] = {"tensorflow": "../../../x", "keras": "/y\n$(z)"}
    content, _ = run(tmp_path, "evil")
    assert content.releases[0].call.recording == "tf-..-..-..-x-keras-y-z"
    assert {path.name for path in tmp_path.iterdir()} == {"traces", "reports"}


@pytest.mark.parametrize(("seconds", "each"), [(100.0, 50.0), (4.0, LEAST_SECONDS)])
def test_the_time_is_shared_and_nobody_gets_next_to_nothing(three, tmp_path, seconds, each):
    run(tmp_path, "old", "new", seconds=seconds)
    for python in ("old", "new"):
        assert sum(request.seconds for _, where, request in three.done if where == python) == (
            pytest.approx(each)
        )


def test_a_further_batch_is_the_difference_by_the_number_of_batches(three, tmp_path):
    content, _ = run(tmp_path, "old")
    batches = content.releases[0].batches
    assert (batches.batches, batches.median_ns) == (100, 50_500_000)
    assert batches.batch_ns == 500_000
    assert batches.batch_ci95_ns == (500_000, 500_000)


def test_the_call_is_divided_and_what_is_not_the_model_is_fixed(three, tmp_path, monkeypatch):
    monkeypatch.setattr(measured_releases, "spans_seen", lambda _: Spans(0.3632, 3.0, [], []))
    report = contents.report()
    found = measured_releases._division(runner.Measured(contents.recording(), report))
    assert found.fixed_ns == 61_700_000 + 204_000
    assert found.fixed_ns + 35_300_000 == report.calls.warm.median_ns
    assert (found.model_share, found.graphs_traced) == (0.3632, 3.0)
    assert found.phases == report.attribution.phases


def test_without_spans_nothing_is_said_of_phases(three, tmp_path):
    content, _ = run(tmp_path, "old")
    assert content.releases[0].call.division is None
    assert content.phases == []


def test_one_that_fails_costs_its_row_alone(three, tmp_path):
    three.fails["broken"] = TargetError("there is no TensorFlow", trace="its last words")
    content, told = run(tmp_path, "broken", "new", "old")
    assert [one.interpreter for one in content.releases] == ["old", "new", "broken"]
    assert [one.reason for one in content.releases] == ["", "", "there is no TensorFlow"]
    assert "1/3 broken: there is no TensorFlow\nits last words" in told
    assert len(list((tmp_path / "traces" / "history-now").iterdir())) == 4


def test_many_batches_that_fail_cost_themselves_alone(three, tmp_path):
    three.fails["tf-2.0.0-keras-2.2.4-tf-batches"] = TargetError("no memory left")
    content, _ = run(tmp_path, "old", "new")
    assert [one.batches is None for one in content.releases] == [True, False]
    assert any("no memory left" in note and "TF 2.0.0" in note for note in content.notes)


def test_where_all_fail_the_first_is_told_and_nothing_is_left(three, tmp_path):
    three.fails.update(a=TargetError("there is no TensorFlow", "install it"), b=TargetError("other"))
    with pytest.raises(KerasProfileError, match=r"none of 2 .* the first: there is no TensorFlow") as caught:
        run(tmp_path, "a", "b")
    assert caught.value.advice == "install it"
    assert list((tmp_path / "traces").iterdir()) == []
    assert not (tmp_path / "reports").exists()


def test_after_an_interrupt_the_table_is_of_what_was_measured(three, tmp_path):
    three.interrupted_in = "old"
    content, _ = run(tmp_path, "new", "old", "legacy")
    assert [(one.interpreter, one.reason) for one in content.releases] == [
        ("old", ""),
        ("new", ""),
        ("legacy", "interrupted before"),
    ]
    assert content.releases[0].batches is None
    assert any("interrupted" in note for note in content.notes)
    assert len(three.done) == 3


def test_after_an_interrupt_before_the_first_call_nothing_more_is_measured(three, tmp_path):
    three.fails["old"] = TargetError("interrupted before the first call", kind="interrupted")
    content, _ = run(tmp_path, "new", "old", "legacy")
    assert [one.reason for one in content.releases] == [
        "",
        "interrupted before the first call",
        "interrupted before",
    ]


def test_giving_up_loses_no_row_that_was_measured(three, tmp_path):
    three.fails["old"] = KeyboardInterrupt()
    content, _ = run(tmp_path, "new", "old", "legacy")
    assert [one.reason for one in content.releases] == ["", "given up", "interrupted before"]


def test_giving_up_at_the_first_is_an_interrupt(three, tmp_path):
    three.fails["old"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "old", "new")


# --- outputs ---


def printed(content, width=120):
    buffer = io.StringIO()
    print_history(content, Console(file=buffer, width=width, color_system=None))
    return buffer.getvalue()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_the_terminal_shows_each_release_and_fits(usual, width):
    text = printed(usual, width)
    for part in (
        "TF 2.0.0,",
        "Keras 2.2.4-tf",
        "3.7.9",
        "24.8",
        "23.8–26.8",
        "20.9",
        "0.500",
        "<0.600",
        "16%",
        "31.3",
        OTHER,
        "not measured: broken/python: there is no TensorFlow",
        "note: a note",
    ):
        assert part in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= width


def test_a_narrow_terminal_leaves_out_how_many_calls_and_folds_no_version(usual):
    narrow, wide = printed(usual, 80), printed(usual, 120)
    assert " calls " in wide.partition("Where")[0]
    assert " calls " not in narrow.partition("Where")[0]
    assert re.search(r"^Keras 2\.2\.4-tf\s*$", narrow, re.MULTILINE)


@pytest.mark.parametrize("width", range(80, 130, 7))
def test_no_name_is_folded_in_the_table_of_phases(usual, width):
    text = printed(usual, width).partition("Where it goes")[2]
    assert "TF 2.0.0, Keras 2.2.4-tf  " in text
    assert "TF 2.21.0, Keras 3.15.1  " in text


def test_a_wide_terminal_shows_more_phases(usual):
    assert "teardown" in printed(usual, 160)
    assert "iterator" in printed(usual, 80)
    assert "teardown" not in printed(usual, 80)


def test_markdown_has_the_figure_and_every_phase(usual):
    text = render_history(usual)
    assert "](history.svg)" in text
    for phase in PHASES:
        assert phase.replace("_", "\\_") in text
    assert "| 13.1 | 16.0 |" in text
    assert "not measured: broken/python" in text


def test_no_output_takes_a_name_for_its_own(hostile):
    assert "<script>" not in render_history(hostile)
    for text in (render_history(hostile), printed(hostile), render_figure(hostile)):
        assert "\x1b" not in text
        assert "\x07" not in text


@pytest.mark.parametrize("most", [0, 1, 3, 99])
def test_folding_loses_nothing(usual, most):
    shown = shown_phases(usual, most)
    assert len(shown) <= most
    assert [phase for phase in PHASES if phase in shown] == shown
    assert not set(shown) & set(RUNS_THE_MODEL)
    for one in usual.releases[:2]:
        assert sum(folded(one.call.division, shown)) == one.call.median_ns


def test_the_most_expensive_phases_are_shown_and_lines_are_not(usual):
    assert shown_phases(usual, 2) == ["iterator_creation", "function_tracing"]
    assert shown_phases(usual, 99) == ["iterator_creation", "function_tracing", "teardown"]


SVG = "{http://www.w3.org/2000/svg}"


def drawn(content):
    return ElementTree.fromstring(render_figure(content))


def bars(figure):
    """The segments of each bar, left to right: (left, width, tooltip, fill)."""
    rows = {}
    for group in figure.iter(SVG + "g"):
        rect, title = group.find(SVG + "rect"), group.find(SVG + "title")
        if rect.get("class") == "segment":
            rows.setdefault(rect.get("y"), []).append(
                (float(rect.get("x")), float(rect.get("width")), title.text, rect.get("fill"))
            )
    return list(rows.values())


def texts(figure):
    return [text.text for text in figure.iter(SVG + "text")]


def test_the_segments_of_a_bar_touch_and_sum_to_the_call(usual):
    found = bars(drawn(usual))
    lengths = []
    for bar in found:
        for (left, width, *_), (after, *_) in pairwise(bar):
            assert left + width == pytest.approx(after, abs=0.011)
        lengths.append(sum(width for _, width, *_ in bar))
    first, second = (one.call.median_ns for one in usual.releases[:2])
    assert lengths[0] / lengths[1] == pytest.approx(first / second, rel=1e-3)
    # Each segment by itself: its time at the bar's scale.
    for one, bar, length in zip(usual.releases, found, lengths):
        scale = length / one.call.median_ns
        for phase in one.call.division.phases:
            for _, width, tooltip, _ in bar:
                if tooltip.startswith(phase.phase + ":"):
                    assert width == pytest.approx(phase.self_ns * scale, abs=0.02)
    assert found[0][0][2] == "execution: 3.94 ms"


def test_the_axis_is_to_scale(usual):
    figure = drawn(usual)
    marks = [
        (float(text.get("x")), float(text.text))
        for text in figure.iter(SVG + "text")
        if text.get("text-anchor") == "middle" and re.fullmatch(r"[\d.]+", text.text)
    ]
    (zero, _), (last, most) = marks[0], marks[-1]
    left, width = bars(figure)[0][0][0], sum(width for _, width, *_ in bars(figure)[0])
    assert left == zero
    assert width / (last - zero) == pytest.approx(usual.releases[0].call.median_ns / 1e6 / most, rel=1e-3)


def test_phases_are_told_by_letter_and_colour_as_the_legend_has_them(usual):
    figure = drawn(usual)
    words = texts(figure)
    shown = ["execution", "eager_execution", "iterator_creation", "function_tracing", "teardown", OTHER]
    letters = {words[words.index(phase) - 1]: phase for phase in shown}
    assert list(letters) == list("ABCDEF")
    swatches = [rect.get("fill") for rect in figure.iter(SVG + "rect") if rect.get("class") == "swatch"]
    assert len(set(swatches)) == len(shown)
    for bar in bars(figure):
        for _, _, tooltip, fill in bar:
            assert swatches[shown.index(tooltip.partition(":")[0])] == fill
    assert "iterator_creation 31.3" in words
    assert "24.8, fixed 20.9" in words
    assert "TF 2.0.0, Keras 2.2.4-tf" in words


def test_the_figure_fetches_and_runs_nothing(hostile):
    text = render_figure(hostile).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|href|@import|<script|<foreignObject|\son\w+=", text)
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {"#hatching"}


def test_the_figure_has_any_name_as_text(hostile):
    figure = drawn(hostile)
    assert {element.tag.removeprefix(SVG) for element in figure.iter()} == {
        "svg",
        "title",
        "style",
        "defs",
        "pattern",
        "line",
        "rect",
        "g",
        "text",
    }
    assert any("<script>" in text for text in texts(figure))


@given(st.text(), st.integers(10**6, 10**15))
def test_the_figure_is_xml_whatever_the_name_and_the_time(name, ns):
    figure = drawn(summary(release({"tensorflow": name, "keras": name, "python": name}, function_tracing=ns)))
    assert len(bars(figure)) == 1


def test_a_release_that_is_not_divided_has_a_plain_bar():
    (bar,) = bars(drawn(summary(release())))
    assert [tooltip for _, _, tooltip, _ in bar] == ["not divided: 12.0 ms"]


def test_the_summary_is_written_and_read_again(usual, tmp_path):
    paths = runner.write_summary(usual, tmp_path / "new", measured_releases.SUMMARY_FILES)
    assert [path.name for path in paths] == ["history.json", "history.md", "history.svg"]
    assert msgspec.json.decode(paths[0].read_bytes(), type=History, dec_hook=from_json) == usual
    assert json.loads(paths[0].read_bytes())["schema"] == {"name": "keras_profile.history", "version": 1}


# --- the command ---


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("keras_profile.launch.interpreters.find_interpreter", lambda text: text)
    return tmp_path


def test_interpreters_may_be_given_together_or_one_by_one(three, here, capsys):
    assert cli.main(["history", "--python", "new", "legacy", "--python", "old", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert out.index("TF 2.0.0") < out.index("tf_keras 2.21.0") < out.index("Keras 3.15.1")
    assert "history.json, history.md, history.svg" in out
    (folder,) = (here / "reports").iterdir()
    assert {"history.json", "history.md", "history.svg"} <= {path.name for path in folder.iterdir()}


def test_alone_this_interpreter_is_measured_and_the_way_on_is_told(three, here, capsys):
    assert cli.main(["history"]) == 0
    captured = capsys.readouterr()
    assert "only this interpreter" in captured.err
    assert "history --python" in captured.err
    assert len(three.done) == 2


def test_json_is_all_that_is_printed(three, here, capsys):
    assert cli.main(["history", "--python", "old", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["interpreter"] for one in found["releases"]] == ["old"]


def test_where_nothing_can_be_measured_the_exit_code_is_2(three, here, capsys):
    three.fails["old"] = TargetError("there is no TensorFlow", "install it")
    assert cli.main(["history", "--python", "old"]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("there is no TensorFlow") == 1
    assert "install it" in captured.err
    assert captured.out == ""


def test_a_script_in_the_working_folder_is_an_interpreter(three, tmp_path, monkeypatch):
    (tmp_path / "legacy").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tmp_path / "legacy").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["history", "--python", "./legacy", "--quiet"]) == 0
    assert {python for _, python, _ in three.done} == {str(tmp_path / "legacy")}


def test_an_interpreter_that_there_is_none_of_is_told_before_anything_is_measured(
    recorder, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["history", "--python", "no/such/place"]) == 2
    assert "no/such/place" in capsys.readouterr().err
    assert recorder.done == []
    assert list(tmp_path.iterdir()) == []
