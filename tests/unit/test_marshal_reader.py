"""The reader of marshalled plain data: what marshal writes is read, and nothing else is."""

from __future__ import annotations

import contextlib
import marshal
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.recordings.readers.marshal_data import MarshalError, Pairs, read_marshal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
NUMBERS = st.integers(-(1 << 74), 1 << 74) | st.floats(allow_nan=False)
KEYS = st.tuples(TEXTS, st.integers(0, 1 << 40), TEXTS)
ROWS = st.tuples(NUMBERS, NUMBERS, st.dictionaries(KEYS, st.tuples(NUMBERS, NUMBERS), max_size=3))


def plain(found):
    """What was read, with dictionaries."""
    if isinstance(found, Pairs):
        return {plain(key): plain(value) for key, value in found}
    return tuple(map(plain, found)) if isinstance(found, tuple) else found


@given(st.dictionaries(KEYS, ROWS, max_size=4), st.sampled_from((0, 1, 2, 3, 4)))
def test_what_marshal_writes_is_read(content, version):
    assert plain(read_marshal(marshal.dumps(content, version))) == content


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_one_kind_of_error(data):
    with contextlib.suppress(MarshalError):
        read_marshal(data)


def test_a_file_that_ends_early_says_so():
    data = marshal.dumps({("a.py", 1, "f"): (1, 1, 0.5, 0.5, {("a.py", 9, "g"): (1, 1, 0.5, 0.5)})})
    for end in range(len(data)):
        with pytest.raises(MarshalError):
            read_marshal(data[:end])
    with pytest.raises(MarshalError, match="3 bytes follow its end"):
        read_marshal(data + b"abc")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (marshal.dumps(compile("1", "a", "exec")), "of type 'c'"),
        (marshal.dumps([1]), r"of type '\['"),
        (marshal.dumps({1, 2}), "of type '<'"),
        (marshal.dumps(1 << 400), "an integer of 27 digits"),
        (b"(\xff\xff\xff\x7f", "2,147,483,647 things"),
        (b"f\x03abc", "'abc' in place of a number"),
        (b"r\x00\x00\x00\x00", "a reference to object 0"),
        # A tuple that holds itself.
        (b"\xa9\x01r\x00\x00\x00\x00", "a reference to object 0"),
        (b")\x01" * 100, "more than 8 objects in each other"),
        (b"s" + b"\xff" * 4, "of type 's'"),
    ],
)
def test_what_is_not_plain_data_is_refused(data, words):
    with pytest.raises(MarshalError, match=words):
        read_marshal(data)


def test_references_that_mean_many_objects_are_not_followed():
    """Hashing a key of eight levels, each 255 references to the next, would take for ever."""
    levels = b"\xa9\x00" + b"".join(
        b"\xa9\xff" + (b"r" + number.to_bytes(4, "little")) * 255 for number in range(7)
    )
    # The levels stand one after the other in a tuple, and the last one is a key.
    data = b")\x02)\x08" + levels + b"{" + b"r" + (7).to_bytes(4, "little") + b"i\x00\x00\x00\x000"
    begin = time.monotonic()
    found = read_marshal(data)
    assert isinstance(found, tuple)
    assert time.monotonic() - begin < 5
