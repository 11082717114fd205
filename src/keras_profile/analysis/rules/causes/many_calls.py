"""One of the user's calls runs the model many times, row by row."""

from __future__ import annotations

from ....model.workload import InnerCall
from ....number_words import milliseconds, number, percent
from ....recorder.protocol import ENTRY_POINT_OF
from ..evidence_view import View, missing_text
from ..rule import Addition, Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim, phase_lines
from ..shared.eager_ops import is_eager_unknown
from ..shared.fixed_costs import NEEDS, USES, fixed_claims, with_rows
from ..shared.thresholds import LEAST_SHARE, MANY_CALLS


def judge(evidence: View) -> Answer:
    inner = evidence.workload("inner_calls")
    if inner is None:
        return CannotTell(_missing(evidence))
    most: InnerCall | None = max(inner, key=lambda calls: int(calls.count), default=None)
    count = 0 if most is None else most.count
    if most is None or count < MANY_CALLS:
        times = "once" if count == 1 else f"{number(count)} times"
        return NotFound(f"a call runs the model {times}")
    claims = fixed_claims(evidence, count)
    cost = sum(claims.values())
    if evidence.of_call(cost) < LEAST_SHARE and is_eager_unknown(evidence):
        return CannotTell(missing_text("native"))
    called = f"is called {number(count)} times{with_rows(most.rows)}"
    name, where = _name(most.function), most.where or ""
    at = f" at {where}" if where else ""
    return claim(
        evidence,
        claims,
        f"the fixed cost of {number(count)} calls is",
        title=(
            f"{name} {called}{at}: {percent(evidence.of_call(cost))} of the call is fixed cost "
            "({cost} ms a call)"
        ),
        lines=[
            f"{name} {called} in one call, {milliseconds(evidence.total_ns / count)} ms each",
            f"{milliseconds(cost / count)} ms of each is fixed cost, which one call with all rows pays once",
            *phase_lines(evidence, claims, most=4),
        ],
        addition=Addition(
            f"{name} {called}{at}",
            [f"{name} {called} in one call; if all inputs are known first, one call with all rows can do it"],
        ),
        where=where,
        sure=f"counted: {number(count)} calls from one line, in a call that was not measured",
    )


def _missing(evidence: View) -> str:
    """What is missing if the calls inside a call were not counted."""
    if evidence.has("workload.call_sites") and evidence.workload("call_sites"):
        return "a recording of the model alone, which looks inside its calls"
    return "a process without another profiler"


def _name(function: str) -> str:
    return ENTRY_POINT_OF["call"].short if function == "__call__" else function


RULE = Rule(
    id="many_calls",
    title="One of your calls runs the model many times",
    meaning=(
        "Each predict, predict_on_batch or model(x) has a fixed cost, whatever its number of rows. A loop "
        "over rows, frames, tokens or transitions pays it every time, whether the loop is yours or in a "
        "library that wraps the model."
    ),
    advice="call once with all rows, or use an entry point with less fixed cost, such as `predict_on_batch`",
    recognised=(
        "In a warm call that is not measured, one line calls a method that runs a model at least MANY_CALLS "
        "times. The phases of fixed cost take at least LEAST_SHARE of the call."
    ),
    example=(
        "for state in states:\n    q.append(model.predict(state[None]))\n\n"
        "q = model.predict_on_batch(np.stack(states))"
    ),
    sources=(
        "https://github.com/keon/deep-q-learning/pull/38",
        "https://github.com/tensorflow/tensorflow/issues/40261",
    ),
    needs=("workload.inner_calls", *NEEDS),
    uses=("workload.call_sites", *USES),
    judge=judge,
    thresholds=(MANY_CALLS, LEAST_SHARE),
    recipes=("one_predict_for_many_calls", "predict_on_batch", "function_open_batch"),
    multiplies=True,
)
