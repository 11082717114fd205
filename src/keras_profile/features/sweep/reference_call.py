"""A fixed piece of work that every machine does beside its cells: how fast is the machine, just now?

It is done in the worker's own process, so it needs nothing but Python and numpy: half of it is Python's own
work, as around a model, half of it is numpy's, as within one. Arrays are so small that one thread does it.
"""

from __future__ import annotations

import time

import numpy as np

from ...model.sweep import Reference

#: How long it is measured, and how many calls are made at least.
SECONDS, _LEAST = 0.25, 20


def measure_reference(seconds: float = SECONDS) -> Reference:
    """Makes the call again and again for so long."""
    rows = np.random.default_rng(0).standard_normal((32, 32)).astype(np.float32)
    _call(rows)
    walls: list[int] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(walls) < _LEAST:
        begin = time.perf_counter_ns()
        _call(rows)
        walls.append(time.perf_counter_ns() - begin)
    return Reference(len(walls), int(np.median(walls)))


def _call(rows: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> float:
    table: dict[int, str] = {}
    for number in range(4000):
        table[number % 97] = str(number)
    values = rows
    for _ in range(60):
        values = np.tanh(values @ rows) + rows
    return float(values.sum()) + len(table)
