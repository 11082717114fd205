"""A PyDataset has workers for batches that cost next to nothing."""

from __future__ import annotations

from ....model.workload import PyDatasetFacts
from ....number_words import milliseconds, percent
from ...given_numbers import whole
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE

#: The pool is started and stopped in these, which have no other work of that size.
_POOL = ("loop", "data_adapter", "teardown")


def judge(evidence: View) -> Answer:
    facts: PyDatasetFacts | None = evidence.workload("pydataset")
    if facts is None or whole(facts.workers, 1) < 2:
        return NotFound("the input is no PyDataset with workers")
    share, waiting = evidence.share(*_POOL), evidence.share("batch_fetching")
    if share < LEAST_SHARE or waiting > share:
        return NotFound(
            f"the pool of workers is {percent(share)} of the call, waiting for batches {percent(waiting)}"
        )
    claims = {phase: float(evidence.ns(phase)) for phase in _POOL}
    lines = [f"{phase}: {milliseconds(ns)} ms" for phase, ns in claims.items() if ns]
    lines.append(f"waiting for batches: {percent(waiting)} of the call")
    return Found(
        f"Starting and stopping {facts.workers} workers takes longer than their batches ({{cost}} ms a call)",
        claims,
        lines,
    )


RULE = Rule(
    id="needless_workers",
    title="A PyDataset has workers for batches that cost next to nothing",
    meaning=(
        "predict starts the workers of a PyDataset in each call and waits for them to end. For batches that "
        "are in memory already this takes longer than making them."
    ),
    recognised=(
        "The PyDataset has two workers or more; loop, data_adapter and teardown, in which they are started "
        "and stopped, have the least share of the call and more than waiting for batches."
    ),
    example="Batches(workers=8)       # __getitem__ returns slices of an array\n\nBatches(workers=1)",
    sources=(
        (
            "https://github.com/keras-team/keras/blob/master/keras/src/trainers/data_adapters/"
            "py_dataset_adapter.py"
        ),
    ),
    needs=("workload.pydataset", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("pydataset_workers", "input_stacked"),
)
