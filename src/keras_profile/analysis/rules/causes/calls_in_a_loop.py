"""A line of the program runs the model in a loop, a few rows at a time."""

from __future__ import annotations

from ....model.file_names import file_name
from ....model.workload import CallSite, DataFlow, Layer
from ....number_words import milliseconds, number, percent
from ....recorder.protocol import ENTRY_POINT_OF
from ..evidence_view import View, missing_text
from ..rule import Addition, Answer, CannotTell, Found, NotFound, Rule
from ..shared.claiming import phase_lines
from ..shared.eager_ops import is_eager_unknown
from ..shared.fixed_costs import NEEDS, USES, fixed_claims, with_rows
from ..shared.thresholds import LEAST_SHARE, MANY_CALLS

#: What helps any way of calling, and what helps those that are slower than another, by entry point.
_OF_ANY = ("function_open_batch",)
_CHEAPER = {"predict": ("predict_on_batch", *_OF_ANY)}
#: What makes one call of many, and of calls of what.
_TOGETHER, _OF = ("one_predict_for_many_calls",), ("predict", "predict_on_batch")
#: Entry points that nothing calls for less: where their calls cannot be one, nothing is to be gained.
_CHEAPEST = ("function", "signature")


def judge(evidence: View) -> Answer:
    sites: list[CallSite] = evidence.workload("call_sites")
    if not sites:
        return CannotTell(missing_text("workload.call_sites"))
    site = max(sites, key=lambda site: site.longest_run)
    run = site.longest_run
    if run < MANY_CALLS:
        return NotFound(f"at most {number(run)} call{'' if run == 1 else 's'} of the line follow each other")
    # Of many calls one is left, which has its fixed cost still.
    claims = fixed_claims(evidence, run)
    cost = sum(claims.values())
    share = evidence.of_call(cost)
    if share < LEAST_SHARE:
        if is_eager_unknown(evidence):
            return CannotTell(missing_text("native"))
        return NotFound(f"what a call costs beside the model is {percent(share)} of it")
    obstacle = _obstacle(evidence)
    if obstacle and site.entry in _CHEAPEST:
        return NotFound(f"{number(run)} calls follow each other, and cannot be one: {obstacle}")
    place = f"{site.file}:{site.line}"
    at, rows = file_name(place), with_rows(site.rows, site.row_range or None)
    clause, sentence = _together(evidence, site, obstacle)
    lines = [
        f"{number(run)} calls follow each other{rows}, {milliseconds(evidence.total_ns)} ms each",
        f"{milliseconds(cost)} ms of each is fixed cost; {sentence}",
    ]
    if site.source:
        lines.append(f"the line: {site.source}")
    if site.through:
        lines.append(f"Keras is called for it by {site.through.file}:{site.through.line}")
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
    )


def _obstacle(evidence: View) -> str:
    """Why the calls cannot be one of all rows, empty where nothing says so."""
    layers: list[Layer] = evidence.workload("layers")
    keeping = [layer.layer for layer in layers if layer.stateful is True]
    if keeping:
        return f"the model keeps its state from call to call ({keeping[0]} is stateful)"
    flow = _flow(evidence)
    if flow is not None and flow.from_outputs * 2 > flow.calls:
        return (
            f"each is given what the one before gave ({flow.from_outputs} of the {flow.calls} inputs that "
            "were looked at are made of the output before)"
        )
    return ""


def _together(evidence: View, site: CallSite, obstacle: str) -> tuple[str, str]:
    """Whether the calls could be one: in a few words for a title, and in a sentence."""
    if obstacle:
        return "cannot be one", f"the calls cannot be one of all rows: {obstacle}"
    models = _models(site)
    if models > 1:
        flow = _flow(evidence)
        known = flow is not None and flow.calls and flow.same_input * 2 > flow.calls
        given = "since all are given the same input" if known else "where all are given the same input"
        return f"are of {models} different models", (
            f"they are of {models} different models, each of which has a call of its own; one merged model, "
            f"keras.Model(x, [model(x) for model in models]), gives all their outputs in one call {given}"
        )
    return "could be one if their inputs are known in advance", (
        "if the inputs are known before the loop, one call of all rows has that once"
    )


def _models(site: CallSite) -> int:
    """Of how many models the calls are."""
    return site.models_in_run or 1


def _flow(evidence: View) -> DataFlow | None:
    return evidence.workload("data_flow") if evidence.has("workload.data_flow") else None


RULE = Rule(
    id="calls_in_a_loop",
    title="A line of your program runs the model in a loop",
    meaning=(
        "Each predict, predict_on_batch or model(x) has a fixed cost that does not depend on its rows. A "
        "loop over rows, frames, requests or states pays it in each turn. Where the inputs of the turns are "
        "known together, one call of all rows pays it once; where each depends on the one before, where the "
        "model keeps state, or where each turn has another model, a way of calling with less fixed cost "
        "helps. What makes a call expensive is another cause: where that has most of the fixed cost, its "
        "finding says how many calls follow each other."
    ),
    recognised=(
        "In the recording of a whole program, calls of one line follow each other on one thread without "
        "another line's call or a long pause between, and the phases of fixed cost have at least the least "
        "share of a call. Whether an input is made of the output before is looked at in some of the first "
        "calls: by its memory, its values, or for whole numbers the places of the largest."
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
    uses=("workload.data_flow", *USES),
    judge=judge,
    thresholds=(MANY_CALLS, LEAST_SHARE),
    recipes=(*_TOGETHER, *_CHEAPER["predict"]),
    multiplies=True,
)
