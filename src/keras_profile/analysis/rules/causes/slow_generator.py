"""The call waits for a Python generator."""

from __future__ import annotations

from ....number_words import milliseconds, number
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.batches import batches
from ..shared.busiest_lines import advice_about, busiest_lines, in_title, line_texts, place_of
from ..shared.claiming import claim, time_line
from ..shared.dataset_steps import BATCHING, map_steps, steps
from ..shared.thresholds import WAITING_SHARE
from ..shared.waiting import waiting_claims

_ADVICE = "make the batches in a tf.data pipeline with parallel maps, or prepare them before the call"


def judge(evidence: View) -> Answer:
    given = any(one.kind == "generator" for one in evidence.workload("inputs"))
    in_dataset = any(step.generator for step in map_steps(evidence))
    if not given and not in_dataset:
        return NotFound("the input is neither a Python generator nor a dataset from one")
    if in_dataset and any(step.kind in BATCHING for step in steps(evidence)):
        return NotFound("the generator yields single rows")
    waiting = waiting_claims(evidence)
    if isinstance(waiting, CannotTell):
        return waiting
    # The first batch of a generator is fetched before there is a pipeline.
    claims = {**waiting, "data_adapter": float(evidence.ns("data_adapter"))} if given else waiting
    ns = sum(claims.values())
    count = max(batches(evidence), 1.0)
    lines = busiest_lines(evidence)
    return claim(
        evidence,
        claims,
        "waiting for batches is",
        title=(
            f"The call waits for the Python generator that makes its batches{in_title(evidence, lines)} "
            "({cost} ms a call)"
        ),
        lines=[
            (
                f"{time_line(evidence, 'waiting for batches', ns)}, {milliseconds(ns / count)} ms for each "
                f"of {number(count)}"
            ),
            *line_texts(evidence, lines),
        ],
        least=WAITING_SHARE,
        where=place_of(lines),
        advice=advice_about(evidence, lines, _ADVICE),
    )


RULE = Rule(
    id="slow_generator",
    title="The call waits for a Python generator",
    meaning=(
        "A generator makes one batch after the other, in Python and on one thread. If that takes longer than "
        "the model, the call is as slow as the generator."
    ),
    advice=_ADVICE,
    recognised=(
        "The input is a generator of batches, or a dataset from one, and waiting for them takes at least "
        "WAITING_SHARE of the call. The lines are those where a thread that makes batches was seen most "
        "often."
    ),
    example=(
        "def batches():\n    for path in paths:\n        yield decode(path)           # reported\n\n"
        "model.predict(batches())"
    ),
    sources=(
        "https://www.tensorflow.org/guide/data_performance",
        "https://github.com/tensorflow/tensorflow/issues/24520",
    ),
    needs=("workload.inputs", "workload.dataset", "phases"),
    uses=("native", "layers", "workload.input_lines"),
    judge=judge,
    thresholds=(WAITING_SHARE,),
    recipes=("input_stacked", "dataset_prefetched", "dataset_cached"),
)
