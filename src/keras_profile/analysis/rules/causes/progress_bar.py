"""The progress bar is drawn."""

from __future__ import annotations

from ....wording import milliseconds, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold

BAR_SHARE = Threshold(
    "BAR_SHARE",
    0.05,
    "share of the call that the progress bar has at least: it can be left out without any change to the "
    "result, so half of the usual share is worth to tell",
)


def judge(evidence: View) -> Answer:
    ns, share = evidence.ns("progress_bar"), evidence.share("progress_bar")
    if not evidence.workload("verbose"):
        return NotFound("predict is called with verbose=0")
    if share < BAR_SHARE:
        return NotFound(f"the progress bar is {percent(share)} of the call")
    return Found(
        "predict draws a progress bar ({cost} ms a call)",
        {"progress_bar": float(ns)},
        [
            (
                f"progress_bar: {milliseconds(ns)} ms, entered {evidence.count('progress_bar'):.0f} times a "
                f"call, {percent(share)} of it"
            )
        ],
    )


RULE = Rule(
    id="progress_bar",
    title="The progress bar is drawn",
    meaning="predict writes a line to the terminal for each batch unless it is called with verbose=0.",
    recognised="predict is not called with verbose=0, and the phase progress_bar has its least share.",
    example="model.predict(x)                 # verbose='auto'\n\nmodel.predict(x, verbose=0)",
    sources=("https://github.com/keras-team/keras/issues/4880",),
    needs=("workload.verbose", "phases"),
    judge=judge,
    thresholds=(BAR_SHARE,),
    recipes=("progress_bar_off", "predict_on_batch"),
)
