"""predict draws a progress bar."""

from __future__ import annotations

from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared.claiming import claim

BAR_SHARE = Threshold(
    "BAR_SHARE",
    0.05,
    "minimum share of the call for the progress bar: turning it off does not change the result, so half of "
    "the usual share is worth reporting",
)


def judge(evidence: View) -> Answer:
    if not evidence.workload("verbose"):
        return NotFound("predict is called with verbose=0")
    ns = float(evidence.ns("progress_bar"))
    return claim(
        evidence,
        {"progress_bar": ns},
        "the progress bar is",
        title="predict draws a progress bar ({cost} ms a call)",
        lines=[
            (
                f"progress_bar: {milliseconds(ns)} ms, entered {evidence.count('progress_bar'):.0f} times a "
                f"call, {percent(evidence.of_call(ns))} of it"
            )
        ],
        least=BAR_SHARE,
    )


RULE = Rule(
    id="progress_bar",
    title="predict draws a progress bar",
    meaning="predict writes a line to the terminal for each batch unless it is called with verbose=0.",
    advice="pass `verbose=0`",
    recognised=(
        "predict is called without verbose=0, and the phase progress_bar takes at least BAR_SHARE of the "
        "call."
    ),
    example="model.predict(x)                 # verbose='auto'\n\nmodel.predict(x, verbose=0)",
    sources=("https://github.com/keras-team/keras/issues/4880",),
    needs=("workload.verbose", "phases"),
    judge=judge,
    thresholds=(BAR_SHARE,),
    recipes=("progress_bar_off", "predict_on_batch"),
)
