"""A second iterator is made that nobody reads."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    spans, teardown_ns = evidence.spans, evidence.ns("teardown")
    if not spans.unread_iterators_per_call:
        return NotFound(f"every iterator is read; {number(spans.iterators_per_call)} are made in a call")
    made_ns = spans.unread_iterators_share * evidence.total_ns
    # Each iterator is destroyed at the end, the unread one with its pipeline at work.
    destroyed_ns = spans.unread_iterators_per_call / spans.iterators_per_call * teardown_ns
    # Destroying is counted, but does not decide: how long it takes differs from run to run.
    share = made_ns / max(evidence.total_ns - teardown_ns, 1)
    if share < LEAST_SHARE:
        return NotFound(
            f"making iterators that nobody reads is {percent(share)} of the call without teardown"
        )
    made, unread = number(spans.iterators_per_call), number(spans.unread_iterators_per_call)
    return Found(
        f"{unread} of the {made} iterators that a call makes is never read ({{cost}} ms a call)",
        {"iterator_creation": made_ns, "teardown": destroyed_ns},
        [
            f"each of {spans.calls} calls made {made} iterators; no batch was fetched from {unread} of them",
            (
                f"making what is not read: {milliseconds(made_ns)} ms; its part of destroying iterators, by "
                f"their number: {milliseconds(destroyed_ns)} ms"
            ),
        ],
    )


RULE = Rule(
    id="second_iterator",
    title="A second iterator is made that nobody reads",
    meaning=(
        "predict makes an iterator over its pipeline, reads it, and makes another one at the end of the "
        "epoch, for a next epoch that never comes. Making it starts the whole pipeline again. It is a habit "
        "of the release: your code cannot switch it off, but entry points without a pipeline do not have it."
    ),
    recognised=(
        "In a warm call an iterator is made from which no batch is fetched before the call ends, and making "
        "such iterators has at least the least share of the call, what is destroyed at its end not counted. "
        "The cost includes their part of teardown, by their number."
    ),
    example="model.predict(dataset)               # Keras 3.15: two iterators, the second for nothing",
    sources=("https://github.com/keras-team/keras/blob/master/keras/src/trainers/epoch_iterator.py",),
    needs=("spans", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("predict_on_batch", "function_open_batch"),
)
