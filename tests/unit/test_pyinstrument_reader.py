"""The pyinstrument reader: stacks below the measured call, and only sessions are read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.errors import RecordingError
from keras_profile.model.call_graph import Function
from keras_profile.recorder.protocol import CALL_FRAME
from keras_profile.recordings.readers.pyinstrument import read_pyinstrument


def frame(name, file="/k/a.py", line=1, extra=""):
    return f"{name}\0{file}\0{line}{extra}"


def call(number):
    return frame(f"{CALL_FRAME}{number}", "<string>", 1)


@pytest.fixture
def read(tmp_path):
    def read(*records, raw=None):
        path = tmp_path / "s.pyisession"
        path.write_bytes(json.dumps({"frame_records": records}).encode() if raw is None else raw)
        return read_pyinstrument(path)

    return read


def names(samples):
    """(names of the stack, call, weight) of each sample."""
    return [
        ([samples.frames[number].name for number in samples.stacks[stack]], number, weight)
        for stack, number, weight in zip(samples.stack, samples.call, samples.weight_ns)
    ]


def test_stacks_begin_below_the_measured_call(read):
    samples = read(([frame("main"), call(3), frame("predict"), frame("run")], 0.001))
    assert names(samples) == [(["predict", "run"], 3, 1_000_000)]


def test_samples_outside_measured_calls_are_left_out(read):
    samples = read(
        ([frame("main")], 0.5),
        ([frame("main"), call("unnumbered"), frame("predict")], 0.5),
        ([], 0.5),
        ([call(0)], 0.25),
    )
    assert names(samples) == [([], 0, 250_000_000)]


def test_like_stacks_and_frames_are_kept_once(read):
    samples = read(
        *[([call(number), frame("predict"), frame("run")], 0.001) for number in (0, 1, 2)],
        ([call(2), frame("predict")], 0.002),
    )
    assert samples.stacks == [(0, 1), (0,)]
    assert samples.stack == [0, 0, 0, 1]
    assert samples.call == [0, 1, 2, 2]
    assert len(samples.frames) == 2


def test_the_innermost_measured_call_counts(read):
    assert names(read(([call(1), frame("predict"), call(2), frame("run")], 0.001))) == [
        (["run"], 2, 1_000_000)
    ]


@pytest.mark.parametrize(
    ("text", "function"),
    [
        (frame("run", "/k/b.py", 42), Function("/k/b.py", 42, "run")),
        (frame("run", "/k/b.py", 42, "\x01cModel\x01l57"), Function("/k/b.py", 42, "run")),
        (frame("len", "<built-in>", 0), Function("<built-in>", 0, "len")),
        ("run", Function("", 0, "run")),
        ("run\0/k/b.py", Function("/k/b.py", 0, "run")),
        ("run\0/k/b.py\0no number", Function("/k/b.py", 0, "run")),
        ("", Function("", 0, "")),
    ],
)
def test_frames_of_all_releases_are_read(read, text, function):
    assert read(([call(0), text], 0.001)).frames == [function]


def test_fields_that_are_not_needed_are_passed_over(read):
    raw = json.dumps({"program": "x", "frame_records": [[[call(0)], 1]], "more": [1, {}]}).encode()
    assert names(read(raw=raw)) == [([], 0, 1_000_000_000)]


def test_a_session_without_samples_has_none(read):
    assert names(read()) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"null",
        b'{"frame_records": 5}',
        b'{"frame_records": [[["a"]]]}',
        b'{"frame_records": [[["a"], "b"]]}',
        b'{"frame_records": [[[1], 2]]}',
        b'{"frame_records": [[[], 1]',
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe\x00",
        b'{"frame_records": [[["a"], 1e999]]}',
    ],
)
def test_other_files_are_one_clear_error(read, raw, tmp_path):
    with pytest.raises(RecordingError, match="expected a pyinstrument session") as caught:
        read(raw=raw)
    assert str(tmp_path) in caught.value.message


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(RecordingError, match="cannot be read"):
        read_pyinstrument(tmp_path / "none")


@pytest.mark.parametrize("text", [frame(f"{CALL_FRAME}²", "<string>"), frame("run", line="²")])
def test_digits_that_are_no_number_are_none(read, text):
    assert len(read(([call(0), text], 0.001)).frames) <= 1


def test_a_weight_beyond_all_reason_is_an_error(read):
    with pytest.raises(RecordingError):
        read(([call(0)], 1e305))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.text("ab\0\x01<>/1", max_size=8), st.integers(0, 3).map(call)), max_size=5),
            st.floats(0, 10),
        ),
        max_size=6,
    )
)
def test_any_frames_are_read(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("p") / "s"
    path.write_text(json.dumps({"frame_records": records}))
    samples = read_pyinstrument(path)
    assert len(samples.stack) == len(samples.call) == len(samples.weight_ns) <= len(records)
    assert all(number < len(samples.frames) for stack in samples.stacks for number in stack)
