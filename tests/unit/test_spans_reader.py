"""The spans reader: events become nested spans, and only a spans file is one."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keras_profile.analysis.attribution.partition import partition
from keras_profile.errors import RecordingError
from keras_profile.model.timeline import COLLECTION, ROOT
from keras_profile.recorder.protocol import CALL_BEGIN, CALL_END, GC_BEGIN, GC_END, RESUMED
from keras_profile.recordings.readers.spans import pair_events, read_spans


def paired(*codes):
    """The timeline of events that are 10 ns apart."""
    return pair_events(np.array(codes, dtype=np.int64), np.arange(len(codes), dtype=np.int64) * 10)


def spans(line):
    """(internal, parent, begin, end) of each span."""
    return list(zip(line.internal.tolist(), line.parent.tolist(), line.begin.tolist(), line.end.tolist()))


def leave(internal):
    return -1 - internal


# --- events that nest ---


def test_no_events_give_no_spans():
    line = paired()
    assert spans(line) == []
    assert line.calls == 0
    assert line.repaired == 0


def test_a_call_is_a_root():
    assert spans(paired(CALL_BEGIN, CALL_END)) == [(ROOT, -1, 0, 10)]


def test_spans_nest_as_the_events_do():
    line = paired(CALL_BEGIN, 7, 8, leave(8), 9, leave(9), leave(7), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 70), (7, 0, 10, 60), (8, 1, 20, 30), (9, 1, 40, 50)]
    assert line.depth.tolist() == [0, 1, 2, 2]


def test_row_number_0_is_an_internal_like_any_other():
    assert spans(paired(CALL_BEGIN, 0, leave(0), CALL_END)) == [(ROOT, -1, 0, 30), (0, 0, 10, 20)]


def test_recursion_pairs_the_innermost_first():
    assert spans(paired(CALL_BEGIN, 7, 7, leave(7), leave(7), CALL_END)) == [
        (ROOT, -1, 0, 50),
        (7, 0, 10, 40),
        (7, 1, 20, 30),
    ]


def test_calls_are_numbered_and_keep_their_own_spans():
    line = paired(CALL_BEGIN, 7, leave(7), CALL_END, CALL_BEGIN, 7, leave(7), CALL_END)
    assert line.call.tolist() == [0, 0, 1, 1]
    assert line.parent.tolist() == [-1, 0, -1, 2]
    assert line.calls == 2


def test_a_resumed_generator_is_a_span_of_its_own():
    line = paired(CALL_BEGIN, 7, leave(7), RESUMED + 7, leave(7), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 50), (7, 0, 10, 20), (7, 0, 30, 40)]
    assert line.resumed.tolist() == [False, False, True]


def test_a_collection_is_a_span():
    assert spans(paired(CALL_BEGIN, 7, GC_BEGIN, GC_END, leave(7), CALL_END)) == [
        (ROOT, -1, 0, 50),
        (7, 0, 10, 40),
        (COLLECTION, 1, 20, 30),
    ]


def test_functions_that_run_while_collecting_are_below_the_collection():
    line = paired(CALL_BEGIN, GC_BEGIN, 7, leave(7), GC_END, CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 50), (COLLECTION, 0, 10, 40), (7, 1, 20, 30)]


def test_events_that_nest_need_no_repair():
    assert paired(CALL_BEGIN, 7, GC_BEGIN, GC_END, leave(7), CALL_END).repaired == 0


# --- events outside calls ---


def test_events_outside_calls_are_left_out_and_need_no_repair():
    line = paired(7, leave(7), CALL_BEGIN, 8, leave(8), CALL_END, GC_BEGIN, GC_END, 9, leave(9))
    assert spans(line) == [(ROOT, -1, 20, 50), (8, 0, 30, 40)]
    assert line.repaired == 0


def test_a_span_that_begins_before_the_call_is_left_out():
    assert spans(paired(7, CALL_BEGIN, leave(7), CALL_END)) == [(ROOT, -1, 10, 30)]


# --- events that do not nest ---


def test_an_exit_without_entry_is_left_out_and_counted():
    line = paired(CALL_BEGIN, 7, leave(9), leave(7), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 40), (7, 0, 10, 30)]
    assert line.repaired == 1


def test_an_entry_without_exit_is_left_out_and_counted():
    line = paired(CALL_BEGIN, 7, 8, leave(7), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 40), (7, 0, 10, 30)]
    assert line.repaired == 1


def test_what_lay_below_an_entry_without_exit_moves_up():
    line = paired(CALL_BEGIN, 7, 8, 9, leave(9), leave(7), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 60), (7, 0, 10, 50), (9, 1, 30, 40)]


def test_an_entry_that_the_calls_end_cuts_off_is_left_out():
    line = paired(CALL_BEGIN, 7, CALL_END, CALL_BEGIN, 8, leave(8), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 20), (ROOT, -1, 30, 60), (8, 1, 40, 50)]


def test_a_generator_that_is_left_twice_is_repaired():
    line = paired(CALL_BEGIN, 7, 8, leave(8), leave(8), leave(7), CALL_END)
    assert spans(line) == [(ROOT, -1, 0, 60), (7, 0, 10, 50), (8, 1, 20, 30)]
    assert line.repaired == 1


def test_a_collection_without_end_is_left_out():
    assert spans(paired(CALL_BEGIN, GC_BEGIN, 7, leave(7), CALL_END)) == [(ROOT, -1, 0, 40), (7, 0, 20, 30)]


@pytest.mark.parametrize(
    "codes",
    [
        (CALL_BEGIN, 7, leave(7)),
        (CALL_BEGIN, CALL_END, CALL_BEGIN, 7, leave(7)),
    ],
)
def test_spans_of_a_call_without_end_are_outside_calls(codes):
    line = paired(*codes)
    assert 7 not in line.internal.tolist()


def test_a_call_within_a_call_can_be_partitioned():
    line = paired(CALL_BEGIN, 0, CALL_BEGIN, 0, leave(0), CALL_END, leave(0), CALL_END)
    parts = partition(line, ["entry"])
    assert parts.self_ns.sum() == parts.total_ns.sum()


# --- any sequence ---

CODES = st.one_of(
    st.sampled_from([CALL_BEGIN, CALL_END, GC_BEGIN, GC_END]),
    st.integers(0, 3),
    st.integers(0, 3).map(leave),
    st.integers(0, 3).map(lambda row: RESUMED + row),
)
SEQUENCES = st.lists(CODES, max_size=40)


def check_nesting(line):
    for row, parent in enumerate(line.parent.tolist()):
        assert line.begin[row] <= line.end[row]
        if parent < 0:
            assert line.depth[row] == 0
            continue
        assert parent < row
        assert line.depth[row] == line.depth[parent] + 1
        assert line.call[row] == line.call[parent]
        assert line.begin[parent] < line.begin[row]
        assert line.end[row] < line.end[parent]
    for parent in {-1, *line.parent.tolist()}:
        siblings = np.flatnonzero(line.parent == parent)
        assert (line.end[siblings[:-1]] <= line.begin[siblings[1:]]).all()
    assert (np.diff(line.begin) > 0).all()


@settings(deadline=None, max_examples=300)
@given(SEQUENCES)
def test_any_sequence_within_a_call_gives_nested_spans(codes):
    inner = [code for code in codes if code not in (CALL_BEGIN, CALL_END)]
    line = paired(CALL_BEGIN, *inner, CALL_END)
    check_nesting(line)
    assert line.internal[0] == ROOT
    assert (line.parent[1:] >= 0).all()
    partition(line, ["entry", "loop", "transparent", "teardown"])


@settings(deadline=None, max_examples=300)
@given(SEQUENCES)
@example([CALL_BEGIN, 0, leave(0)])
@example([CALL_BEGIN, CALL_BEGIN, CALL_END, CALL_END])
def test_any_sequence_gives_nested_spans_below_calls_alone(codes):
    line = paired(*codes)
    check_nesting(line)
    assert ((line.parent < 0) == (line.internal == ROOT)).all()
    parts = partition(line, ["entry", "loop", "transparent", "teardown"])
    assert len(parts.total_ns) == line.calls


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
@example([RESUMED - 1, RESUMED, CALL_BEGIN - 1, GC_END + 1, -CALL_BEGIN, -(2**63)])
def test_any_numbers_are_paired_or_left_out(codes):
    inner = [code for code in codes if code not in (CALL_BEGIN, CALL_END)]
    check_nesting(paired(CALL_BEGIN, *inner, CALL_END))


def nested_events(depth, rng):
    codes = []
    for _ in range(rng.integers(0, 4)):
        row = int(rng.integers(0, 4))
        codes += [row, *(nested_events(depth - 1, rng) if depth else []), leave(row)]
    return codes


@pytest.mark.parametrize("seed", range(20))
def test_no_event_of_a_sequence_that_nests_is_lost(seed):
    codes = nested_events(4, np.random.default_rng(seed))
    line = paired(CALL_BEGIN, *codes, CALL_END)
    assert len(line.internal) == len(codes) // 2 + 1
    assert line.repaired == 0
    check_nesting(line)


# --- files ---


def saved(path, **arrays):
    np.savez_compressed(path, **arrays)
    return path


def test_what_the_recorder_saves_is_read(tmp_path):
    path = saved(
        tmp_path / "spans.npz", codes=np.array([CALL_BEGIN, 7, -8, CALL_END]), times=np.array([5, 10, 30, 40])
    )
    assert spans(read_spans(path)) == [(ROOT, -1, 5, 40), (7, 0, 10, 30)]


def test_a_recording_without_events_is_read(tmp_path):
    empty = np.zeros(0, "int64")
    assert read_spans(saved(tmp_path / "spans.npz", codes=empty, times=empty)).calls == 0


def garbage(folder):
    """Files that are no spans, by what they are."""
    folder.mkdir()
    good = saved(folder / "good.npz", codes=np.arange(500), times=np.arange(500)).read_bytes()
    files = {
        "empty": b"",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "text": b"no spans at all\n" * 20,
        "json": b'{"codes": [], "times": []}',
        "zip signature": b"PK\x03\x04",
        "half": good[: len(good) // 2],
        "damaged": good[:60] + bytes(20) + good[80:],
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    paths = {name: folder / name for name in files}
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with zipfile.ZipFile(folder / "text.zip", "w") as archive:
        archive.writestr("codes.npy", "no array")
        archive.writestr("times.npy", "no array")
    np.save(folder / "one.npy", np.arange(4))
    number, objects = np.arange(4), np.array([object()] * 4, dtype=object)
    return paths | {
        "missing": folder / "missing",
        "folder": folder,
        "other zip": folder / "other.zip",
        "zip of text": folder / "text.zip",
        "npy": folder / "one.npy",
        "no times": saved(folder / "a.npz", codes=number),
        "pickled": saved(folder / "b.npz", codes=objects, times=objects),
        "two lengths": saved(folder / "c.npz", codes=number, times=number[:2]),
        "two dimensions": saved(folder / "d.npz", codes=number[None], times=number[None]),
        "floats": saved(folder / "e.npz", codes=number * 0.5, times=number),
        "times are text": saved(folder / "f.npz", codes=number, times=np.array(list("abcd"))),
    }


ERRORS = [
    "empty",
    "png",
    "text",
    "json",
    "zip signature",
    "half",
    "damaged",
    "missing",
    "folder",
    "other zip",
    "zip of text",
    "npy",
    "no times",
    "pickled",
    "two lengths",
    "two dimensions",
    "floats",
    "times are text",
]


@pytest.mark.parametrize("name", ERRORS)
def test_what_is_no_spans_file_is_one_clear_error(tmp_path, name):
    path = garbage(tmp_path / "files")[name]
    with pytest.raises(RecordingError, match=r"spans|belong together") as caught:
        read_spans(path)
    assert str(path) in caught.value.message
