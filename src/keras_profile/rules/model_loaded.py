"""A model is loaded in every call."""
from __future__ import annotations

from ..wording import milliseconds, percent
from . import thresholds
from .rule import Answer, CannotTell, Found, NotFound, Rule
from .view import View

#: A new model is built op by op, its functions are traced, and its graphs run for the first time.
_CLAIMED = ("eager_execution", "unattributed", "state_reset", "function_building", "teardown", "execution")


def judge(evidence: View) -> Answer:
    loads = evidence.workload("loads")
    if loads is None:
        return CannotTell("a process without another profiler")
    if not loads:
        return NotFound("no model is loaded or copied in a warm call")
    first = loads[0]
    claims = {phase: float(evidence.ns(phase)) for phase in _CLAIMED}
    claims["function_tracing"] = evidence.spans.other_tracing_share * evidence.total_ns
    share = sum(claims.values()) / max(evidence.total_ns, 1)
    if share < thresholds.LEAST_SHARE:
        return NotFound(f"making and tracing models is {percent(share)} of the call")
    lines = [f"{first['function']} was called {len(loads)} times in a warm call"]
    lines += [f"{phase}: {milliseconds(ns)} ms, {percent(ns / evidence.total_ns)} of the call"
              for phase, ns in sorted(claims.items(), key=lambda item: -item[1])[:4]
              if ns > 0.01 * evidence.total_ns]
    return Found(
        f"{first['function']} runs in every call: a new model is made, traced and thrown away "
        "({cost} ms a call)", claims, lines, where=first["where"] or "")


RULE = Rule(
    id="model_loaded",
    title="A model is loaded in every call",
    meaning=(
        "Loading or copying a model builds all its layers, and what Keras had traced for it before is "
        "lost: the next call traces and optimises all graphs again."),
    recognised=(
        "load_model or a function like it is called in a warm call, and what a new model costs (building, "
        "tracing, the first run of its graphs) has at least the least share of the call."),
    example=(
        "def handle(request):\n    model = keras.models.load_model('net.keras')   # in every request\n"
        "    return model.predict(request.rows)"),
    sources=(
        "https://github.com/eto-ai/rikai/issues/365",
        "https://github.com/tensorflow/tensorflow/issues/43501"),
    needs=("workload.loads", "spans", "phases"),
    judge=judge,
    thresholds=("LEAST_SHARE",),
)
