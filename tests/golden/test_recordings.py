"""The recordings that ``traces/examples.txt`` names give what ``reports/`` keeps of their reports.

After a change that is meant to change reports: ``python tests/golden/regenerate.py``,
and read the difference before you commit it.
"""

from __future__ import annotations

import difflib
import functools
import json
import shutil
from pathlib import Path

import pytest

from keras_profile.analysis.reports import make_report
from keras_profile.output.reports import render_page
from keras_profile.recordings.finding import EXAMPLES
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import OpenedRecording, open_recording
from support import clones, golden, requirements
from support.golden import TRACES, name_of

RECORDINGS = golden.recordings()
each_recording = pytest.mark.parametrize("recording", RECORDINGS, ids=name_of)


@functools.cache
def made(recording):
    """The report of a recording, made once for all tests."""
    return make_report(open_recording(recording))


def test_the_manifest_names_recordings_that_are_there_each_once():
    assert len({name_of(recording) for recording in RECORDINGS}) == len(RECORDINGS) >= 15
    assert [
        name_of(recording) for recording in RECORDINGS if not (recording / "recording.json").is_file()
    ] == []


def test_all_that_the_repository_has_of_recordings_and_reports_is_named():
    requirements.clone()
    listed = clones.tracked("traces", "reports")
    names = {name_of(recording) for recording in RECORDINGS}
    unnamed = [
        path
        for path in listed
        if path != f"traces/{EXAMPLES}"
        and not any(path.partition("/")[2].startswith(f"{name}/") for name in names)
    ]
    assert unnamed == []


@each_recording
def test_a_recording_gives_what_is_kept_of_its_report(recording, tmp_path):
    kept = golden.REPORTS / name_of(recording)
    found = golden.files_of(recording, made(recording))
    assert {path.name for path in kept.iterdir()} == set(found)
    for name, data in found.items():
        if data != (kept / name).read_bytes():
            saved = tmp_path / name
            saved.write_bytes(data)
            difference = list(
                difflib.unified_diff(
                    (kept / name).read_text().splitlines(),
                    data.decode().splitlines(),
                    str(kept / name),
                    str(saved),
                    lineterm="",
                    n=1,
                )
            )
            pytest.fail("\n".join(difference[:40]), pytrace=False)


@pytest.mark.parametrize(
    "recording", [one for one in RECORDINGS if name_of(one) not in golden.WHOLE], ids=name_of
)
def test_a_summary_can_be_read_by_a_person(recording):
    summary = (golden.REPORTS / name_of(recording) / "summary.txt").read_text()
    assert 10 < len(summary.splitlines()) <= 40


def test_a_page_is_not_large():
    recording = TRACES / golden.PAGE_OF
    assert len(render_page(made(recording), open_recording(recording))) < 400_000


@each_recording
def test_the_phases_sum_and_little_is_unattributed(recording):
    attribution = made(recording).attribution
    assert sum(phase.self_ns for phase in attribution.phases) == attribution.total_ns
    assert attribution.unattributed_ns <= 0.01 * attribution.total_ns


@each_recording
def test_a_recording_is_small_and_holds_no_home_folder(recording):
    files = [path for path in recording.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    for path in files:
        content = path.read_bytes()
        assert b"/home/" not in content, path
        if Path.home() != Path("/"):
            assert f"{Path.home()}/".encode() not in content, path


# --- what is said of TensorFlow 2.0, by the recordings of it ---


def question(workload):
    return made(TRACES / "question-tf-2.0" / workload)


def total_share(report, qualname):
    """The share of the call below an internal, 0 where it does not run."""
    shares = [one.total_share for one in report.attribution.internals if one.qualname == qualname]
    return max(shares, default=0.0)


def test_compile_made_the_tiny_model_ten_times_slower():
    compiled, uncompiled = question("tiny_compiled"), question("tiny_uncompiled")
    assert compiled.calls.warm.median_ns > 10 * uncompiled.calls.warm.median_ns


def test_building_the_inputs_was_most_of_the_compiled_call():
    compiled = question("tiny_compiled")
    assert total_share(compiled, "_process_inputs") >= 0.65
    assert total_share(compiled, "Function._create_graph_function") >= 0.5


def test_the_uncompiled_call_did_neither():
    uncompiled = question("tiny_uncompiled")
    assert total_share(uncompiled, "_process_inputs") == 0
    assert total_share(uncompiled, "Function._create_graph_function") == 0


def test_building_the_inputs_was_next_to_nothing_on_the_medium_model():
    assert 0 < total_share(question("medium_compiled"), "_process_inputs") <= 0.02


@each_recording
def test_every_release_here_is_known_as_a_whole(recording):
    report = made(recording)
    known = report.attribution.table
    assert known.missing == []
    family, _, version = known.generation.partition("-")
    package = {"tf": "tensorflow", "keras": "keras", "tf_keras": "keras"}[family]
    assert report.environment.as_recorded[package].startswith(version + ".")


def test_a_call_that_ctrl_c_kept_from_the_table_is_left_out(tmp_path):
    """The last call under spans ended, and its row was never written."""
    folder = tmp_path / "interrupted"
    shutil.copytree(RECORDINGS[0], folder)
    path = folder / "recording.json"
    content = json.loads(path.read_text())
    calls = content["calls"]
    last = max(row for row, name in enumerate(calls["capture"]) if name == "spans")
    for column in calls.values():
        del column[last]
    path.write_text(json.dumps(content))
    cold, warm = OpenedRecording(read_recording(RECORDINGS[0])).timelines
    fewer_cold, fewer_warm = OpenedRecording(read_recording(folder)).timelines
    assert (fewer_cold.calls, fewer_warm.calls) == (cold.calls, warm.calls - 1)
    assert make_report(open_recording(folder)).attribution.total_ns > 0
