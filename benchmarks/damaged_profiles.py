"""Profiles of other profilers, small ones, and values in them that no profiler writes."""

from __future__ import annotations

import json
import marshal
import random
from typing import Any

_KERAS = "/env/lib/python3.11/site-packages/keras/src"
_TENSORFLOW = "/env/lib/python3.11/site-packages/tensorflow/python"
#: Functions of a program, outermost first: file, first line, name.
_CHAIN = (
    ("script.py", 1, "<module>"),
    ("script.py", 8, "act"),
    (f"{_KERAS}/utils/traceback_utils.py", 110, "error_handler"),
    (f"{_KERAS}/backend/tensorflow/trainer.py", 521, "predict"),
    (f"{_KERAS}/backend/tensorflow/trainer.py", 748, "__init__"),
    (f"{_KERAS}/trainers/data_adapters/array_data_adapter.py", 107, "get_tf_dataset"),
    (f"{_TENSORFLOW}/data/ops/dataset_ops.py", 2163, "map"),
    ("~", 0, "<built-in method TFE_Py_FastPathExecute>"),
)
_OTHERS = (
    (f"{_KERAS}/backend/tensorflow/trainer.py", 314, "fit"),
    (f"{_KERAS}/layers/layer.py", 872, "__call__"),
    ("/usr/lib/python3.11/threading.py", 5, "wait"),
)
#: Values that no profiler writes, or hardly any.
_STRANGE: tuple[Any, ...] = (
    None,
    -1,
    0,
    1 << 62,
    1 << 200,
    -(1 << 70),
    1e308,
    float("nan"),
    float("inf"),
    -0.5,
    True,
    "",
    "\x1b[31mred\x00\n\u202e",
    "x" * 70_000,
    "\udcff",
    [],
    {},
    [[[[[[[[[[]]]]]]]]]],
)


def profile(rng: random.Random) -> bytes:
    """A profile of any format, whole or with a value that is not its own."""
    return rng.choice((_pstats, _pstats, _session, _speedscope, _speedscope, _folded, _nested))(rng)


def _stack(rng: random.Random) -> tuple[tuple[str, int, str], ...]:
    chain = list(_CHAIN[: rng.randrange(1, len(_CHAIN) + 1)])
    if rng.random() < 0.3:
        chain.insert(rng.randrange(len(chain) + 1), rng.choice(_OTHERS))
    return tuple(chain)


def _pstats(rng: random.Random) -> bytes:
    stats: dict[Any, Any] = {}
    for _ in range(4):
        stack = _stack(rng)
        for caller, function in zip((None, *stack), stack):
            calls, own = rng.randrange(1, 9), rng.random()
            row = stats.setdefault(function, (calls, calls, own, own * 3, {}))
            if caller is not None:
                row[4][caller] = calls if rng.random() < 0.1 else (calls, calls, own, own * 2)
    data = list(stats.items())
    if rng.random() < 0.6:
        at = rng.randrange(len(data))
        data[at] = _altered(data[at], rng)
    try:
        return marshal.dumps(dict(data), rng.choice((0, 1, 2, 3, 4)))
    except (TypeError, ValueError):  # what cannot be a key
        return marshal.dumps(data)


def _session(rng: random.Random) -> bytes:
    records = [
        [
            [f"{name}\0{file}\0{line}\x01l{line + 3}\x01cModel" for file, line, name in _stack(rng)],
            rng.random() / 100,
        ]
        for _ in range(12)
    ]
    return _json({"start_time": 1.5, "duration": 0.3, "sample_count": 12, "frame_records": records}, rng)


def _speedscope(rng: random.Random) -> bytes:
    frames = [{"name": name, "file": file, "line": line} for file, line, name in (*_CHAIN, *_OTHERS)]
    profiles: list[dict[str, Any]] = []
    for _ in range(rng.choice((1, 1, 3))):
        one: dict[str, Any] = {"name": "t", "unit": rng.choice(("seconds", "none", "microseconds", "bytes"))}
        if rng.random() < 0.5:
            samples = [list(range(rng.randrange(len(frames)))) for _ in range(9)]
            one |= {"type": "sampled", "samples": samples, "weights": [rng.random() for _ in samples]}
        else:
            depth = rng.randrange(1, len(_CHAIN))
            events = [{"type": "O", "at": at * 0.1, "frame": at} for at in range(depth)]
            events += [{"type": "C", "at": depth * 0.1 + at, "frame": depth - 1 - at} for at in range(depth)]
            one |= {"type": "evented", "startValue": 0, "endValue": 9, "events": events}
        profiles.append(one)
    content = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "exporter": rng.choice(("py-spy@0.4", "pyinstrument", "keras_profile", None)),
        "activeProfileIndex": rng.choice((None, 0, 2)),
        "shared": {"frames": frames},
        "profiles": profiles,
    }
    return _json(content, rng)


def _folded(rng: random.Random) -> bytes:
    lines = [
        ";".join(f"{name} ({file}:{line})" for file, line, name in _stack(rng)) + f" {rng.randrange(50)}"
        for _ in range(12)
    ]
    if rng.random() < 0.5:
        strange = (
            "no count",
            "a;b -1",
            "a;b 1e9",
            " 5",
            ";;; 3",
            "a (b:9) 999999999999999",
            "\x1b[2J;a 1",
            "\0",
        )
        lines.insert(rng.randrange(len(lines)), rng.choice(strange))
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _nested(rng: random.Random) -> bytes:
    """Deep objects, and references that make few bytes mean many objects."""
    kind = rng.randrange(4)
    if kind == 0:
        return b"\xfb" + b"\xa9\x01" * rng.choice((5, 1000, 100_000))
    if kind == 1:
        # Each tuple holds the one before it 255 times.
        return b"\xfb\xa9\x00" + b"".join(
            b"\xa9\xff" + b"r" + bytes((level, 0, 0, 0)) * 255 for level in range(1, 9)
        )
    if kind == 2:
        head = b'{"$schema": "https://www.speedscope.app/file-format-schema.json", "shared": '
        return head + b"[" * rng.choice((10, 2000, 200_000))
    row = b";".join(b"f%d (a.py:%d)" % (at, at) for at in range(rng.choice((10, 700, 3000))))
    return row + b" 1\n"


def _json(content: dict[str, Any], rng: random.Random) -> bytes:
    if rng.random() < 0.6:
        content = _altered(content, rng)
    return json.dumps(content).encode("utf-8", "replace")


def _altered(value: Any, rng: random.Random) -> Any:
    """``value`` with one value in it, at any depth, that is a strange one."""
    if rng.random() < 0.15 or not isinstance(value, (dict, list, tuple)) or not value:
        return rng.choice(_STRANGE)
    if isinstance(value, dict):
        key = rng.choice(list(value))
        if rng.random() < 0.1:
            return {one: content for one, content in value.items() if one != key}
        return {**value, key: _altered(value[key], rng)}
    at = rng.randrange(len(value))
    rows = [*value[:at], _altered(value[at], rng), *value[at + 1 :]]
    return tuple(rows) if isinstance(value, tuple) else rows
