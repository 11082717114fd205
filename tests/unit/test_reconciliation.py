"""cProfile's counts held against the probes'."""

from __future__ import annotations

import pytest

from keras_profile.analysis.attribution.reconciliation import lost_internals, reconciliation_notes
from keras_profile.model.call_graph import CallGraph, Function
from support import contents, trees


@pytest.fixture
def internals():
    return [
        contents.internal(name, file="/k/a.py", line=10 + number)
        for number, name in enumerate(["Model.predict", "outer.<locals>.run", "numbers", "Iterator.__del__"])
    ] + [contents.internal("absent")]


def graph(calls=2, **counts):
    names = {"predict": 10, "run": 11, "numbers": 12, "__del__": 13}
    functions = [Function("/k/a.py", names[name], name) for name in counts]
    some = [0] * len(functions)
    return CallGraph(calls, 100, functions, some, list(counts.values()), some, some, [])


@pytest.fixture
def twice():
    """Two calls of predict, each of which runs run twice."""
    span, call = trees.span, trees.call
    return trees.timeline(
        *(
            call(
                start,
                start + 100,
                span(0, start, start + 100, span(1, start, start + 10), span(1, start + 20, start + 30)),
            )
            for start in (0, 100)
        )
    )


@pytest.mark.parametrize(
    ("counts", "lost"),
    [
        ({"predict": 2, "run": 4}, []),
        ({"predict": 2, "run": 3}, ["outer.<locals>.run"]),
        ({"predict": 2}, ["outer.<locals>.run"]),
        ({}, ["Model.predict", "outer.<locals>.run"]),
        ({"predict": 20, "run": 40}, []),
    ],
)
def test_what_cprofile_counted_less_often_is_lost(internals, twice, counts, lost):
    assert lost_internals(graph(**counts), twice, internals) == (lost, 2)


def test_counts_are_compared_a_call(internals, twice):
    assert lost_internals(graph(20, predict=20, run=40), twice, internals)[0] == []
    assert lost_internals(graph(20, predict=20, run=35), twice, internals)[0] == ["outer.<locals>.run"]


def test_a_tenth_less_is_not_lost(internals, twice):
    assert lost_internals(graph(10, predict=10, run=18), twice, internals)[0] == []


def test_a_function_on_another_line_is_another_one(internals, twice):
    other = CallGraph(2, 100, [Function("/k/a.py", 99, "predict")], [2], [2], [0], [0], [])
    assert "Model.predict" in lost_internals(other, twice, internals)[0]


def test_generators_destructors_and_what_is_absent_are_not_compared(internals):
    span, call = trees.span, trees.call
    line = trees.timeline(
        call(0, 100, span(2, 0, 10), span(2, 20, 30, resumed=True), span(3, 40, 50), span(4, 60, 70))
    )
    assert lost_internals(graph(1), line, internals) == ([], 0)


def test_what_does_not_run_in_each_call_is_not_compared(internals):
    span, call = trees.span, trees.call
    line = trees.timeline(call(0, 100, span(0, 0, 10)), call(100, 200))
    assert lost_internals(graph(), line, internals) == ([], 0)


def test_lost_calls_are_noted_with_the_python(internals, twice):
    notes = reconciliation_notes(lost_internals(graph(predict=2), twice, internals), "3.12.1")
    assert len(notes) == 1
    assert "1 of 2 internals" in notes[0]
    assert "3.12.1" in notes[0]


def test_there_is_no_note_without_loss_profile_or_calls(internals, twice):
    assert reconciliation_notes(lost_internals(graph(predict=2, run=4), twice, internals), "3.12.1") == []
    assert reconciliation_notes(lost_internals(None, twice, internals), "3.12.1") == []
    assert reconciliation_notes(lost_internals(graph(), trees.timeline(), internals), "3.12.1") == []
