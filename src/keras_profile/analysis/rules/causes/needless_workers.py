"""A PyDataset uses workers for batches that cost next to nothing."""

from __future__ import annotations

from ....model.workload import PyDatasetFacts
from ....number_words import milliseconds, percent
from ...given_numbers import whole
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.thresholds import LEAST_SHARE

#: The pool starts and stops in these phases; nothing else in them takes that long.
_POOL = ("loop", "data_adapter", "teardown")


def judge(evidence: View) -> Answer:
    facts: PyDatasetFacts | None = evidence.workload("pydataset")
    if facts is None or whole(facts.workers, 1) < 2:
        return NotFound("the input is not a PyDataset with two or more workers")
    share, waiting = evidence.share(*_POOL), evidence.share("batch_fetching")
    if share < LEAST_SHARE or waiting > share:
        return NotFound(
            f"the worker pool is {percent(share)} of the call, waiting for batches is {percent(waiting)}"
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
    title="A PyDataset uses workers for batches that cost next to nothing",
    meaning=(
        "On every call, predict starts the workers of a PyDataset and waits for them to end. If the batches "
        "are already in memory, this takes longer than making them."
    ),
    advice="give the PyDataset one worker, or pass the arrays themselves",
    recognised=(
        "The PyDataset has two or more workers. The phases in which they start and stop (loop, data_adapter, "
        "teardown) take at least LEAST_SHARE of the call, and more than waiting for batches."
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
