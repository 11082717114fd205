"""Python's garbage collector interrupts the call."""

from __future__ import annotations

from ....number_words import number
from ..evidence_view import View
from ..rule import Answer, Rule, Threshold
from ..shared.claims import claim, time_line

COLLECTION_SHARE = Threshold(
    "COLLECTION_SHARE",
    0.20,
    "share of the call that garbage collection has at least: TensorFlow's own objects make up to 11 ms a "
    "call in some runs of predict, which is a fifth of it or less",
)


def judge(evidence: View) -> Answer:
    ns = float(evidence.ns("garbage_collection"))
    return claim(
        evidence,
        {"garbage_collection": ns},
        "garbage collection is",
        title="Python's garbage collector interrupts the call ({cost} ms a call)",
        lines=[
            time_line(evidence, "garbage_collection", ns),
            (
                f"the collector runs {number(evidence.count('garbage_collection'))} times a call: it walks "
                "the objects of the whole process"
            ),
        ],
        least=COLLECTION_SHARE,
    )


RULE = Rule(
    id="garbage_collection",
    title="Python's garbage collector interrupts the call",
    meaning=(
        "The collector runs when enough objects were made, and walks those of the whole process. With "
        "millions of objects alive, or thousands of reference cycles made in each call, it takes longer than "
        "the work. gc.freeze() after start-up takes what lives long out of it."
    ),
    recognised="The phase garbage_collection, timed by gc.callbacks, has its least share of the call.",
    example="table = load_a_million_rows()\nmodel.predict_on_batch(x)\n\n"
    "gc.collect(); gc.freeze()   # after start-up",
    sources=("https://docs.python.org/3/library/gc.html#gc.freeze",),
    needs=("phases",),
    judge=judge,
    thresholds=(COLLECTION_SHARE,),
)
