"""The store: names, places, versions, and that nothing is overwritten."""

from __future__ import annotations

import json
import os
from datetime import datetime

import pytest

from keras_profile.errors import KerasProfileError, RecordingError
from keras_profile.model.report import ReportContent
from keras_profile.recordings.finding import example_names, find_recording, list_recordings
from keras_profile.recordings.folders import empty_folder, new_folder, remove_if_empty
from keras_profile.recordings.json_files import read_recording, read_report
from keras_profile.recordings.names import name_in_traces, place_and_name, plain_name, recording_name
from keras_profile.recordings.writing import encode_json, write_files
from support import contents

NOW = datetime(2026, 1, 2, 3, 4, 5)
TIME = "20260102-030405"


# --- names and folders ---


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("net.py:build", f"net-build-predict-{TIME}"),
        ("deep/er/net.keras", f"net-predict-{TIME}"),
        ("net.h5", f"net-predict-{TIME}"),
        ("exported/", f"exported-predict-{TIME}"),
        ("package.module:build", f"package.module-build-predict-{TIME}"),
        ("my model (2).keras", f"my-model-2-predict-{TIME}"),
        ("../../etc/passwd", f"passwd-predict-{TIME}"),
        (".", f"predict-{TIME}"),
        ("C:\\models\\net.keras", f"net-predict-{TIME}"),
        ("C:\\models\\net.py:build", f"net-build-predict-{TIME}"),
        ("D:/exported\\", f"exported-predict-{TIME}"),
        ("con.v2.keras", f"_con.v2-predict-{TIME}"),
        ("x" * 300 + ".keras", "x" * 100 + f"-{TIME}"),
    ],
)
def test_recordings_are_named_for_target_entry_and_time(target, name):
    assert recording_name(target, "predict", NOW) == name


@pytest.mark.parametrize("target", ["..", "/", "...", "-rf", "a/..", "x\ny\0z", "ünï<b>|c:\\d"])
def test_a_name_is_one_safe_folder(target):
    name = recording_name(target, "predict", NOW)
    assert name.isascii()
    assert not set(name) & set("/\\\n\0<>|: ")
    assert name[0] not in ".-"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CON", "_CON"),
        ("nul.keras", "_nul.keras"),
        ("Com1", "_Com1"),
        ("lpt9.a.b", "_lpt9.a.b"),
        ("console", "console"),
        ("a:b", "a-b"),
        ("ends. . .", "ends"),
        ("x" * 99 + "---y", "x" * 99),
    ],
)
def test_no_name_is_one_that_windows_keeps(text, name):
    assert plain_name(text) == name


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("net.py:build", ("net.py", "build")),
        ("package.module:build", ("package.module", "build")),
        ("C:\\exported", ("C:\\exported", "")),
        ("C:/exported", ("C:/exported", "")),
        ("C:\\exported:serving_default", ("C:\\exported", "serving_default")),
        ("net.keras", ("net.keras", "")),
        (":x", (":x", "")),
    ],
)
def test_a_drive_is_no_module(target, parts):
    assert place_and_name(target) == parts


def test_a_new_folder_never_is_an_old_one(tmp_path):
    folders = [new_folder(tmp_path / "traces", "a") for _ in range(3)]
    assert [folder.name for folder in folders] == ["a", "a-2", "a-3"]
    assert all(folder.is_dir() for folder in folders)


def test_a_folder_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KerasProfileError, match="cannot be created"):
        new_folder(tmp_path / "file", "a")
    with pytest.raises(KerasProfileError, match="cannot be created"):
        empty_folder(tmp_path / "file" / "a")


def test_an_empty_folder_is_made_or_taken_and_one_with_files_is_refused(tmp_path):
    assert empty_folder(tmp_path / "a" / "b").is_dir()
    assert empty_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "a" / "b" / "mine.txt").write_text("mine")
    with pytest.raises(KerasProfileError, match="found one with files"):
        empty_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "mine.txt").read_text() == "mine"


def test_a_recording_that_never_came_to_be_is_removed_with_its_log(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "output.log").write_text("died")
    remove_if_empty(tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("name", ["recording.json", "mine.txt"])
def test_a_folder_with_a_recording_or_other_files_stays(tmp_path, name):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / name).write_text("{}")
    remove_if_empty(tmp_path / "r")
    assert (tmp_path / "r" / name).exists()


def test_the_log_of_a_recording_stays(tmp_path):
    for name in ("recording.json", "output.log"):
        (tmp_path / name).write_text("{}")
    remove_if_empty(tmp_path)
    assert (tmp_path / "output.log").exists()


# --- finding recordings ---


@pytest.fixture
def save(tmp_path):
    """Writes a recording into a folder, by default below traces."""

    def save(name, change=None, folder=None):
        folder = folder or tmp_path / "traces" / name
        folder.mkdir(parents=True)
        content = json.loads(encode_json(contents.recording(calls=[{}] * 3).content))
        (folder / "recording.json").write_text(json.dumps(content | (change or {})))
        return folder

    return save


def test_a_recording_is_found_by_name_and_by_path(tmp_path, save, monkeypatch):
    folder = save("a")
    monkeypatch.chdir(tmp_path)
    assert find_recording("a").resolve() == folder
    assert find_recording("traces/a").resolve() == folder
    assert find_recording(str(folder)) == folder
    assert find_recording("a", tmp_path / "traces") == folder


def test_an_unknown_name_is_told_with_those_that_are_there(tmp_path, save):
    save("one")
    with pytest.raises(RecordingError, match="no recording is called nonsense") as caught:
        find_recording("nonsense", tmp_path / "traces")
    assert "one" in caught.value.advice
    with pytest.raises(RecordingError) as caught:
        find_recording("nonsense", tmp_path / "elsewhere")
    assert "keras-profile run PROGRAM.py" in caught.value.advice


def test_a_folder_without_recording_is_told(tmp_path):
    with pytest.raises(RecordingError, match=r"found a folder without recording\.json"):
        find_recording(str(tmp_path))


def test_recordings_are_listed_newest_first(tmp_path, save):
    for age, name in enumerate(["b", "c", "a"]):
        os.utime(save(name) / "recording.json", (1e9 - age, 1e9 - age))
    (tmp_path / "traces" / "no recording").mkdir()
    assert [folder.name for folder in list_recordings(tmp_path / "traces")] == ["b", "c", "a"]
    assert list_recordings(tmp_path / "elsewhere") == []


def test_the_names_of_examples_are_the_lines_of_their_file(tmp_path):
    assert example_names(tmp_path) == []
    (tmp_path / "examples.txt").write_text("# what came along\none\n\n  many/a \n")
    assert example_names(tmp_path) == ["one", "many/a"]
    (tmp_path / "examples.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(RecordingError, match="cannot be read"):
        example_names(tmp_path)


def test_of_recordings_that_are_there_the_user_s_own_are_told_first(tmp_path, save):
    for name in ("an example", "mine"):
        save(name)
    (tmp_path / "traces" / "examples.txt").write_text("an example\n")
    with pytest.raises(RecordingError) as caught:
        find_recording("nonsense", tmp_path / "traces")
    assert caught.value.advice == "recordings here: mine, an example"


@pytest.fixture
def group(tmp_path, save):
    """A folder of recordings that were made together, between two others."""
    for age, name in enumerate(["new", "many/b", "many/a", "old"]):
        os.utime(save(name) / "recording.json", (1e9 - age, 1e9 - age))
    return tmp_path / "traces" / "many"


def test_recordings_made_together_stay_together_in_the_order_they_were_made(group):
    listed = [name_in_traces(folder) for folder in list_recordings(group.parent)]
    assert listed == ["new", "many/a", "many/b", "old"]


def test_one_of_those_made_together_is_found_by_its_name(group):
    assert find_recording("many/a", group.parent) == group / "a"
    for text in ("many", str(group)):
        with pytest.raises(RecordingError, match="found a folder of 2") as caught:
            find_recording(text, group.parent)
        assert caught.value.advice == "give one of them: many/a, many/b"


# --- reading ---


def test_a_recording_is_read(save):
    folder = save("a")
    found = read_recording(folder)
    assert found.name == "a"
    assert found.content == contents.recording(calls=[{}] * 3).content
    assert found.content.calls.wall("bare") == [1_000_000] * 3


def test_fields_of_later_releases_are_passed_over(save):
    assert read_recording(save("a", {"later": {"a": 1}})).content.complete


def recording_error(folder):
    with pytest.raises(RecordingError) as caught:
        read_recording(folder)
    assert str(folder) in caught.value.message
    return caught.value


def test_a_newer_version_says_to_update(save):
    error = recording_error(save("a", {"schema": {"name": "keras_profile.recording", "version": 2}}))
    assert "is version 2" in error.message
    assert "update" in error.advice


@pytest.mark.parametrize(
    "schema",
    [
        {"name": "keras_profile.report", "version": 1},
        {"name": "keras_profile.recording", "version": 0},
        {"name": "other", "version": 99},
    ],
)
def test_another_schema_is_told_with_what_was_expected(save, schema):
    message = recording_error(save("a", {"schema": schema})).message
    assert "expected keras_profile.recording version 1" in message
    assert schema["name"] in message


@pytest.mark.parametrize(
    "change",
    [
        {"schema": None},
        {"schema": {"name": "keras_profile.recording"}},
        {"calls": []},
        {"captures": 5},
        {"complete": "yes"},
        {"internals": [1]},
        {"schema": {"name": "keras_profile.recording", "version": "1"}},
        {"environment": None},
    ],
)
def test_fields_of_another_kind_are_one_clear_error(save, change):
    assert "expected keras_profile.recording" in recording_error(save("a", change)).message


GARBAGE = [
    b"",
    b"not json",
    b"[]",
    b"null",
    b'{"schema": ',
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"\xff\xfe\x00",
]


@pytest.mark.parametrize("data", GARBAGE)
def test_what_is_no_json_is_one_clear_error(tmp_path, data):
    (tmp_path / "recording.json").write_bytes(data)
    assert "expected keras_profile.recording, found something else" in recording_error(tmp_path).message
    with pytest.raises(RecordingError, match=r"expected keras_profile\.report"):
        read_report(tmp_path / "recording.json")


def test_a_missing_file_is_an_error(tmp_path):
    assert "cannot be read" in recording_error(tmp_path).message
    with pytest.raises(RecordingError, match="found a folder"):
        read_report(tmp_path)


def test_text_that_is_no_utf_8_is_read(save):
    path = save("a") / "recording.json"
    path.write_bytes(path.read_bytes().replace(b"net.py", b"n\xff\xfe.py"))
    assert read_recording(path.parent).content.workload.facts.target == "n\ufffd\ufffd.py:build"


def test_nesting_without_end_is_one_clear_error(save):
    path = save("a") / "recording.json"
    text = path.read_text().replace(
        '"environment": {', '"environment": {"deep": ' + "[" * 100_000 + "]" * 100_000 + ", "
    )
    path.write_text(text)
    assert "recording" in recording_error(path.parent).message


# --- reports ---


@pytest.mark.parametrize("name", ["usual", None])
def test_a_report_survives_writing_and_reading(tmp_path, name):
    content = contents.report(name or contents.HOSTILE)
    (tmp_path / "report.json").write_bytes(encode_json(content))
    assert read_report(tmp_path / "report.json") == content


def test_a_report_that_was_read_is_written_as_the_same_bytes(tmp_path):
    written = encode_json(contents.report())
    (tmp_path / "report.json").write_bytes(written)
    assert encode_json(read_report(tmp_path / "report.json")) == written


#: The keys that the format promises, in its order.
KEYS = {
    "": "schema recording environment workload calls captures attribution findings comparisons notes scaling "
    "created",
    "schema": "name version",
    "calls": "cold warm",
    "calls.cold": "count total_ns phases",
    "calls.warm": "count median_ns median_ci95_ns p95_ns cpu_median_ns rss_growth_bytes_per_call",
    "captures.0": "name status reason calls median_ns inflation",
    "attribution": "total_ns unattributed_ns model_share phases internals native layers agreement notes "
    "table devices",
    "attribution.table": "generation rows resolved missing",
    "attribution.table.missing.0": "module qualname phase",
    "attribution.phases.0": "phase self_ns share share_ci95 unnamed_share count_per_call",
    "attribution.internals.0": "module qualname phase total_ns self_ns total_share count_per_call parent",
    "attribution.native.0": "event phase self_ns count_per_call thread",
    "attribution.layers.0": "layer class self_ns share ops op_shares loop_steps",
    "attribution.agreement.0": "phase spans_share spans_ci95 sampled_share sampled_ci95 verdict "
    "counted_share counted_verdict because",
    "findings.0": "rule verdict title phase cost_ns_per_call evidence recipes share sure where needs within "
    "cost_once_ns advice cost_in_program_ns",
    "comparisons.0": "recipe title code verdict before_ns after_ns speedup speedup_ci99 outputs reason where "
    "approximate calls rounds warmup_ns peak_bytes condition pays_off_after",
    "comparisons.0.outputs": "equal max_abs_error tolerance inputs rows",
}


@pytest.mark.parametrize("path", KEYS)
def test_the_keys_of_a_report(path):
    found = json.loads(encode_json(contents.report()))
    for step in path.split(".") if path else ():
        found = found[int(step) if step.isdigit() else step]
    assert list(found) == KEYS[path].split()


def test_intervals_are_lists_and_times_whole():
    found = json.loads(encode_json(contents.report()))
    assert found["schema"] == {"name": "keras_profile.report", "version": 2}
    assert found["calls"]["warm"]["median_ci95_ns"] == [94_800_000, 99_900_000]
    assert found["attribution"]["phases"][0]["share_ci95"] == [0.61, 0.66]
    assert all(isinstance(one["self_ns"], int) for one in found["attribution"]["phases"])


def test_a_report_without_optional_lists_is_read(tmp_path):
    found = json.loads(encode_json(contents.report()))
    del found["notes"], found["calls"]["cold"]["phases"]
    (tmp_path / "report.json").write_text(json.dumps(found))
    read = read_report(tmp_path / "report.json")
    assert isinstance(read, ReportContent)
    assert read.notes == read.calls.cold.phases == []


def test_files_are_written_and_told(tmp_path):
    paths = write_files(tmp_path, [("a.json", b"1"), ("b.md", b"2")])
    assert [(path.name, path.read_bytes()) for path in paths] == [("a.json", b"1"), ("b.md", b"2")]


def test_a_folder_that_is_not_there_cannot_be_written_to(tmp_path):
    with pytest.raises(KerasProfileError, match="cannot be written to"):
        write_files(tmp_path / "none", [("a", b"")])
