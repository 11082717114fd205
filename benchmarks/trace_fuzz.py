"""Damaged traces and profiles, many of them: each must be read, read in part, or be one clear error.

    python -m benchmarks.trace_fuzz [--inputs 100000] [--seed 0] [--workers 2]

Every input is made of a real trace or of a small one by a seed: bits flipped, bytes cut
out, put in or doubled, lengths that lie, the file cut short, fields nested deep, and files
that are no trace at all. Four of ten are profiles of other profilers instead: counts of cProfile, a
session of pyinstrument, speedscope's format, folded stacks, with values that no profiler writes or damaged
like the traces. It is read, divided and printed as ``keras-profile trace`` does it. Anything
that is raised but an error of ours is a crash; what takes longer than a second is told;
so is what a process of the operating system needed in memory at most.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from keras_profile.errors import KerasProfileError
from keras_profile.features.trace.summary import print_trace
from keras_profile.features.trace.trace_files import make_trace_report
from keras_profile.features.trace.trace_report import HostTrace, ProfileDivision
from keras_profile.output.encoding.protobuf import sized, varint
from keras_profile.output.terminal import as_text
from keras_profile.recordings.writing import encode_json

from .damaged_profiles import profile
from .fuzzing import Outcome, measured_memory, time_limit, try_inputs
from .trace_making import make_trace

TRACES = Path(__file__).parents[1] / "traces"
#: Seconds after which an input counts as slow, and as one that hangs.
SLOW, HANGS = 1.0, 20
_CHUNK = 500
#: The part of the inputs that are profiles.
_PROFILES = 0.4


@cache
def bases() -> tuple[bytes, ...]:
    """Traces of all formats, a long one, which is followed from many places, and small ones.

    The small ones are many: damage to them mostly hits what matters, and they are read fast.
    """
    found = [
        next(iter(sorted((TRACES / name).rglob("*.xplane.pb"))))
        for name in ("demo-keras-3.15", "demo-tf-2.6", "demo-tf-2.15")
    ]
    with tempfile.TemporaryDirectory() as scratch:
        long = Path(scratch) / "long.xplane.pb"
        make_trace(found[0], 4000, long)
        made = [path.read_bytes() for path in (*found, long)]
    older = next(iter(sorted((TRACES / "demo-tf-2.2").rglob("*.trace.json.gz")))).read_bytes()
    made += [older, gzip.decompress(older)[:20_000], *map(_of_json, range(6))]
    return (*made, *map(_small, range(12)), *map(_with_device, range(12)))


def _with_device(seed: int) -> bytes:
    """A small trace with a GPU: a stream whose events have stats, and the line that says their ops."""
    rng = random.Random(seed)
    texts = (b"gemm", b"MemcpyH2D", b"model/dense/MatMul:MatMul", b"Memset")
    stats = (
        b"memcpy_details",
        b"tf_op",
        b"size:4096 dest:0",
        b"model/dense/MatMul:MatMul",
        b"correlation_id",
    )
    names = _names(texts, stats)

    def event(at: int) -> bytes:
        stat = sized(4, b"\x08\x00" + sized(5, b"size:12 dest:1")) + sized(4, b"\x08\x01\x38\x03")
        stat += sized(4, b"\x08\x04\x18" + varint(at))
        place = b"\x10" + varint(at * 1000) + b"\x18" + varint(rng.choice((0, 900, 5000)))
        return sized(4, b"\x08" + varint(rng.randrange(4)) + place + stat * rng.randrange(2))

    stream = sized(3, sized(2, b"Stream #1(Compute)") + b"".join(map(event, range(20))))
    ops = sized(3, sized(2, b"TensorFlow Ops") + b"".join(map(event, range(0, 20, 4))))
    host = _that_tells(rng) if seed % 2 else _small(seed)
    return host + sized(1, sized(2, b"/device:GPU:0") + stream + ops + names)


def _that_tells(rng: random.Random) -> bytes:
    """A host's plane whose events tell of launches and of memory."""
    stats = (b"correlation_id", b"allocator_name", b"bytes_allocated", b"GPU_0_bfc")

    def event(at: int) -> bytes:
        launch = sized(4, b"\x08\x00\x18" + varint(at))
        memory = sized(4, b"\x08\x01" + sized(5, b"GPU_0_bfc")) + sized(
            4, b"\x08\x02\x20" + varint(at * 4096)
        )
        kind = rng.randrange(2)
        place = b"\x10" + varint(at * 1000) + b"\x18" + varint(900)
        return sized(4, b"\x08" + varint(kind) + place + (launch, memory)[kind])

    line = sized(3, sized(2, b"python3") + b"".join(map(event, range(20))))
    return sized(1, sized(2, b"/host:CPU") + line + _names((b"FunctionRun", b"MemoryAllocation"), stats))


def _names(events: Sequence[bytes], stats: Sequence[bytes]) -> bytes:
    """The names of a plane's events and stats, by their places."""
    return b"".join(
        sized(number, b"\x08" + varint(key) + sized(2, sized(2, name)))
        for number, known in ((4, events), (5, stats))
        for key, name in enumerate(known)
    )


def _of_json(seed: int) -> bytes:
    """A small trace as JSON, of TensorFlow or of something else, gzipped or not."""
    rng = random.Random(seed)
    names = ("FunctionRun", "EagerLocalExecute: AnonymousIteratorV3", "dense/Relu:_FusedMatMul")
    events: list[dict[str, object]] = [
        {"ph": "M", "pid": 1, "name": "process_name", "args": {"name": "/host:CPU"}},
        {"ph": "M", "pid": 2, "name": "process_name", "args": {"name": "/device:GPU:0"}},
        {"ph": "X", "pid": 1, "tid": 1, "ts": 0, "dur": 90, "name": "predict", "args": {"step_num": "0"}},
    ]
    events += [
        {
            "ph": "X",
            "pid": rng.choice((1, 1, 2)),
            "tid": 1,
            "ts": at * 2.5,
            "dur": 2,
            "name": rng.choice(names),
        }
        for at in range(20)
    ]
    data = json.dumps({"traceEvents": events, **({"deviceProperties": []} if seed == 5 else {})}).encode()
    return gzip.compress(data, mtime=0) if seed % 2 else data


def _small(seed: int) -> bytes:
    """A trace of a few events by hand, in which nearly every byte counts."""
    rng = random.Random(seed)
    texts = (b"predict", b"MakeIterator::RangeDataset", b"dense/Relu:_FusedMatMul", b"TFE_DeleteTensorHandle")
    names = b"".join(
        sized(4, b"\x08" + varint(key) + sized(2, sized(2, name))) for key, name in enumerate(texts)
    )
    stats = sized(5, b"\x08\x01" + sized(2, sized(2, b"step_num")))
    events = [sized(4, b"\x08\x00\x10\x00\x18" + varint(1 << 40) + b"\x22\x04\x08\x01\x20\x00")]
    events += [
        sized(
            4,
            b"\x08"
            + varint(rng.randrange(4))
            + b"\x10"
            + varint(at * 1000)
            + b"\x18"
            + varint(rng.choice((0, 900, 5000))),
        )
        for at in range(20)
    ]
    line = sized(3, sized(2, b"python") + b"".join(events))
    return sized(1, sized(2, b"/host:CPU") + line + names + stats)


# --- what is done to them ---


def damaged(seed: int) -> bytes:
    """The input of a seed."""
    rng = random.Random(seed)
    if rng.random() < _PROFILES:
        made = bytearray(profile(rng))
        for _ in range(rng.choice((0, 0, 1, 1, 3))):
            rng.choice(DAMAGES)(made, rng)
        return bytes(made)
    if rng.random() < 0.03:
        return rng.choice(STRANGERS)(rng)
    data = bytearray(rng.choice(bases()))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        rng.choice(DAMAGES)(data, rng)
    return bytes(data)


def _flip(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 4, 64))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def _take_out(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    del data[at : at + rng.choice((1, 2, 17, 4096))]


def _put_in(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.randbytes(rng.choice((1, 3, 40, 3000)))


def _double(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    to = rng.randrange(len(data) + 1)
    data[to:to] = data[at : at + rng.choice((10, 300, 20_000))]


def _lie(data: bytearray, rng: random.Random) -> None:
    """A number somewhere becomes another one, such as a length that no file has."""
    at = rng.randrange(len(data) + 1)
    number = rng.choice(
        (0, 1, 127, 128, 1 << 14, 1 << 31, (1 << 32) - 1, 1 << 62, (1 << 63) - 1, (1 << 64) - 1)
    )
    written = varint(number)
    data[at : at + len(written)] = written


def _same(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    count = rng.choice((8, 1000, 40_000))
    data[at : at + count] = bytes([rng.choice((0, 0x22, 0xFF, 0x80, rng.randrange(256)))]) * min(
        count, max(0, len(data) - at)
    )


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _flip,
    _cut,
    _take_out,
    _put_in,
    _double,
    _lie,
    _lie,
    _same,
)


def _nested(rng: random.Random) -> bytes:
    """Fields in fields, or events in events, many levels deep."""
    depth = rng.choice((10, 1000, 3000))
    if rng.random() < 0.5:
        data = b""
        for _ in range(depth):
            data = sized(rng.choice((1, 3, 4)), data)
        return data
    events = b"".join(
        sized(4, b"\x08\x01\x10" + varint(level) + b"\x18" + varint(2 * depth - 2 * level))
        for level in range(depth)
    )
    name = sized(4, b"\x08\x01" + sized(2, sized(2, b"tf.function-graph_building")))
    return sized(1, sized(2, b"/host:CPU") + name + sized(3, sized(2, b"python") + events))


STRANGERS: tuple[Callable[[random.Random], bytes], ...] = (
    lambda rng: b"",
    lambda rng: b"\x89PNG\r\n\x1a\n" + rng.randbytes(2000),
    lambda rng: b'\n{"traceEvents": [' + b'{"ph": "X"}, ' * 100,
    lambda rng: rng.randbytes(rng.randrange(5000)),
    lambda rng: b"PK\x03\x04" + bytes(3000),
    lambda rng: bytes([rng.randrange(256)]) * rng.randrange(70_000),
    _nested,
)


# --- what becomes of them ---


def try_seeds(seeds: Sequence[int]) -> Outcome:
    """Reads and divides the inputs of ``seeds`` one after the other."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as scratch, measured_memory(outcome):
        path = Path(scratch) / "host.xplane.pb"
        for seed in seeds:
            path.write_bytes(damaged(seed))
            begin = time.perf_counter()
            try:
                with time_limit(HANGS):
                    report = make_trace_report([path])
                    as_text(lambda console, report=report: print_trace(report, console), 100)
                    encode_json(report)
                for host in report.hosts:
                    _check_trace(host)
                for one in report.profiles:
                    _check_profile(one)
                cut = any("cut short" in note for host in report.hosts for note in host.notes)
                kind = "read in part, said so" if cut else "read"
                outcome.kinds[f"{kind}, of a profiler" if report.profiles else kind] += 1
            except KerasProfileError as error:
                clear = bool(error.message and error.advice)
                outcome.kinds["one clear error" if clear else "an error without advice"] += 1
            except BaseException:
                outcome.kinds["crash"] += 1
                outcome.faults.append(f"seed {seed}\n{traceback.format_exc(limit=-3)}")
            took = time.perf_counter() - begin
            outcome.slowest = max(outcome.slowest, took)
            outcome.slow += took > SLOW
    return outcome


def _check_trace(host: HostTrace) -> None:
    columns = host.steps
    whole = [sum(ns) for ns in zip(*columns.phases_ns.values())] or [0] * len(columns.total_ns)
    if whole != columns.total_ns:
        raise AssertionError("the phases of a step do not sum to it")
    if any(one.busy_ns + one.idle_ns != host.division.step_ns for one in host.devices):
        raise AssertionError("a device's time does not sum to the step")


def _check_profile(one: ProfileDivision) -> None:
    if sum(phase.cost for phase in one.phases) != one.inference:
        raise AssertionError("the phases do not sum to the calls of a model")
    if sum(entry.cost for entry in one.entries) != one.inference + one.training:
        raise AssertionError("the entry points do not sum to inference and training")
    if not 0 <= one.inference + one.training <= one.total + len(one.entries):
        raise AssertionError("more time in Keras than in the program")
    shares = [
        part.share for part in (*one.phases, *one.entries, *one.internals, *one.callers, *one.functions)
    ]
    if not all(0 <= share <= 1 for share in shares):
        raise AssertionError("a share that is none")


def main() -> int:
    outcome = try_inputs(__doc__, 100_000, _CHUNK, try_seeds, "crashes", every=20)
    for kind, count in outcome.kinds.most_common():
        print(f"{kind:26}{count:>9,}")
    print(f"{'slower than 1 s':26}{outcome.slow:>9,}  (the slowest took {outcome.slowest:.2f} s)")
    print(f"{'peak memory of a process':26}{outcome.peak_mb:>9,.0f}  MB")
    for crash in outcome.faults[:20]:
        print(crash)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
