"""Python's garbage collector interrupts the call."""

from __future__ import annotations

from ....number_words import number, plural
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.claiming import claim, time_line

COLLECTION_SHARE = Threshold(
    "COLLECTION_SHARE",
    0.20,
    "share of the call that garbage collection takes at least: TensorFlow's own objects cost up to 11 ms a "
    "call in some runs of predict, which is a fifth of it or less",
)

LEAST_COLLECTIONS = Threshold(
    "LEAST_COLLECTIONS",
    3,
    "collections in the calls under spans at least: a single one in few calls was due to objects that were "
    "made before",
)


def judge(evidence: View) -> Answer:
    if evidence.has("spans"):
        seen = round(evidence.spans.calls * evidence.count("garbage_collection"))
        if seen < LEAST_COLLECTIONS:
            calls = plural(evidence.spans.calls, "call")
            return NotFound(f"garbage was collected {plural(seen, 'time')} in {calls}")
    ns = float(evidence.ns("garbage_collection"))
    return claim(
        evidence,
        {"garbage_collection": ns},
        "garbage collection is",
        title="Python's garbage collector interrupts the call ({cost} ms a call)",
        lines=[
            time_line(evidence, "garbage_collection", ns),
            (
                f"the collector runs {number(evidence.count('garbage_collection'))} times a call and walks "
                "the objects of the whole process"
            ),
        ],
        least=COLLECTION_SHARE,
    )


RULE = Rule(
    id="garbage_collection",
    title="Python's garbage collector interrupts the call",
    meaning=(
        "The collector runs after enough objects are made, and walks those of the whole process. With "
        "millions of live objects, or thousands of reference cycles made on each call, it takes longer "
        "than the work."
    ),
    advice="call `gc.freeze()` once after start-up, so that the collector skips long-lived objects",
    recognised="Garbage collection, timed by gc.callbacks, takes at least COLLECTION_SHARE of the call, and "
    "LEAST_COLLECTIONS collections were seen.",
    example="table = load_a_million_rows()\nmodel.predict_on_batch(x)\n\n"
    "gc.collect(); gc.freeze()   # after start-up",
    sources=("https://docs.python.org/3/library/gc.html#gc.freeze",),
    needs=("phases",),
    uses=("spans",),
    judge=judge,
    thresholds=(COLLECTION_SHARE, LEAST_COLLECTIONS),
)
