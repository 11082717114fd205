"""A call of the user's runs the model many times, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...recorder.protocol import ENTRY_POINT_OF
from ...wording import milliseconds, number, percent
from . import thresholds
from .batches import PER_BATCH, batches
from .evidence_view import View
from .pipeline_rebuilt import PIPELINE
from .rule import Answer, CannotTell, Found, NotFound, Rule

_FIXED = tuple(
    dict.fromkeys(
        (*PIPELINE, *PER_BATCH, "entry", "function_building", "progress_bar", "state_reset", "batch_fetching")
    )
)


def judge(evidence: View) -> Answer:
    inner = evidence.workload("inner_calls")
    if inner is None:
        of_program = evidence.has("workload.call_sites") and evidence.workload("call_sites")
        return CannotTell(
            "a recording of the model by itself, in which a call is watched from within"
            if of_program
            else "a process without another profiler"
        )
    most: Mapping[str, Any] = max(inner, key=lambda one: int(one["count"]), default={"count": 0})
    count = int(most["count"])
    if count < thresholds.MANY_CALLS:
        return NotFound(f"a call runs the model {'once' if count == 1 else f'{number(count)} times'}")
    claims = fixed_claims(evidence, 1.0 - 1.0 / count)
    cost = sum(claims.values())
    if cost < thresholds.LEAST_SHARE * evidence.total_ns:
        return NotFound(
            f"what {number(count)} calls cost beside the model is "
            f"{percent(cost / max(evidence.total_ns, 1))} of the call"
        )
    name, of_rows = _name(str(most["function"])), with_rows(most["rows"])
    where = most["where"] or ""
    lines = [
        (
            f"{name} is called {number(count)} times{of_rows} in one call, "
            f"{milliseconds(evidence.total_ns / count)} ms each"
        ),
        f"{milliseconds(cost / count)} ms of each is fixed cost, which one call of all rows has once",
    ]
    lines += [
        f"{phase}: {milliseconds(ns)} ms, {percent(ns / evidence.total_ns)} of the call"
        for phase, ns in sorted(claims.items(), key=lambda item: -item[1])[:4]
        if ns > 0.01 * evidence.total_ns
    ]
    return Found(
        f"{name} is called {number(count)} times{of_rows}{f' at {where}' if where else ''}: "
        f"{percent(cost / evidence.total_ns)} of the call is their fixed cost ({{cost}} ms a call)",
        claims,
        lines,
        where=where,
        sure=f"counted: {number(count)} calls from one line in a call that was not measured",
    )


def fixed_claims(evidence: View, kept: float) -> dict[str, float]:
    """What one call in place of many would not have; of tracing that of the pipelines alone."""
    claims = {phase: evidence.ns(phase) * kept for phase in _FIXED}
    claims["function_tracing"] = evidence.spans.pipeline_tracing_share * evidence.total_ns * kept
    # Op by op a model of few rows is Python between the ops.
    claims["eager_execution"] = evidence.ns("eager_execution") * kept
    if evidence.has("layers") and evidence.layers and batches(evidence):
        kernels = sum(layer.self_ns for layer in evidence.layers)
        claims["execution"] = max(evidence.ns("execution") - kernels, 0) * kept
    return claims


def with_rows(rows: int | None) -> str:
    """How many rows a call is given, in words that follow it; nothing where that is not known."""
    return "" if rows is None else f" with {rows} row{'' if rows == 1 else 's'}"


def _name(function: str) -> str:
    return ENTRY_POINT_OF["call"].short if function == "__call__" else function


RULE = Rule(
    id="many_calls",
    title="One call of yours runs the model many times",
    meaning=(
        "Each predict, predict_on_batch or model(x) has a fixed cost that does not depend on its rows. A "
        "loop over rows, frames, tokens or transitions pays it each time, whether the loop is yours or that "
        "of a library that wraps the model."
    ),
    recognised=(
        "In one warm call that is not measured, a method that runs a model is called from one line again and "
        "again, and the phases of fixed cost have at least the least share of the call."
    ),
    example=(
        "for state in states:\n    q.append(model.predict(state[None]))\n\n"
        "q = model.predict_on_batch(np.stack(states))"
    ),
    sources=(
        "https://github.com/keon/deep-q-learning/pull/38",
        "https://github.com/tensorflow/tensorflow/issues/40261",
    ),
    needs=("workload.inner_calls", "spans", "phases"),
    uses=("layers", "workload.call_sites"),
    judge=judge,
    thresholds=("MANY_CALLS", "LEAST_SHARE"),
    recipes=("one_predict_for_many_calls", "predict_on_batch", "function_open_batch"),
)
