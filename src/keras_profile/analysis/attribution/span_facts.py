"""Facts about the spans that rules need, call by call, beyond the shares of the phases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ...model.arrays import Flags, Ints
from ...model.evidence import SpanFacts
from ...model.recording import RecordedInternal
from ...model.timeline import Timeline
from ...recorder.protocol.frameworks import GRAPH_BUILDER, ITERATOR_MAKER, PIPELINE_FUNCTION
from .inclusive import with_children
from .partition import partition
from .typical_call import typical_call
from .vocabulary import NUMBER

#: The phases in which a batch is taken from an iterator.
_FETCHING = "batch_fetching"
_READERS = (_FETCHING, "execution", "eager_execution")
#: The thread of tf.data that tunes a pipeline starts with the first batch. It first sleeps for 20 ms, twice
#: ``kOptimizationPeriodMinMs``, then twice as long each time, up to ``MaxMs`` (TensorFlow's
#: tensorflow/core/framework/model.h). Before the least, a call hardly waits long enough to be seen.
_PERIOD_NS, _LONGEST_PERIOD_NS, _LEAST_WAKE_NS = 20_000_000, 60_000_000_000, 140_000_000
#: Tuning takes time itself: the thread wakes up later by up to this part and so many ns, as measured in calls
#: from 0.1 to 10 s. A shorter teardown says nothing.
_LATE, _LATE_NS, _LEAST_WAIT_NS = 0.01, 6_000_000, 10_000_000


def span_facts(
    timeline: Timeline,
    internals: Sequence[RecordedInternal],
    row_phases: Sequence[str],
    total_ns: int,
) -> SpanFacts:
    """The facts of a timeline of warm calls, one at least; shares are of a call of ``total_ns``."""
    parts = partition(timeline, row_phases)
    factors = typical_call(parts.self_ns, total_ns).factors()
    whole = float(timeline.calls * total_ns)
    self_ns = parts.span_self_ns * factors[parts.phase]
    inclusive_ns = with_children(timeline, self_ns)
    names = [(row.module, row.qualname) for row in internals]
    in_pipeline = _below(
        timeline, np.array([name.endswith(PIPELINE_FUNCTION + ".__init__") for _, name in names] + [False])
    )
    tracing = (timeline.parent >= 0) & (parts.phase == NUMBER["function_tracing"])
    is_tracer = _rows(timeline, np.array([name == GRAPH_BUILDER for name in names] + [False]))
    other = is_tracer & ~in_pipeline & ~_below_self(timeline, is_tracer)
    makes = _rows(timeline, np.array([name == ITERATOR_MAKER for name in names] + [False]))
    iterators, unread = _iterators(timeline, makes, parts.phase)
    teardown_ns = parts.self_ns[:, NUMBER["teardown"]]
    waits = _waits_for_tuner(timeline, parts.phase, teardown_ns)
    waits &= np.isin(np.arange(timeline.calls), timeline.call[iterators])
    # What destroying the pipeline takes in calls that do not wait is no wait.
    usual_ns = np.median(teardown_ns[~waits]) if (~waits).any() else 0.0
    waited_ns = ((teardown_ns - usual_ns).clip(min=0) * waits).sum() * factors[NUMBER["teardown"]]
    return SpanFacts(
        calls=timeline.calls,
        pipeline_tracing_share=round(float(self_ns[tracing & in_pipeline].sum()) / whole, 6),
        other_tracing_share=round(float(self_ns[tracing & ~in_pipeline].sum()) / whole, 6),
        other_traces_per_call=round(float(other.sum()) / timeline.calls, 3),
        calls_that_trace=len(np.unique(timeline.call[other])),
        iterators_per_call=round(len(iterators) / timeline.calls, 3),
        unread_iterators_per_call=round(len(unread) / timeline.calls, 3),
        unread_iterators_share=round(float(inclusive_ns[unread].sum()) / whole, 6),
        first_fetch_share=round(float(inclusive_ns[_first_fetches(timeline, parts.phase)].sum()) / whole, 6),
        tuner_waits=int(waits.sum()),
        tuner_wait_share=round(float(waited_ns) / whole, 6),
    )


def _waits_for_tuner(timeline: Timeline, phase: Ints, teardown_ns: Ints) -> Flags:
    """Whether each call ends when the thread that tunes its pipeline wakes up, and waited until then."""
    first_batch = np.full(timeline.calls, np.iinfo(np.int64).max)
    readers = np.isin(phase, [NUMBER[name] for name in _READERS]) & (timeline.parent >= 0)
    np.minimum.at(first_batch, timeline.call[readers], timeline.begin[readers])
    roots = np.flatnonzero(timeline.parent < 0)
    end = np.zeros(timeline.calls, dtype=np.int64)
    np.maximum.at(end, timeline.call[roots], timeline.end[roots])
    age = np.where(first_batch < end, end - first_batch, 0)
    found = np.zeros(timeline.calls, dtype=bool)
    wake, period = 0, _PERIOD_NS
    while wake < age.max(initial=0):
        wake, period = wake + period, min(2 * period, _LONGEST_PERIOD_NS)
        if wake >= _LEAST_WAKE_NS:
            on_time = (age >= wake) & (age <= wake * (1 + _LATE) + _LATE_NS)
            found |= on_time & (age - teardown_ns < wake) & (teardown_ns >= _LEAST_WAIT_NS)
    return found


def _first_fetches(timeline: Timeline, phase: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The first span of each call that fetches a batch by itself."""
    rows = np.flatnonzero((timeline.parent >= 0) & (phase == NUMBER[_FETCHING]))
    _, first = np.unique(timeline.call[rows], return_index=True)
    return rows[first]


def _rows(timeline: Timeline, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The spans whose internal is chosen; the last entry is for spans that are no internal."""
    return chosen[np.where(timeline.internal >= 0, timeline.internal, len(chosen) - 1)]


def _below(timeline: Timeline, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The spans that lie at any depth within one whose internal is chosen, and those."""
    own = _rows(timeline, chosen)
    return own | _below_self(timeline, own)


def _below_self(timeline: Timeline, spans: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The spans that lie at any depth within one of ``spans``."""
    found = np.zeros(len(spans), dtype=bool)
    above = timeline.parent
    while (above >= 0).any():
        found |= (above >= 0) & spans[above]
        above = np.where(above >= 0, timeline.parent[above], -1)
    return found


def _iterators(
    timeline: Timeline,
    makes: npt.NDArray[np.bool_],
    phase: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The spans that make iterators, and those of unread iterators.

    A batch is fetched by itself, or by the traced function that runs the model (Keras 2). It comes from the
    last iterator made, so an iterator is unread if no batch is fetched before the next one is made or the
    call ends.
    """
    outermost = makes & ~timeline.resumed & ~_below_self(timeline, makes)
    fetches = (timeline.parent >= 0) & np.isin(phase, [NUMBER[name] for name in _READERS])
    begun = np.flatnonzero(outermost)
    fetched = np.flatnonzero(fetches)
    unread = []
    for row, following in zip(begun.tolist(), [*begun[1:].tolist(), -1]):
        same_call = following >= 0 and timeline.call[following] == timeline.call[row]
        until = timeline.begin[following] if same_call else np.iinfo(np.int64).max
        later = fetched[np.searchsorted(fetched, row) :]
        later = later[timeline.call[later] == timeline.call[row]]
        if not ((timeline.begin[later] >= timeline.begin[row]) & (timeline.begin[later] < until)).any():
            unread.append(row)
    return begun, np.array(unread, dtype=np.int64)
