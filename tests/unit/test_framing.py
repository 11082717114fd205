"""Events followed from many places at once are those that are walked one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from keras_profile.recordings.readers import framing
from keras_profile.recordings.readers.framing import decode_events, run_of_events
from keras_profile.recordings.readers.wire import Malformed


def varint(value):
    data = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def sized(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def number(field, value):
    return varint(field << 3) + varint(value)


def ordinary(rng):
    """An event as TensorFlow writes it: id, offset, duration where it has one, some stats."""
    stats = b"".join(
        sized(4, number(1, rng.randrange(200)) + number(4, rng.getrandbits(rng.choice((7, 60)))))
        for _ in range(rng.choice((0, 0, 1, 3, 12)))
    )
    duration = number(3, rng.getrandbits(rng.choice((8, 30)))) if rng.random() < 0.9 else b""
    return (
        number(1, rng.choice((1, 90, 300)))
        + number(2, rng.getrandbits(rng.choice((20, 40, 50, 55))))
        + (duration + stats)
    )


def odd(rng):
    """An event that no ordinary writer makes, and that is allowed."""
    return rng.choice(
        (
            b"",
            sized(4, b"x" * 20_000),
            number(1, -1) + number(2, 5),
            number(2, 1 << 62) + number(1, 7),
            number(1, 3) + sized(4, b"\x22" * 300),
            number(9, 1) + number(1, 2) + number(1, 3),
            b"\x21" + bytes(8) + number(3, 4),
            sized(4, b"y" * 127) + number(3, 9),
        )
    )


def walked(raw, begin, limit):
    return framing._walk(raw, begin, min(limit, len(raw)))


def exactly(raw, begins):
    return framing._decode_exactly(raw, *framing._bodies(raw, begins))


def numbers(raw, begins):
    return decode_events(raw, begins)[:3]


def array(data):
    return np.frombuffer(data, dtype=np.uint8)


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 1], ids=["ordinary", "one odd", "some odd", "all odd"])
@pytest.mark.parametrize("seed", range(2))
def test_a_run_is_found_and_decoded_as_event_by_event(seed, share):
    rng = random.Random(seed)
    count = 3000 if share < 1 else 400
    raw = array(b"".join(sized(4, odd(rng) if rng.random() < share else ordinary(rng)) for _ in range(count)))
    found = run_of_events(raw, 0, len(raw))
    assert np.array_equal(found, walked(raw, 0, len(raw)))
    assert found[-1] == len(raw)
    assert np.array_equal(np.array(decode_events(raw, found)[:3]), exactly(raw, found))


def test_events_that_look_like_other_events_mislead_nobody():
    # A stat's bytes are a chain of events themselves, which runs past the event's end.
    rng = random.Random(5)
    inner = b"".join(sized(4, bytes([0x22, 3] * 9)) for _ in range(500))
    raw = array(
        b"".join(sized(4, sized(4, inner[rng.randrange(20) :])) + sized(4, ordinary(rng)) for _ in range(60))
    )
    found = run_of_events(raw, 0, len(raw))
    assert np.array_equal(found, walked(raw, 0, len(raw)))
    assert len(found) == 121


@pytest.mark.parametrize("byte", [0x22, 0x00, 0xFF, 0x80])
def test_a_run_of_one_byte_is_walked_or_refused(byte):
    raw = array(bytes([byte]) * 200_000)
    try:
        expected = walked(raw, 0, len(raw))
    except Malformed:
        with pytest.raises(Malformed):
            run_of_events(raw, 0, len(raw))
    else:
        assert np.array_equal(run_of_events(raw, 0, len(raw)), expected)


def test_a_run_ends_at_another_field_and_at_the_limit():
    rng = random.Random(7)
    events = b"".join(sized(4, ordinary(rng)) for _ in range(2000))
    raw = array(events + number(3, 5) + events)
    assert run_of_events(raw, 0, len(raw))[-1] == len(events)
    begins = run_of_events(raw, 0, 40_000)
    assert np.array_equal(begins, walked(raw, 0, 40_000))
    assert begins[-2] < 40_000 <= begins[-1]


@pytest.mark.parametrize("seed", range(12))
def test_damaged_runs_are_the_same_as_event_by_event(seed):
    rng = random.Random(seed)
    data = bytearray(b"".join(sized(4, ordinary(rng)) for _ in range(1500)))
    for _ in range(rng.choice((1, 3, 30))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    raw = array(bytes(data))
    outcomes = []
    for frame, decode in ((walked, exactly), (run_of_events, numbers)):
        try:
            begins = frame(raw, 0, len(raw))
            outcomes.append((begins.tolist(), np.array(decode(raw, begins)).tolist()))
        except Malformed:
            outcomes.append("malformed")
    assert outcomes[0] == outcomes[1]
