"""The partition by cProfile's counts: phases spread from callers to callees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.analysis.attribution.counted import counted_partition
from keras_profile.analysis.attribution.vocabulary import PHASES
from keras_profile.model.call_graph import CallGraph, Function
from keras_profile.model.recording import RecordedInternal
from support import contents

PHASE_OF = {
    "predict": "entry",
    "trace": "function_tracing",
    "build": "dataset_building",
    "run": "execution",
    "drop": "teardown",
    "wrapper": "transparent",
}


@pytest.fixture
def counted():
    """The phases, in ns, of functions with self times and edges (caller, callee, total)."""

    def counted(self_ns, *edges, calls=None):
        names = list(self_ns)
        functions = [Function("/k/a.py", 10 + number, name) for number, name in enumerate(names)]
        internals = [
            contents.internal(f"C.{name}", file="/k/a.py", line=10 + names.index(name))
            for name in PHASE_OF
            if name in names
        ]
        nothing = [0] * len(names)
        graph = CallGraph(
            1,
            sum(self_ns.values()),
            functions,
            nothing,
            list((calls or self_ns).values()),
            list(self_ns.values()),
            nothing,
            [(names.index(caller), names.index(callee), 1, total) for caller, callee, total in edges],
        )
        found = counted_partition(graph, internals, [PHASE_OF[name] for name in PHASE_OF if name in names])
        assert found.self_ns.sum() == pytest.approx(sum(self_ns.values()))
        return {phase: pytest.approx(ns, abs=0.6) for phase, ns in zip(PHASES, found.self_ns) if ns > 0.6}

    return counted


def test_a_function_without_a_name_is_its_callers(counted):
    assert counted(
        {"predict": 100, "helper": 50, "deeper": 25}, ("predict", "helper", 75), ("helper", "deeper", 25)
    ) == {"entry": 175}


def test_what_nobody_called_is_unattributed(counted):
    assert counted({"predict": 100, "stray": 50, "below": 10}, ("stray", "below", 10)) == {
        "entry": 100,
        "unattributed": 60,
    }


def test_a_shared_function_is_split_by_the_time_under_each_caller(counted):
    assert counted(
        {"build": 100, "run": 100, "shared": 40}, ("build", "shared", 3_000_000), ("run", "shared", 1_000_000)
    ) == {"dataset_building": 130, "execution": 110}


def test_a_wrapper_has_no_phase_of_its_own(counted):
    assert counted(
        {"predict": 100, "wrapper": 20, "run": 50}, ("predict", "wrapper", 70), ("wrapper", "run", 50)
    ) == {"entry": 120, "execution": 50}


@pytest.mark.parametrize("sticky", ["trace", "drop"])
def test_below_a_sticky_phase_all_is_that_phase(counted, sticky):
    assert counted({sticky: 100, "run": 50, "helper": 20}, (sticky, "run", 70), ("run", "helper", 20)) == {
        PHASE_OF[sticky]: 170
    }


def test_a_function_below_a_sticky_phase_and_another_is_split(counted):
    assert counted(
        {"trace": 100, "predict": 100, "run": 80}, ("trace", "run", 1_000_000), ("predict", "run", 3_000_000)
    ) == {"function_tracing": 120, "entry": 100, "execution": 60}


def test_recursion_ends(counted):
    assert counted(
        {"predict": 10, "one": 100, "other": 100},
        ("predict", "one", 200_000),
        ("one", "one", 90),
        ("one", "other", 100_000),
        ("other", "one", 50_000),
    ) == {"entry": 210}


def test_an_endless_cycle_without_a_caller_is_unattributed(counted):
    assert counted({"one": 100, "other": 100}, ("one", "other", 100), ("other", "one", 50)) == {
        "unattributed": 200
    }


def test_calls_are_assigned_like_times():
    functions = [Function("/k/a.py", 10, "run"), Function("/k/a.py", 99, "helper")]
    graph = CallGraph(1, 0, functions, [0, 0], [3, 1000], [0, 0], [0, 0], [(0, 1, 1000, 5)])
    found = counted_partition(graph, [contents.internal("run", file="/k/a.py", line=10)], ["execution"])
    assert found.calls[list(PHASES).index("execution")] == pytest.approx(1003)


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 10**9)), max_size=30),
    st.lists(st.integers(0, 10**9), min_size=8, max_size=8),
)
def test_no_time_is_lost_or_made_in_any_graph(edges, self_ns):
    functions = [Function("/k/a.py", number, f"f{number}") for number in range(8)]
    graph = CallGraph(
        1,
        1,
        functions,
        self_ns,
        self_ns,
        self_ns,
        self_ns,
        [(caller, callee, 1, total) for caller, callee, total in edges],
    )
    rows = [RecordedInternal("k", f"f{number}", "k", "/k/a.py", number) for number in range(3)]
    found = counted_partition(graph, rows, ["entry", "function_tracing", "execution"]).self_ns
    assert (found >= -1e-6).all()
    assert np.isclose(found.sum(), sum(self_ns), rtol=1e-6, atol=1.0)
