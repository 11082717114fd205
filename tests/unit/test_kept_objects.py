"""How many Python objects each call leaves behind."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from keras_profile.recorder.facts.kept_objects import kept_in_each_call

kept: list = []
cached: dict = {}


@pytest.fixture(autouse=True)
def nothing_kept():
    kept.clear()
    yield
    kept.clear()


class Linked:
    """A chain of objects, which is in no container."""

    last = None

    def __init__(self):
        self.before, Linked.last = Linked.last, self


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: [np.ones(3) for _ in range(5)], 0),
        (lambda: kept.append(np.ones(3)), 1),
        (lambda: kept.append("a text"), 1),
        (lambda: kept.extend([object(), object()]), 2),
        (Linked, 1),
        (lambda: cached.update({f"key {len(cached)}": np.ones(3)}), 1),
    ],
    ids=["nothing", "arrays", "texts", "two", "a chain", "a dictionary of arrays"],
)
def test_what_a_call_leaves_behind_is_counted(call, expected):
    assert kept_in_each_call(call, 3) == expected


def test_a_cache_that_fills_once_is_not_what_a_call_leaves_behind():
    calls = count()
    assert kept_in_each_call(lambda: kept.append(1) if next(calls) < 4 else None, 3) == 0


def test_cycles_that_a_collection_frees_do_not_count():
    def call():
        ring: list = []
        ring.append(ring)

    assert kept_in_each_call(call, 3) == 0


def test_a_container_of_the_users_is_not_asked():
    class Odd(list):
        def __len__(self):
            raise AssertionError("asked")

    class Compares(type):
        def __eq__(cls, other):
            raise AssertionError("compared")

        __hash__ = type.__hash__

    class Compared(metaclass=Compares):
        pass

    odd = Odd(), Compared()
    assert kept_in_each_call(lambda: None, 3) == 0
    del odd
