"""The stats of many events, read together, are those that are read one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from keras_profile.output.encoding.protobuf import number, sized, utf8, varint
from keras_profile.recordings.readers import device_stats
from keras_profile.recordings.readers.device_stats import COPY, OPS, DeviceStats
from keras_profile.recordings.readers.event_stats import CORRELATION, StatReader
from keras_profile.recordings.readers.framing import decode_events, run_of_events

#: The ids of stats, of which one needs two bytes, and the texts to which others refer.
IDS = {1: "name", 2: "tf_op", 300: COPY, 4: CORRELATION, 5: "occupancy"}
TEXTS = {6: "m/dense/MatMul:MatMul", 7: "XlaModule:", 400: "m/relu/Relu:Relu", 1 << 40: "far"}
COPIES = ("size:12 dest:0", "kind:1,size:9000", "no size")
#: Each is a stat with a value of one kind.
VALUES = {
    "reference": lambda rng: number(7, rng.choice((*TEXTS, 999))),
    "text": lambda rng: sized(5, utf8(rng.choice((*TEXTS.values(), *COPIES, "")))),
    "long text": lambda rng: sized(5, utf8("x" * 200)),
    "number": lambda rng: number(rng.choice((3, 4)), rng.choice((0, 7, 1 << 40, (1 << 64) - 1))),
    "double": lambda rng: varint(2 << 3 | 1) + bytes(8),
    "nothing": lambda rng: b"",
    "two": lambda rng: number(3, 1) + number(3, 2),
}
USUAL = ("reference", "text", "number")


def stat(rng, kinds):
    return sized(4, number(1, rng.choice(list(IDS))) + VALUES[rng.choice(kinds)](rng))


def event(rng, kinds):
    stats = b"".join(stat(rng, kinds) for _ in range(rng.randrange(5)))
    return sized(4, number(1, 1) + number(2, rng.getrandbits(40)) + number(3, 5) + stats)


def read(events):
    """What the stats of events tell, as op, copied bytes and launch."""
    # The last bytes of a line are read with more care: they are those of another event.
    raw = np.frombuffer(b"".join(events) + sized(9, bytes(99)), dtype=np.uint8)
    begins = run_of_events(raw, 0, len(raw))[: len(events) + 1]
    reader = DeviceStats({**IDS, **TEXTS})
    told = reader.read(raw, begins, decode_events(raw, begins)[3])
    return [
        (reader.ops[op], reader.sizes[size], launch)
        for op, size, launch in zip(told.op.tolist(), told.size.tolist(), told.launch.tolist())
    ]


def read_alone(one):
    values = StatReader({key: name for key, name in IDS.items() if name != "occupancy"}, TEXTS).values(one)
    texts = {key: value for key, value in values.items() if isinstance(value, str)}
    ops = [texts.get(name, "") for name in OPS]
    op = next((op for op in ops if op and not op.startswith("XlaModule:")), "")
    size = {"size:12 dest:0": 12, "kind:1,size:9000": 9000}.get(texts.get(COPY), -1)
    launch = values.get(CORRELATION, 0)
    return op, size, min(launch, (1 << 63) - 1) if isinstance(launch, int) else 0


@pytest.mark.parametrize("kinds", [USUAL, tuple(VALUES)], ids=["usual", "unusual"])
@pytest.mark.parametrize("seed", range(3))
def test_stats_are_those_that_are_read_one_by_one(seed, kinds):
    rng = random.Random(seed)
    events = [event(rng, kinds) for _ in range(3000)]
    told = read(events)
    assert told == [read_alone(one) for one in events]
    assert len(set(told)) > 20


def test_only_so_many_unusual_events_are_read(monkeypatch):
    monkeypatch.setattr(device_stats, "MOST_READ_ALONE", 2)
    unusual = sized(4, number(1, 1) + sized(4, number(1, 2) + sized(5, utf8("x" * 200))))
    usual = sized(4, number(1, 1) + sized(4, number(1, 2) + number(7, 6)))
    told = read([usual, unusual, unusual, unusual, usual])
    assert [op[:4] for op, _, _ in told] == ["m/de", "xxxx", "xxxx", "", "m/de"]


def test_launches_are_told_of_a_limited_number_of_events_and_ops_of_all(monkeypatch):
    monkeypatch.setattr(device_stats, "BLOCK", 4)
    monkeypatch.setattr(device_stats, "MOST_LAUNCHES", 6)
    launched = [
        sized(
            4, number(1, 1) + sized(4, number(1, 2) + number(7, 6)) + sized(4, number(1, 4) + number(4, at))
        )
        for at in range(1, 21)
    ]
    told = read(launched)
    assert [launch for _, _, launch in told] == [1, 2, 3, 4, 5, 6, 7, 8, *[0] * 12]
    assert {op for op, _, _ in told} == {"m/dense/MatMul:MatMul"}


def test_one_op_too_many_is_not_told(monkeypatch):
    monkeypatch.setattr(device_stats, "OP_BITS", 1)
    ops = [sized(4, number(1, 1) + sized(4, number(1, 2) + number(7, key))) for key in (6, 400, 6)]
    assert [op for op, _, _ in read(ops)] == ["m/dense/MatMul:MatMul", "", "m/dense/MatMul:MatMul"]
