"""A second iterator is made and never read."""

from __future__ import annotations

from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    spans, teardown_ns = evidence.spans, evidence.ns("teardown")
    if not spans.unread_iterators_per_call:
        return NotFound(f"every iterator is read; a call makes {number(spans.iterators_per_call)}")
    made_ns = spans.unread_iterators_share * evidence.total_ns
    # Each iterator is destroyed at the end, the unread one while its pipeline is running.
    destroyed_ns = spans.unread_iterators_per_call / spans.iterators_per_call * teardown_ns
    # Teardown counts in the cost but not for the threshold: it varies from run to run.
    share = made_ns / max(evidence.total_ns - teardown_ns, 1)
    if share < LEAST_SHARE:
        return NotFound(
            f"making iterators that are never read is {percent(share)} of the call without teardown"
        )
    made, unread = number(spans.iterators_per_call), number(spans.unread_iterators_per_call)
    return Found(
        f"A call makes {made} iterators and never reads {unread} of them ({{cost}} ms a call)",
        {"iterator_creation": made_ns, "teardown": destroyed_ns},
        [
            f"each of {spans.calls} calls made {made} iterators; no batch was fetched from {unread} of them",
            (
                f"making the unread ones: {milliseconds(made_ns)} ms; their part of teardown, by number: "
                f"{milliseconds(destroyed_ns)} ms"
            ),
        ],
    )


RULE = Rule(
    id="second_iterator",
    title="A second iterator is made and never read",
    meaning=(
        "predict makes an iterator over its pipeline, reads it, and makes another one at the end of the "
        "epoch, for a next epoch that never comes. Making it starts the whole pipeline again. The release "
        "always does this: your code cannot turn it off, but entry points without a pipeline avoid it."
    ),
    advice="use an entry point without a pipeline, such as `predict_on_batch`",
    recognised=(
        "A warm call makes an iterator and fetches no batch from it, and making such iterators takes at "
        "least LEAST_SHARE of the call without teardown. The cost includes their part of teardown, by "
        "number."
    ),
    example="model.predict(dataset)               # Keras 3.15: two iterators, the second is never read",
    sources=("https://github.com/keras-team/keras/blob/master/keras/src/trainers/epoch_iterator.py",),
    needs=("spans", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("predict_on_batch", "function_open_batch"),
)
