"""A line of the program runs the model in a loop, a few rows at a time."""

from __future__ import annotations

from ....model.file_names import file_name
from ....model.workload import CallSite, DataFlow, Layer
from ....number_words import milliseconds, number, percent
from ....recorder.protocol import ENTRY_POINT_OF
from ..evidence_view import View, missing_text
from ..rule import Addition, Answer, CannotTell, Found, NotFound, Rule, Threshold
from ..shared.claiming import phase_lines
from ..shared.eager_ops import is_eager_unknown
from ..shared.fixed_costs import NEEDS, USES, fixed_claims, with_rows
from ..shared.new_models import get_the_same_input, new_models
from ..shared.thresholds import CALLS_PER_MODEL, LEAST_SHARE, MANY_CALLS

#: Recipes that help every entry point, and those for entry points that have a cheaper one.
_OF_ANY = ("function_open_batch",)
_CHEAPER = {"predict": ("predict_on_batch", *_OF_ANY)}
#: The recipe that merges many calls into one, and the entry points that it works for.
_TOGETHER, _OF = ("one_predict_for_many_calls",), ("predict", "predict_on_batch")
#: Entry points without a cheaper one: if their calls cannot be merged, nothing is to be gained.
_CHEAPEST = ("function", "signature")
CHEAPEST_SHARE = Threshold(
    "CHEAPEST_SHARE",
    0.25,
    "share of a function's or a signature's call that its fixed cost takes at least: merging the calls is "
    "all that helps there, and gains no more than this",
)


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites:
        return CannotTell(missing_text("workload.call_sites"))
    site = max(sites, key=lambda site: site.longest_run)
    run = site.longest_run
    if run < MANY_CALLS:
        return NotFound(f"the line makes at most {number(run)} call{'' if run == 1 else 's'} in a row")
    # One call remains, and keeps its fixed cost.
    claims = fixed_claims(evidence, run)
    cost = sum(claims.values())
    share = evidence.of_call(cost)
    if share < (CHEAPEST_SHARE if site.entry in _CHEAPEST else LEAST_SHARE):
        if is_eager_unknown(evidence):
            return CannotTell(missing_text("native"))
        return NotFound(f"fixed cost is {percent(share)} of a call")
    obstacle = _obstacle(evidence)
    if obstacle and site.entry in _CHEAPEST:
        return NotFound(f"{number(run)} calls in a row that cannot be merged: {obstacle}")
    place = f"{site.file}:{site.line}"
    at, rows = file_name(place), with_rows(site.rows, site.row_range or None)
    clause, sentence = _together(evidence, site, obstacle)
    lines = [
        f"{number(run)} calls in a row{rows}, {milliseconds(evidence.total_ns)} ms each",
        f"{milliseconds(cost)} ms of each is fixed cost; {sentence}",
    ]
    if site.source:
        lines.append(f"the line: {site.source}")
    if site.through:
        lines.append(f"it calls Keras through {site.through.file}:{site.through.line}")
    name = ENTRY_POINT_OF[site.entry].short if site.entry in ENTRY_POINT_OF else site.entry
    arrays = all(one.kind in ("array", "tensor") for one in evidence.workload("inputs"))
    can_be_one = site.entry in _OF and arrays and not obstacle and _models(site) == 1
    return Found(
        f"`{name}` is called {number(site.calls)} times{rows} at {at}; {percent(share)} of each call is "
        "fixed cost ({cost} ms a call)",
        claims,
        lines + phase_lines(evidence, claims, most=4),
        where=f"{place}, in {site.function}" if site.function else place,
        sure=f"counted: {number(site.calls)} calls, {number(run)} of them in a row",
        recipes=(*(_TOGETHER if can_be_one else ()), *_CHEAPER.get(site.entry, _OF_ANY)),
        addition=Addition(f"{number(run)} calls in a row at {at} {clause}", lines),
        advice=_cheaper(site.entry) if obstacle else _ALONE if site.entry in _CHEAPEST else "",
    )


#: What helps if the entry point is the cheapest there is.
_ALONE = "if the inputs are known before the loop, collect them and call once; nothing else is cheaper"


def _obstacle(evidence: View) -> str:
    """Why the calls cannot be merged into one; empty if nothing prevents it."""
    layers: list[Layer] = evidence.workload("layers")
    keeping = [layer.layer for layer in layers if layer.stateful is True]
    if keeping:
        return f"the model keeps state between calls ({keeping[0]} is stateful)"
    flow = _flow(evidence)
    if flow is not None and flow.is_chained:
        return (
            f"each takes the output of the one before ({flow.from_outputs} of the {flow.calls} inputs "
            "checked come from the previous output)"
        )
    return ""


def _together(evidence: View, site: CallSite, obstacle: str) -> tuple[str, str]:
    """Whether the calls could be merged: a clause for a title, and a sentence."""
    if obstacle:
        return "cannot be merged", f"the calls cannot be merged into one: {obstacle}"
    models = _models(site)
    if models > 1:
        same = get_the_same_input(_flow(evidence))
        if new_models(evidence) is not None and not same:
            return "each get a new model", "each call gets a new model: if it is the same each time, keep it"
        given = "since all get the same input" if same else "if all get the same input"
        return f"run {models} different models", (
            f"they run {models} different models, one call each; one merged model, "
            f"keras.Model(x, [model(x) for model in models]), gives all outputs in one call {given}"
        )
    return "could be merged if their inputs are known in advance", (
        "if the inputs are known before the loop, one call of all rows pays it once"
    )


def _cheaper(entry: str) -> str:
    """What to do with calls that cannot be merged."""
    cheaper = "`predict_on_batch` or a `tf.function`" if entry in _CHEAPER else "a `tf.function`"
    return (
        f"use {cheaper}, which has less fixed cost: the calls cannot be merged. If shapes vary, leave them "
        "open in the function's `input_signature`"
    )


def _models(site: CallSite) -> int:
    """How many models the calls run."""
    return site.models_in_run or 1


def _flow(evidence: View) -> DataFlow | None:
    return evidence.workload("data_flow") if evidence.has("workload.data_flow") else None


RULE = Rule(
    id="calls_in_a_loop",
    title="A line of your program runs the model in a loop",
    meaning=(
        "Each predict, predict_on_batch or model(x) has a fixed cost that does not depend on its rows. A "
        "loop over rows, frames, requests or states pays it on each turn. If all inputs are known before the "
        "loop, one call of all rows pays it once. If each depends on the output before, the model keeps "
        "state, or each turn runs another model, use an entry point with less fixed cost. If another cause "
        "explains most of the fixed cost, its finding says how many calls are made in a row."
    ),
    advice=(
        "collect the inputs and call once; if each depends on the output before, use `predict_on_batch` "
        "or a `tf.function`"
    ),
    recognised=(
        "In the recording of a whole program, one line makes many calls in a row on one thread, without "
        "another line's call or a long pause between them, and the phases of fixed cost take at least "
        "LEAST_SHARE of a call, or CHEAPEST_SHARE of a function's or a signature's. Some of the first calls "
        "are checked for inputs made from the output before: by memory, by values, or for whole numbers by "
        "the positions of the largest."
    ),
    example=(
        "for state in states:\n    act(model.predict(state[None]))\n\n"
        "for state, q in zip(states, model.predict_on_batch(np.stack(states))):\n    act(q)"
    ),
    sources=(
        "https://keras.io/api/models/model_training_apis/#predict-method",
        "https://github.com/keon/deep-q-learning/pull/38",
    ),
    needs=("workload.call_sites", "workload.layers", *NEEDS),
    uses=("workload.data_flow", "workload.models", *USES),
    judge=judge,
    thresholds=(MANY_CALLS, LEAST_SHARE, CHEAPEST_SHARE, CALLS_PER_MODEL),
    recipes=(*_TOGETHER, *_CHEAPER["predict"]),
    multiplies=True,
)
