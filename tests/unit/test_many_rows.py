"""How many rows outputs are compared on: as many as there is time and memory for."""

from __future__ import annotations

import types

import numpy as np
import pytest

from keras_profile.recorder.protocol import ENTRY_POINT_OF, events
from keras_profile.recorder.trials import many_rows
from keras_profile.recorder.trials.limits import LIMITS, Limits
from keras_profile.recorder.trials.many_rows import call_many_rows, rows_in_memory
from keras_profile.recorder.trials.variations import MANY_ROWS

MS = 1_000_000


class Original:
    """A call that takes so long for each row, and counts the rows that it was given."""

    def __init__(self, monkeypatch, row_s=0.0, batch_s=0.0, most=None, entry="call"):
        self.now = 0.0
        self.rows = []
        self.in_large_batches = []
        self._row_s, self._batch_s, self._most = row_s, batch_s, most
        self.workload = types.SimpleNamespace(
            entry_point=ENTRY_POINT_OF[entry], model=self, method=lambda name: getattr(self, name)
        )
        monkeypatch.setattr(many_rows.time, "perf_counter", lambda: self.now)

    def __call__(self, x):
        if self._most is not None and len(x) > self._most:
            raise ValueError(f"expected {self._most} rows")
        self.rows.append(len(x))
        self.now += self._batch_s + self._row_s * len(x)
        return x

    def predict(self, x, batch_size, verbose):
        self.in_large_batches.append(len(x))
        return x * 1.0


def usage(rows=1, bytes_per_row=8):
    return types.SimpleNamespace(rows=rows, bytes_per_row=bytes_per_row, compute_dtypes=["float32"])


def call(original, rows=1, call_ns=MS, width=1, told=None, **changed):
    x = np.zeros((rows or 1, width), "float32")
    report = (told if told is not None else []).append
    return call_many_rows(original.workload, usage(rows, **changed), original, call_ns, x, report)


def test_rows_grow_up_to_the_most(monkeypatch):
    original = Original(monkeypatch, batch_s=0.001)
    found = call(original)
    assert original.rows == [8, 64, 512, 1024, 16 * 1024, MANY_ROWS]
    assert found.rows == len(found.x) == len(found.outputs) == MANY_ROWS


def test_rows_grow_no_further_than_a_second_allows(monkeypatch):
    original = Original(monkeypatch, row_s=0.0001)
    assert call(original).rows == 1024 * 9
    assert original.rows == [8, 64, 512, 1024, 1024 * 9]


def test_a_call_that_would_take_too_long_is_not_made(monkeypatch):
    original = Original(monkeypatch, row_s=0.1)
    assert call(original).rows == 64
    assert original.rows == [8, 64]
    slow = Original(monkeypatch, row_s=1.0)
    assert call(slow, call_ns=1000 * MS) is None
    assert slow.rows == [8]  # which are not many
    assert call(Original(monkeypatch), call_ns=2000 * MS) is None


def test_rows_that_would_fill_the_memory_are_not_made(monkeypatch):
    original = Original(monkeypatch)
    large = LIMITS.many_rows_bytes // 1000
    assert call(original, bytes_per_row=large) is None
    assert original.rows == []
    assert call(original, bytes_per_row=LIMITS.many_rows_bytes // 5000).rows <= 5000


def test_what_is_kept_fits_in_memory(monkeypatch):
    original = Original(monkeypatch)
    found = call(original, width=4096)  # 32 kB for a row and its outputs
    assert found.x.nbytes + found.outputs.nbytes <= LIMITS.kept_bytes


def test_unknown_outputs_are_taken_to_be_large():
    x = np.zeros((2, 250), "float32")
    assert rows_in_memory(usage(2, None), x) == LIMITS.many_rows_bytes // (1000 * (LIMITS.unknown_growth + 1))


@pytest.mark.parametrize("rows", [None, 0])
def test_inputs_that_have_no_rows_have_not_many(monkeypatch, rows):
    assert call(Original(monkeypatch), rows=rows) is None


def test_a_model_of_a_fixed_number_of_rows_is_told(monkeypatch):
    told = []
    assert call(Original(monkeypatch, most=4), rows=4, told=told) is None
    assert told == [
        events.Announce(
            "outputs are compared only for the input's own number of rows, others fail: "
            "ValueError: expected 4 rows"
        )
    ]


def test_predict_gives_many_rows_in_large_batches(monkeypatch):
    original = Original(monkeypatch, entry="predict")
    assert call(original).rows == MANY_ROWS
    assert original.rows == [8, 64, 512, 1024]
    assert original.in_large_batches == [1024, 1024 * 16, MANY_ROWS]


def test_large_batches_that_give_something_else_are_not_used(monkeypatch):
    original = Original(monkeypatch, entry="predict")
    original.predict = lambda x, batch_size, verbose: x + 1
    assert call(original).rows == MANY_ROWS
    assert original.rows[-1] == MANY_ROWS


def test_a_change_counts_as_hung_after_the_longest_of_three_times():
    limits = Limits(hung_after_budgets=2.0, hung_after_calls=10, hung_after_s=30.0)
    assert limits.hung_s(1.0, MS) == 30.0
    assert limits.hung_s(20.0, MS) == 40.0
    assert limits.hung_s(1.0, 5000 * MS) == 50.0


def test_a_dataset_has_its_own_number_of_rows(monkeypatch):
    original = Original(monkeypatch)
    dataset = object()  # it has no length and no first row
    found = call_many_rows(original.workload, usage(rows=None), original, MS, dataset, [].append)
    assert found is None
    assert original.rows == []
