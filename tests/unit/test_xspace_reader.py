"""The XSpace reader, against bytes that a small encoder here makes, whole and damaged."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile.errors import RecordingError
from keras_profile.model.trace import Trace
from keras_profile.recordings.readers.xspace import read_xspace

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


def fixed(field, data):
    return varint(field << 3 | {8: 1, 4: 5}[len(data)]) + data


def metadata(key, name):
    return sized(4, number(1, key) + sized(2, number(1, key) + sized(2, name)))


def event(key, offset, duration, extra=b""):
    return sized(4, number(1, key) + number(2, offset) + number(3, duration) + extra)


def line(name, *events, start_ns=0, extra=b""):
    return sized(3, sized(2, name) + number(3, start_ns) + extra + b"".join(events))


def plane(name, *parts):
    return sized(1, sized(2, name) + b"".join(parts))


def host(*parts):
    return plane("/host:CPU", *parts)


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "host.xplane.pb"

    def read(data):
        path.write_bytes(data)
        return read_xspace(path)

    return read


def events(trace):
    """(thread, name, begin, end) of each event."""
    return [
        (one.thread, trace.names[name], begin, end)
        for one in trace.lines
        for name, begin, end in zip(one.name.tolist(), one.begin.tolist(), one.end.tolist())
    ]


# --- what is whole ---


def test_events_have_names_threads_and_times(read):
    trace = read(
        host(
            metadata(1, "predict"),
            metadata(2, "MatMul"),
            line("main", event(1, 0, 5000), event(2, 1000, 300), start_ns=7),
            line("worker", event(2, 50, 60), start_ns=8),
        )
    )
    assert events(trace) == [
        ("main", "predict", 0, 5000),
        ("main", "MatMul", 1000, 1300),
        ("worker", "MatMul", 1050, 1110),
    ]


def test_metadata_may_follow_the_lines(read):
    assert events(read(host(line("main", event(9, 1, 2)), metadata(9, "late")))) == [("main", "late", 1, 3)]


def test_the_display_name_goes_before_the_name(read):
    trace = read(host(line("17", event(1, 0, 1), extra=sized(11, "python"))))
    assert [one.thread for one in trace.lines] == ["python"]


def test_events_are_sorted_and_an_enclosing_one_comes_first(read):
    trace = read(
        host(
            metadata(1, "late"),
            metadata(2, "inner"),
            metadata(3, "outer"),
            line("main", event(1, 90, 5), event(2, 10, 20), event(3, 10, 70)),
        )
    )
    assert [name for _, name, _, _ in events(trace)] == ["outer", "inner", "late"]


def test_events_without_metadata_are_unnamed(read):
    assert events(read(host(line("main", event(5, 0, 1))))) == [("main", "(unnamed)", 0, 1)]
    assert events(read(host(metadata(4, "known"), line("main", event(5, 0, 1), event(4, 2, 1))))) == [
        ("main", "(unnamed)", 0, 1),
        ("main", "known", 2, 3),
    ]


def test_fields_that_are_left_out_are_0(read):
    assert events(read(host(metadata(0, "zero"), line("main", sized(4, number(3, 7)))))) == [
        ("main", "zero", 0, 7)
    ]


def test_an_empty_event_is_read(read):
    assert events(read(host(line("main", sized(4, b""))))) == [("main", "(unnamed)", 0, 0)]


@pytest.mark.parametrize("key", [127, 128, 2**31, 2**32 + 1, 2**62, 2**63 - 1, -1, -5, -(2**63)])
def test_ids_of_every_size_and_sign(read, key):
    trace = read(host(metadata(key, "that one"), metadata(1, "other"), line("main", event(key, 3, 4))))
    assert events(trace) == [("main", "that one", 3, 7)]


@pytest.mark.parametrize("value", [0, 1, 127, 128, 16383, 16384, 2**35 - 1, 2**35, 2**56 + 3, 2**62])
def test_times_of_every_size(read, value):
    assert events(read(host(line("main", event(1, value, 1))))) == [("main", "(unnamed)", value, value + 1)]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 2**40)), min_size=1, max_size=30),
    st.integers(0, 2**50),
)
def test_many_events_of_mixed_sizes(tmp_path_factory, drawn, start_ns):
    path = tmp_path_factory.mktemp("x") / "t.pb"
    path.write_bytes(
        host(
            line("first", event(1, 0, 0)), line("main", *(event(1, *one) for one in drawn), start_ns=start_ns)
        )
    )
    found = [(begin, -end) for thread, _, begin, end in events(read_xspace(path)) if thread == "main"]
    expected = [(start_ns * 1000 + offset, -(start_ns * 1000 + offset + length)) for offset, length in drawn]
    assert found == sorted(expected)


STATS = sized(4, number(1, 3) + fixed(2, b"12345678"))


@pytest.mark.parametrize(
    "extra",
    [
        STATS,
        STATS * 3,
        number(5, 2**40),
        fixed(6, b"12345678"),
        fixed(7, b"1234"),
        sized(1000, "x" * 300),
    ],
)
def test_unknown_fields_of_an_event_are_passed_over(read, extra):
    before = sized(4, extra + number(1, 1) + number(2, 5) + number(3, 6))
    trace = read(host(metadata(1, "a"), line("main", event(1, 5, 6, extra), before)))
    assert events(trace) == [("main", "a", 5, 11)] * 2


@pytest.mark.parametrize(
    "extra", [number(99, 2**63), fixed(98, b"12345678"), fixed(97, b"1234"), sized(96, b"\xff" * 40)]
)
def test_unknown_fields_of_line_plane_and_space_are_passed_over(read, extra):
    trace = read(extra + host(extra, metadata(1, "a"), line("main", event(1, 5, 6), extra=extra)) + extra)
    assert events(trace) == [("main", "a", 5, 11)]


def test_only_the_hosts_plane_is_read(read):
    other = plane("/device:GPU:0", metadata(1, "kernel"), line("stream", event(1, 0, 9)))
    mine = host(metadata(1, "op"), line("main", event(1, 0, 3)))
    for data in (other + mine, mine + other):
        assert events(read(data)) == [("main", "op", 0, 3)]


def test_a_trace_without_the_hosts_plane_has_no_events(read):
    assert read(plane("/device:GPU:0")).lines == []


def test_lines_without_events_are_left_out(read):
    trace = read(host(line("idle"), line("main", event(1, 0, 1))))
    assert [one.thread for one in trace.lines] == ["main"]


def test_names_that_are_no_utf_8_are_still_read(read):
    trace = read(host(metadata(1, b"a\xff"), line(b"\xfe", event(1, 0, 1))))
    assert events(trace) == [("\ufffd", "a\ufffd", 0, 1)]


def test_the_trace_knows_its_file(read, tmp_path):
    assert read(host()).source == str(tmp_path / "host.xplane.pb")


# --- what is not ---


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(RecordingError, match="cannot be read"):
        read_xspace(tmp_path / "none.pb")


def test_an_empty_file_says_why_it_may_be_so(read):
    with pytest.raises(RecordingError, match="empty") as caught:
        read(b"")
    assert "fewer calls" in caught.value.advice


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        json.dumps({"traceEvents": []}).encode(),
        b"PK\x03\x04" + bytes(100),
        b"\x00" * 50,
        b"\xff" * 50,
        number(2, 7),  # fields, and no plane
    ],
    ids=["png", "json", "zip", "zeros", "ones", "no plane"],
)
def test_other_files_are_one_clear_error(read, data):
    with pytest.raises(RecordingError, match="expected a TensorFlow trace"):
        read(data)


FIRST = host(
    metadata(1, "predict"),
    metadata(-3, "MatMul"),
    metadata(2**40, "Relu"),
    line(
        "main",
        event(1, 0, 5000),
        event(-3, 1000, 300, STATS),
        event(2**40, 2**33, 300),
        start_ns=123456789,
        extra=sized(11, "python"),
    ),
    line("worker", event(1, 50, 60, fixed(7, b"1234"))),
    number(1, 5),
)
WHOLE = FIRST + plane("/device:TPU:0")


def read_or_error(path, data):
    """The trace, or None where the reader said that it is none; all else is raised."""
    path.write_bytes(data)
    try:
        return read_xspace(path)
    except RecordingError:
        return None


def test_a_trace_cut_between_two_planes_is_read(tmp_path):
    assert events(read_or_error(tmp_path / "t.pb", FIRST)) == events(read_or_error(tmp_path / "t.pb", WHOLE))


def test_a_trace_cut_anywhere_else_is_an_error(tmp_path):
    for length in set(range(len(WHOLE))) - {len(FIRST)}:
        assert read_or_error(tmp_path / "t.pb", WHOLE[:length]) is None, length


def test_of_a_cut_trace_the_whole_threads_are_read_where_they_have_names(tmp_path):
    path = tmp_path / "t.pb"
    path.write_bytes(
        host(metadata(1, "predict"), line("main", event(1, 0, 5)), line("worker", event(1, 2, 3)))[:-2]
    )
    trace = read_xspace(path, cut_ok=True)
    assert events(trace) == [("main", "predict", 0, 5)]
    assert "complete threads" in trace.cut


def test_of_a_cut_trace_without_names_nothing_is_told(tmp_path):
    path = tmp_path / "t.pb"
    path.write_bytes(host(line("main", event(1, 0, 5)), metadata(1, "predict"))[:-3])
    with pytest.raises(RecordingError, match="ends before the names of its events"):
        read_xspace(path, cut_ok=True)


def test_a_whole_trace_is_not_cut(tmp_path):
    path = tmp_path / "t.pb"
    path.write_bytes(WHOLE)
    assert read_xspace(path, cut_ok=True).cut == ""


def test_names_whose_events_bear_a_step_number_are_known(read):
    step = sized(4, number(1, 7) + number(4, 3))
    trace = read(
        host(
            metadata(1, "mine"),
            metadata(2, "op"),
            sized(5, number(1, 7) + sized(2, sized(2, "step_num"))),
            sized(5, number(1, 8) + sized(2, sized(2, "other"))),
            line("main", event(2, 0, 1, sized(4, number(1, 8))), event(1, 1, 5, step)),
        )
    )
    assert {stat: [trace.names[one] for one in names] for stat, names in trace.bearing.items()} == {
        "step_num": ["mine"]
    }


def test_a_name_that_two_ids_have_is_one(read):
    trace = read(host(metadata(1, "op"), metadata(2, "op"), line("main", event(1, 0, 1), event(2, 1, 1))))
    assert trace.names.count("op") == 1
    assert [name for _, name, _, _ in events(trace)] == ["op", "op"]


def test_planes_of_devices_stand_beside_the_host(read):
    trace = read(
        host(metadata(1, "op"), line("python", event(1, 0, 5)))
        + plane("/device:GPU:0", line("stream", event(1, 0, 5)))
        + plane("Task Environment")
    )
    (device,) = trace.devices
    assert (device.name, [one.thread for one in device.lines]) == ("/device:GPU:0", ["stream"])
    assert [one.thread for one in trace.lines] == ["python"]


def test_a_trace_with_flipped_bits_is_read_or_an_error(tmp_path):
    rng = random.Random(1)
    kinds = set()
    for _ in range(1000):
        data = bytearray(WHOLE)
        for _ in range(rng.choice((1, 1, 2, 8))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        trace = read_or_error(tmp_path / "t.pb", bytes(data))
        kinds.add(type(trace))
        for one in trace.lines if trace else ():
            assert len(one.name) == len(one.begin) == len(one.end)
            assert (one.name < len(trace.names)).all()
    assert kinds == {Trace, type(None)}


@pytest.mark.parametrize("seed", range(5))
def test_a_trace_with_other_bytes_is_read_or_an_error(tmp_path, seed):
    rng = random.Random(1000 + seed)
    for _ in range(200):
        at = rng.randrange(len(WHOLE))
        data = WHOLE[:at] + rng.randbytes(rng.randrange(1, 12)) + WHOLE[at + rng.randrange(12) :]
        trace = read_or_error(tmp_path / "t.pb", data)
        assert trace is None or all(len(one.begin) for one in trace.lines)


TEN = b"\xff" * 9 + b"\x7f"  # a varint of 70 bits, which no writer makes


@pytest.mark.parametrize(
    "data",
    [
        host(line("main", sized(4, b"\x22" + varint(2**63 - 1)))),
        host(line("main", sized(4, b"\x22" + varint(-1)))),
        host(line("main", sized(4, b"\x08" + b"\xff" * 11))),
        host(line("main", sized(4, b"\x0b"))),
        host(sized(4, b"\x08" + b"\xff" * 11)),
        b"\x0a" + varint(2**63 - 1),
    ],
    ids=["length over 2^63", "length -1", "eleven bytes", "group", "id of eleven bytes", "plane over 2^63"],
)
def test_numbers_that_no_field_can_have_are_an_error(tmp_path, data):
    assert read_or_error(tmp_path / "t.pb", data) is None


@pytest.mark.parametrize(
    "data",
    [
        host(sized(4, b"\x08" + TEN + sized(2, sized(2, "x"))), line("main", event(1, 0, 1))),
        host(line("main", event(1, 0, 1), extra=b"\x18" + TEN)),
        host(line("main", event(1, 0, 1), start_ns=2**63)),
    ],
    ids=["id of 70 bits", "start of 70 bits", "start of 64 bits"],
)
def test_numbers_too_large_are_read_or_an_error(tmp_path, data):
    trace = read_or_error(tmp_path / "t.pb", data)
    assert trace is None or len(trace.lines) == 1


def test_a_line_that_starts_at_the_time_of_day_is_read(read):
    # TensorFlow shifts a session's times to begin at 0; other writers of XSpace do not.
    trace = read(host(line("main", event(1, 0, 5), event(1, 10, 5), start_ns=1_790_000_000_000_000_000)))
    begin = trace.lines[0].begin
    assert begin[1] - begin[0] == 10


def test_a_large_trace_is_read_whole(read):
    many = b"".join(event(index % 50, index * 1000, 900, STATS) for index in range(40_000))
    data = host(*(metadata(key, f"op {key}") for key in range(50)), line("main", many))
    trace = read(data)
    assert np.array_equal(trace.lines[0].begin, np.arange(40_000) * 1000)
