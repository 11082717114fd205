"""The readers of TensorFlow 2.0 to 2.3's traces, on what is whole, damaged and absurd."""

from __future__ import annotations

import gzip
import json
import random
from contextlib import suppress

import pytest

from keras_profile.errors import RecordingError
from keras_profile.model.trace import Trace
from keras_profile.recordings.readers.local_trace import read_local_trace
from keras_profile.recordings.readers.trace_json import read_trace_json

# --- a protobuf encoder ---


def varint(value):
    value &= (1 << 64) - 1
    data = bytearray()
    while True:
        data.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(data)


def number(field, value):
    return varint(field << 3) + varint(value)


def sized(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def entry(key, value):
    return number(1, key) + sized(2, value)


def device(key, *threads):
    named = b"".join(sized(3, entry(thread, sized(1, name))) for thread, name in threads)
    return sized(1, entry(key, sized(1, "/host:CPU") + named))


def local_event(thread, name, begin, duration, **arguments):
    given = b"".join(
        sized(11, sized(1, key.replace("_", " ")) + sized(2, value))
        for key, value in {"label": "id=0", **arguments}.items()
    )
    return sized(
        4, number(1, 0) + number(2, thread) + sized(3, name) + number(9, begin) + number(10, duration) + given
    )


PARTS = [
    device(0, (1, "python"), (2, "tf_Compute")),
    local_event(1, "predict#step_num=0,_r=1#", 5_000_000, 2_000_000),
    local_event(2, "MatMul", 6_000_000, 10_000),
    local_event(1, "keras_profile.loop", 5_000_000, 1_000_000),
]
LOCAL = b"".join(PARTS)
JSON = {
    "traceEvents": [
        {"ph": "M", "pid": 1, "tid": 1, "name": "thread_name", "args": {"name": "python"}},
        {"ph": "M", "pid": 1, "tid": 2, "name": "thread_name", "args": {"name": "tf_Compute"}},
        {"ph": "X", "pid": 1, "tid": 1, "name": "predict#step_num=0,_r=1#", "ts": 5, "dur": 2},
        {"ph": "X", "pid": 1, "tid": 2, "name": "MatMul", "ts": 6, "dur": 0.01},
        {"ph": "X", "pid": 1, "tid": 1, "name": "keras_profile.loop", "ts": 5, "dur": 1},
        {},
    ]
}
EXPECTED = [
    ("python", "predict", 5_000_000, 7_000_000),
    ("python", "keras_profile.loop", 5_000_000, 6_000_000),
    ("tf_Compute", "MatMul", 6_000_000, 6_010_000),
]


def zipped(content):
    return gzip.compress(json.dumps(content).encode(), mtime=0)


def one_event(**fields):
    return {"traceEvents": [{"ph": "X", "name": "a", "ts": 1, "dur": 1, **fields}]}


FORMATS = {
    "local.trace": (read_local_trace, LOCAL),
    "host.trace.json.gz": (read_trace_json, zipped(JSON)),
}


@pytest.fixture(params=FORMATS)
def format_(request, tmp_path):
    """How to read bytes as one of the formats, None for an error, and whole bytes of it."""
    reader, whole = FORMATS[request.param]
    path = tmp_path / request.param

    def read(data):
        path.write_bytes(data)
        try:
            return reader(path)
        except RecordingError:
            return None

    return read, whole


def events(trace):
    return [
        (one.thread, trace.names[name], begin, end)
        for one in trace.lines
        for name, begin, end in zip(one.name.tolist(), one.begin.tolist(), one.end.tolist())
    ]


def check(trace):
    for one in trace.lines if trace else ():
        assert len(one.name) == len(one.begin) == len(one.end)
        assert (one.name < len(trace.names)).all()
        assert (one.begin >= 0).all()
        assert (one.end >= one.begin).all()
        assert one.begin.dtype == one.end.dtype == one.name.dtype == "int64"


def test_a_whole_trace_is_read(format_):
    read, whole = format_
    assert events(read(whole)) == EXPECTED


@pytest.mark.parametrize("reader", [read_local_trace, read_trace_json])
def test_a_missing_file_is_an_error(tmp_path, reader):
    with pytest.raises(RecordingError):
        reader(tmp_path / "none")


def test_a_trace_cut_within_a_part_is_an_error(format_):
    read, whole = format_
    # A message of protobuf that is cut between two fields is a message.
    ends = {len(b"".join(PARTS[:count])) for count in range(1, len(PARTS))} if whole == LOCAL else set()
    for length in range(len(whole)):
        assert (read(whole[:length]) is None) == (length not in ends), length


def test_a_trace_with_flipped_bits_is_read_or_an_error(format_):
    read, whole = format_
    rng = random.Random(1)
    kinds = set()
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 1, 2, 8))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        trace = read(bytes(data))
        check(trace)
        kinds.add(type(trace))
    assert kinds == {Trace, type(None)}


def test_a_trace_with_other_bytes_is_read_or_an_error(format_):
    read, whole = format_
    rng = random.Random(2)
    for _ in range(500):
        at = rng.randrange(len(whole))
        check(read(whole[:at] + rng.randbytes(rng.randrange(1, 12)) + whole[at + rng.randrange(12) :]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" + bytes(100),
        b"\xff" * 50,
        b"\x00" * 50,
        b'{"traceEvents": []}',
    ],
    ids=["empty", "png", "zip", "ones", "zeros", "json"],
)
def test_other_files_are_an_error(format_, data):
    read, _ = format_
    trace = read(data)
    assert trace is None or not trace.lines


def test_garbage_within_gzip_is_an_error_or_no_trace(tmp_path):
    rng = random.Random(3)
    path = tmp_path / "host.trace.json.gz"
    texts = [rng.randbytes(rng.randrange(200)) for _ in range(200)]
    whole = json.dumps(JSON).encode()
    for _ in range(500):
        data = bytearray(whole)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        texts.append(bytes(data))
    for data in texts:
        path.write_bytes(gzip.compress(data, 1))
        with suppress(RecordingError):
            check(read_trace_json(path))


@pytest.mark.parametrize(
    ("begin", "duration"), [(2**63, 0), (2**64 - 1, 1), (2**63 - 1, 1), (0, 2**63), (-1, 0), (5, -1)]
)
def test_absurd_times_of_a_local_trace_are_an_error(tmp_path, begin, duration):
    path = tmp_path / "local.trace"
    path.write_bytes(local_event(1, "a", begin, duration))
    with pytest.raises(RecordingError, match="an event has impossible times"):
        read_local_trace(path)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"long_name": "model/dense/Relu:_FusedMatMul"}, "model/dense/Relu:_FusedMatMul"),
        ({"long_name": "PopulationCount"}, "MatMul"),
        ({"label": "a/b:c"}, "MatMul"),
        ({}, "MatMul"),
    ],
)
def test_a_kernel_goes_by_its_path_where_the_trace_tells_it(tmp_path, arguments, name):
    path = tmp_path / "local.trace"
    path.write_bytes(local_event(1, "MatMul", 5, 6, **arguments))
    assert [event[1] for event in events(read_local_trace(path))] == [name]


@pytest.mark.parametrize(
    "fields", [{"ts": -1}, {"dur": -2}, {"ts": 1e13}, {"dur": 1e300}, {"ts": -1e300}, {"ts": 2**63}]
)
def test_absurd_times_of_a_json_trace_are_an_error(tmp_path, fields):
    path = tmp_path / "host.trace.json.gz"
    path.write_bytes(zipped(one_event(**fields)))
    with pytest.raises(RecordingError, match="an event has impossible times"):
        read_trace_json(path)


@pytest.mark.parametrize(
    "text", ["1e999", "-1e999", "NaN", "Infinity", '"5"', "null", "[1]", "true", "1" * 400]
)
def test_times_that_are_no_number_are_an_error(tmp_path, text):
    path = tmp_path / "host.trace.json.gz"
    path.write_bytes(gzip.compress(json.dumps(one_event()).replace('"ts": 1', f'"ts": {text}').encode()))
    with pytest.raises(RecordingError):
        read_trace_json(path)


@pytest.mark.parametrize(
    "fields",
    [{"pid": 10**30}, {"tid": -5}, {"tid": 2**63}, {"pid": 1.5}, {"name": 3}, {"args": None}, {"args": []}],
)
def test_odd_fields_of_a_json_trace_are_read_or_an_error(tmp_path, fields):
    path = tmp_path / "host.trace.json.gz"
    path.write_bytes(zipped(one_event(**fields)))
    with suppress(RecordingError):
        check(read_trace_json(path))


# --- annotations beside a local.trace ---


def marked(tmp_path, **changes):
    """A trace with two runs of a marker, 1 s after the clock's start, and its annotations."""
    path = tmp_path / "local.trace"
    runs = [10_000_000, 90_000_000]  # ps
    path.write_bytes(
        device(0, (1, "python"), (2, "tf_Compute"))
        + b"".join(
            local_event(1, " Marker", run, 3_000_000) + local_event(1, "Marker", run + 1_000_000, 2_000_000)
            for run in runs
        )
        + local_event(2, "MatMul", 50_000_000, 1_000_000)
    )
    content = {
        "marker": "Marker",
        "markers": [[10**9 + run // 1000 - 500, 10**9 + run // 1000 + 3500] for run in runs],
        "annotations": [
            ["keras_profile.loop", 10**9 + 30_000, 10**9 + 60_000],
            ["predict", 10**9 + 20_000, 10**9 + 80_000],
        ],
        **changes,
    }
    (tmp_path / "annotations.json").write_text(json.dumps(content))
    return path


def test_annotations_are_laid_into_the_thread_that_ran_the_marker(tmp_path):
    trace = read_local_trace(marked(tmp_path))
    found = {name: (thread, begin, end) for thread, name, begin, end in events(trace)}
    for name, begin, end in (("predict", 20, 80), ("keras_profile.loop", 30, 60)):
        thread, *times = found[name]
        assert thread == "python"
        # Within half of what a pair of times leaves open: 4 us, and 1 us of the trace's ticks.
        assert times == pytest.approx([begin * 1e6, end * 1e6], abs=2.5e6 - 3e6 / 2)
    assert found["MatMul"] == ("tf_Compute", 50_000_000, 51_000_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"marker": "Other"},
        {"markers": []},
        {"markers": [[10**9, 10**9 + 5000]]},
        {"markers": [[10**9, 10**9 + 14_000], [2 * 10**9, 2 * 10**9 + 5000]]},  # the clock was set
        {"markers": [[-(10**12), 10**9]] * 2},
        {"markers": [[10**18, 10**18]] * 2},
    ],
)
def test_without_tied_clocks_the_trace_has_no_annotations(tmp_path, changes):
    trace = read_local_trace(marked(tmp_path, **changes))
    assert {name for _, name, _, _ in events(trace)} == {" Marker", "Marker", "MatMul"}


@pytest.mark.parametrize(
    "changes",
    [
        {"markers": "x"},
        {"markers": [[10**40, 10**40]] * 2},
        {"annotations": [["a", 10**9]]},
        {"annotations": [["a", 0, 10**9]]},
        {"annotations": [["a", 10**9 + 5_000, 10**9 + 4_000]]},
        {"annotations": [["a", 10**9, 2**63]]},
    ],
)
def test_annotations_that_no_recorder_writes_are_an_error(tmp_path, changes):
    with pytest.raises(RecordingError):
        read_local_trace(marked(tmp_path, **changes))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff" * 20, b"[]"])
def test_annotations_that_are_none_are_an_error(tmp_path, data):
    path = marked(tmp_path)
    path.with_name("annotations.json").write_bytes(data)
    with pytest.raises(RecordingError, match="expected the annotations"):
        read_local_trace(path)
