"""The call waits for the batches of a PyDataset."""

from __future__ import annotations

from ....model.workload import PyDatasetFacts
from ....number_words import milliseconds
from ...given_numbers import whole
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.busiest_lines import advice_about, busiest_lines, in_title, line_texts, place_of
from ..shared.claiming import claim, time_line
from ..shared.thresholds import WAITING_SHARE
from ..shared.waiting import waiting_claims

_ADVICE = "give the PyDataset more `workers`, or prepare the inputs as arrays before the call"


def judge(evidence: View) -> Answer:
    facts: PyDatasetFacts | None = evidence.workload("pydataset")
    if facts is None:
        return NotFound("the input is not a PyDataset")
    claims = waiting_claims(evidence)
    if isinstance(claims, CannotTell):
        return claims
    waiting = sum(claims.values())
    batches, workers = whole(facts.batches, 1), facts.workers
    lines = busiest_lines(evidence)
    said = "the workers given to predict" if workers is None else f"workers={workers}"
    return claim(
        evidence,
        claims,
        "waiting for batches is",
        title=(
            f"The call waits for the batches of a PyDataset with {said}{in_title(evidence, lines)} "
            "({cost} ms a call)"
        ),
        lines=[
            (
                f"{time_line(evidence, 'waiting for batches', waiting)}, "
                f"{milliseconds(waiting / batches)} ms for each of {batches} batches"
            ),
            *line_texts(evidence, lines),
        ],
        least=WAITING_SHARE,
        where=place_of(lines),
        advice=advice_about(evidence, lines, _ADVICE),
    )


RULE = Rule(
    id="slow_pydataset",
    title="The call waits for the batches of a PyDataset",
    meaning=(
        "With one worker, __getitem__ runs between the batches. If it takes longer than the model, the model "
        "waits for most of the call."
    ),
    advice=_ADVICE,
    recognised=(
        "The input is a PyDataset or Sequence, and waiting for its batches takes at least WAITING_SHARE of "
        "the call."
    ),
    example="Batches(workers=1)       # __getitem__ reads files\n\nBatches(workers=4)",
    sources=("https://github.com/keras-team/keras/issues/2730",),
    needs=("workload.pydataset", "phases"),
    uses=("native", "layers", "workload.input_lines"),
    judge=judge,
    thresholds=(WAITING_SHARE,),
    recipes=("pydataset_workers", "input_stacked"),
)
