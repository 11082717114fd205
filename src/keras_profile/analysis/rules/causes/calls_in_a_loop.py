"""A line of the program runs the model in a loop, a few rows at a time."""

from __future__ import annotations

import os

from ....model.workload import CallSite
from ....number_words import milliseconds, number, percent
from ....recorder.protocol import ENTRY_POINT_OF
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, Found, NotFound, Rule
from ..shared.claiming import phase_lines
from ..shared.fixed_costs import fixed_claims, with_rows
from ..shared.thresholds import LEAST_SHARE, MANY_CALLS

#: What helps any way of calling, and what helps those that are slower than another, by entry point.
_OF_ANY = ("function_open_batch",)
_RECIPES = {
    "predict": ("one_predict_for_many_calls", "predict_on_batch", *_OF_ANY),
    "predict_on_batch": ("one_predict_for_many_calls", *_OF_ANY),
}


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites:
        return CannotTell(missing_text("workload.call_sites"))
    site = max(sites, key=lambda site: site.longest_run)
    run, count = site.longest_run, site.calls
    if run < MANY_CALLS:
        return NotFound(f"at most {number(run)} call{'' if run == 1 else 's'} of the line follow each other")
    # Of many calls one is left, which has its fixed cost still.
    claims = fixed_claims(evidence, run)
    cost = sum(claims.values())
    share = evidence.of_call(cost)
    if share < LEAST_SHARE:
        return NotFound(f"what a call costs beside the model is {percent(share)} of it")
    entry, rows = site.entry, with_rows(site.rows)
    place = f"{site.file}:{site.line}"
    lines = [
        f"{number(run)} calls follow each other{rows}, {milliseconds(evidence.total_ns)} ms each",
        f"{milliseconds(cost)} ms of each is fixed cost, which one call of all rows has once",
    ]
    if site.source:
        lines.append(f"the line: {site.source}")
    if site.through:
        lines.append(f"Keras is called for it by {site.through.file}:{site.through.line}")
    name = ENTRY_POINT_OF[entry].short if entry in ENTRY_POINT_OF else entry
    return Found(
        f"`{name}` is called {number(count)} times{rows} at "
        f"{os.path.basename(place)}; {percent(share)} of each call is fixed cost ({{cost}} ms a call)",
        claims,
        lines + phase_lines(evidence, claims, most=4),
        where=f"{place}, in {site.function}" if site.function else place,
        sure=f"counted: {number(count)} calls, {number(run)} of them in a row",
        recipes=_RECIPES.get(entry, _OF_ANY),
    )


RULE = Rule(
    id="calls_in_a_loop",
    title="A line of your program runs the model in a loop",
    meaning=(
        "Each predict, predict_on_batch or model(x) has a fixed cost that does not depend on its rows. A "
        "loop over rows, frames, requests or states pays it in each turn. Where the inputs of the turns are "
        "known together, one call of all rows pays it once; where each depends on the one before, a way of "
        "calling with less fixed cost helps."
    ),
    recognised=(
        "In the recording of a whole program, calls of one line follow each other on one thread without "
        "another line's call or a long pause between, and the phases of fixed cost have at least the least "
        "share of a call."
    ),
    example=(
        "for state in states:\n    act(model.predict(state[None]))\n\n"
        "for state, q in zip(states, model.predict_on_batch(np.stack(states))):\n    act(q)"
    ),
    sources=(
        "https://keras.io/api/models/model_training_apis/#predict-method",
        "https://github.com/keon/deep-q-learning/pull/38",
    ),
    needs=("workload.call_sites", "workload.inputs", "spans", "phases"),
    uses=("layers",),
    judge=judge,
    thresholds=(MANY_CALLS, LEAST_SHARE),
    recipes=_RECIPES["predict"],
)
