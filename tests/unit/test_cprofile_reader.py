"""The reader of cProfile's table."""

from __future__ import annotations

import json
import pstats
from types import SimpleNamespace

import pytest

from keras_profile.errors import RecordingError
from keras_profile.model.call_graph import CallGraph, Function
from keras_profile.output.exports.pstats import encode_pstats
from keras_profile.recorder.captures.cprofile import CProfile
from keras_profile.recorder.protocol import CALL_FRAME
from keras_profile.recordings.readers.cprofile import read_cprofile

TABLE = {
    "calls": 2,
    "wall_ns": 5000,
    "functions": [["/k/a.py", 7, "predict"], ["~", 0, "<built-in len>"]],
    "primitive_calls": [2, 4],
    "total_calls": [2, 6],
    "self_ns": [3000, 1000],
    "total_ns": [4000, 1000],
    "edges": [[0, 1, 6, 1000]],
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cprofile.json"


def test_a_table_is_a_call_graph(path):
    path.write_text(json.dumps(TABLE))
    assert read_cprofile(path) == CallGraph(
        calls=2,
        wall_ns=5000,
        functions=[Function("/k/a.py", 7, "predict"), Function("~", 0, "<built-in len>")],
        primitive_calls=[2, 4],
        total_calls=[2, 6],
        self_ns=[3000, 1000],
        total_ns=[4000, 1000],
        edges=[(0, 1, 6, 1000)],
    )


def test_fields_of_later_releases_are_passed_over(path):
    path.write_text(json.dumps(TABLE | {"later": [1, 2]}))
    assert read_cprofile(path).calls == 2


@pytest.mark.parametrize("missing", TABLE)
def test_every_field_is_needed(path, missing):
    path.write_text(json.dumps({key: value for key, value in TABLE.items() if key != missing}))
    with pytest.raises(RecordingError, match="expected the cProfile table") as caught:
        read_cprofile(path)
    assert missing in caught.value.message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe",
        b"{" + bytes(50),
        json.dumps(TABLE | {"functions": [["a", "b", "c"]]}).encode(),
        json.dumps(TABLE | {"edges": [[0, 1, 6]]}).encode(),
        json.dumps(TABLE | {"self_ns": [0.5, 1]}).encode(),
        json.dumps(TABLE)[:-10].encode(),
    ],
)
def test_other_files_are_one_clear_error(path, raw):
    path.write_bytes(raw)
    with pytest.raises(RecordingError, match="expected the cProfile table") as caught:
        read_cprofile(path)
    assert str(path) in caught.value.message
    assert caught.value.advice


def test_a_missing_file_is_an_error(path):
    with pytest.raises(RecordingError, match="cannot be read"):
        read_cprofile(path)


def test_a_folder_is_an_error(tmp_path):
    with pytest.raises(RecordingError, match="found a folder"):
        read_cprofile(tmp_path)


@pytest.mark.parametrize(
    "change",
    [{"self_ns": [1]}, {"edges": [[0, 9, 1, 1]]}, {"edges": [[-1, 0, 1, 1]]}, {"edge_self_ns": [1, 2]}],
)
def test_columns_that_do_not_belong_together_are_an_error(path, change):
    path.write_text(json.dumps(TABLE | change))
    with pytest.raises(RecordingError):
        read_cprofile(path)


def test_what_is_recorded_of_edges_is_what_cprofile_knows(tmp_path):
    """The table as pstats' file is the profile that cProfile dumped beside it."""

    def deep(levels):
        return levels and deep(levels - 1) + deep(levels - 2 if levels > 1 else 0)

    capture = CProfile(SimpleNamespace(in_program=False))
    capture.start()
    capture.measure(lambda x: deep(x), 4, True)
    capture.stop()
    capture.save(str(tmp_path))
    (tmp_path / "made.prof").write_bytes(encode_pstats(read_cprofile(tmp_path / "cprofile.json")))
    dumped, made = (pstats.Stats(str(tmp_path / name)).stats for name in ("cprofile.prof", "made.prof"))
    # The recorder's own functions stand around each call; they are not exported.
    of_recorder = {place for place in dumped if "recorder" in place[0] or place[2].startswith(CALL_FRAME)}
    assert len(of_recorder) > 2
    dumped = {place: counts for place, counts in dumped.items() if place not in of_recorder}
    assert set(dumped) == set(made)
    recursive = 0
    for place, (primitive, calls, own, total, callers) in dumped.items():
        assert made[place][:2] == (primitive, calls)
        assert made[place][2:4] == pytest.approx((own, total), abs=2e-9)
        callers = {caller: counts for caller, counts in callers.items() if caller not in of_recorder}
        assert set(made[place][4]) == set(callers)
        for caller, counts in callers.items():
            assert made[place][4][caller][0] == counts[0]
            assert made[place][4][caller][2:] == pytest.approx(counts[2:], abs=2e-9)
            recursive += counts[0] != counts[1]
    assert recursive
