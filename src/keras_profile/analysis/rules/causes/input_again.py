"""A part of the input is the same in each call, and the model computes it again."""

from __future__ import annotations

from ....model.workload import DataFlow
from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold
from ..shared.claiming import claim, time_line
from ..shared.thresholds import COMPARED_CALLS, LEAST_SHARE

SAME_PART = Threshold("SAME_PART", 0.30, "share of the input's bytes that stays: less saves little")

_SURE = "by the values of some inputs; which layers depend on them alone is not known"


def judge(evidence: View) -> Answer:
    flow: DataFlow = evidence.workload("data_flow")
    if flow.calls < COMPARED_CALLS:
        return NotFound(f"only {number(flow.calls)} calls were compared with the one before")
    if flow.same_part < SAME_PART <= flow.staying_part:
        # Between inputs of different shapes, bytes say nothing about the work.
        return Found(
            f"{percent(flow.staying_part)} of the input is the same in each call: what the model computes "
            "from that alone is computed again for each output",
            {},
            [
                f"by bytes, in {number(flow.calls)} calls that were compared with the one before",
                "the other input is made of the output of the call before",
            ],
            sure=_SURE,
        )
    if flow.same_part < SAME_PART:
        return NotFound("no input stays from call to call beside one that changes")
    share = percent(flow.same_part)
    return claim(
        evidence,
        {"execution": flow.same_part * evidence.ns("execution")},
        "computing it is",
        title=(
            f"{share} of the input is the same in each call: what the model computes from that alone is "
            "computed again (up to {cost} ms a call)"
        ),
        lines=[
            f"by bytes, in {number(flow.calls)} calls that were compared with the one before",
            time_line(evidence, "execution", evidence.ns("execution")),
        ],
        sure=_SURE,
    )


RULE = Rule(
    id="input_again",
    title="The model computes the same input again",
    meaning=(
        "A model with two inputs gets one of them unchanged in each call: the gallery that each query is "
        "compared with, or the text that is translated word by word. Layers that depend on that input alone "
        "compute the same again."
    ),
    advice=(
        "split the model: compute what depends only on the unchanged input once, such as the encoder's part, "
        "keep the result, and give that to each call"
    ),
    recognised=(
        "Arrays with at least SAME_PART of the input's bytes stay in all of the first calls, at least "
        "COMPARED_CALLS, beside one that changes in all of them: one of the same shape, or any if calls take "
        "the output of the one before. Large arrays are compared by some of their values. For inputs of one "
        "shape the cost is that share of running the model, at most; for others it is not known."
    ),
    example=(
        "for query in queries:\n    siamese.predict([repeat(query), gallery])\n\n"
        "known = encoder.predict(gallery)            # once\n"
        "for query in queries:\n    cosine(encoder.predict_on_batch(query[None]), known)"
    ),
    sources=("https://keras.io/guides/functional_api/#extract-and-reuse-nodes-in-the-graph-of-layers",),
    needs=("workload.data_flow", "phases"),
    judge=judge,
    thresholds=(SAME_PART, COMPARED_CALLS, LEAST_SHARE),
)
