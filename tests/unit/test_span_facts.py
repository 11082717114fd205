"""What rules ask of the spans: tracing outside of pipelines, iterators that nobody reads."""

from __future__ import annotations

import pytest

from keras_profile.analysis.attribution.span_facts import span_facts
from keras_profile.recorder.protocol.frameworks import GRAPH_BUILDER, ITERATOR_MAKER, PIPELINE_FUNCTION
from support import contents, trees

#: The internals of the trees below, by number, and their phases.
INTERNALS = [
    GRAPH_BUILDER,
    ITERATOR_MAKER,
    ("a", PIPELINE_FUNCTION + ".__init__"),
    ("a", "fetch"),
    ("a", "run"),
]
PHASES = ["function_tracing", "iterator_creation", "dataset_building", "batch_fetching", "execution"]
TRACE, MAKE, WRAPPER, FETCH, RUN = range(5)


@pytest.fixture
def facts():
    rows = [contents.internal(qualname, module=module) for module, qualname in INTERNALS]

    def facts(*calls):
        line = trees.timeline(*calls)
        lengths = (line.end - line.begin)[line.depth == 0]
        return span_facts(line, rows, PHASES, int(lengths.mean()))

    return facts


def test_tracing_for_the_pipeline_is_told_from_other(facts):
    span = trees.span
    found = facts(
        trees.call(0, 100, span(WRAPPER, 0, 20, span(TRACE, 5, 15)), span(TRACE, 30, 70)),
        trees.call(200, 300, span(WRAPPER, 200, 220, span(TRACE, 205, 215))),
    )
    assert found.calls == 2
    assert found.pipeline_tracing_share == 0.1
    assert found.other_tracing_share == 0.2
    assert found.other_traces_per_call == 0.5
    assert found.calls_that_trace == 1


def test_a_trace_within_a_trace_is_one(facts):
    found = facts(trees.call(0, 100, trees.span(TRACE, 0, 50, trees.span(TRACE, 10, 20))))
    assert found.other_traces_per_call == 1
    assert found.other_tracing_share == 0.5


def test_the_iterator_at_the_end_is_not_read(facts):
    span = trees.span
    found = facts(
        trees.call(0, 100, span(MAKE, 0, 10), span(FETCH, 20, 30), span(RUN, 30, 60), span(MAKE, 70, 90))
    )
    assert found.iterators_per_call == 2
    assert found.unread_iterators_per_call == 1
    assert found.unread_iterators_share == 0.2


def test_an_iterator_that_is_replaced_at_once_is_not_read(facts):
    span = trees.span
    found = facts(trees.call(0, 100, span(MAKE, 0, 10), span(MAKE, 10, 30), span(RUN, 30, 60)))
    assert found.unread_iterators_per_call == 1
    assert found.unread_iterators_share == 0.1


def test_an_iterator_that_the_traced_function_reads_is_read(facts):
    span = trees.span
    found = facts(
        trees.call(0, 100, span(MAKE, 0, 10), span(RUN, 10, 30)),
        trees.call(200, 300, span(MAKE, 200, 210), span(RUN, 210, 230)),
    )
    assert found.iterators_per_call == 1
    assert found.unread_iterators_per_call == 0


def test_a_read_in_the_next_call_does_not_count(facts):
    span = trees.span
    found = facts(trees.call(0, 100, span(MAKE, 0, 10)), trees.call(200, 300, span(RUN, 210, 230)))
    assert found.unread_iterators_per_call == 0.5


#: ms of the synthetic calls below.
MS = 1_000_000


@pytest.mark.parametrize(
    ("batches_end", "end", "waits", "share"),
    [
        (400, 642, 1, 0.376),  # a wake-up is 620 ms after the first batch, which comes at 20 ms
        (400, 440, 0, 0.0),  # the pipeline is destroyed at once
        (400, 560, 0, 0.0),  # something else takes long
        (638, 643, 0, 0.0),  # the work itself ends there
        (6_000, 10_262, 1, 0.415),
        (30, 82, 0, 0.0),  # calls as short as that are not judged
    ],
)
def test_a_call_that_ends_when_the_tuning_thread_wakes_up_waited_for_it(
    facts, batches_end, end, waits, share
):
    span = trees.span
    found = facts(
        trees.call(
            0,
            end * MS,
            span(MAKE, 0, 10 * MS),
            span(FETCH, 20 * MS, 25 * MS),
            span(RUN, 25 * MS, batches_end * MS),
        )
    )
    assert found.tuner_waits == waits
    assert found.tuner_wait_share == pytest.approx(share, abs=0.001)


def test_a_call_without_a_pipeline_waits_for_no_tuning(facts):
    found = facts(trees.call(0, 642 * MS, trees.span(MAKE, 0, 10 * MS)))
    assert found.tuner_waits == 0
