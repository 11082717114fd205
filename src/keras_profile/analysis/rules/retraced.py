"""Functions are traced again in warm calls."""

from __future__ import annotations

from typing import Any

from ...recorder.protocol.frameworks import MODEL_FUNCTIONS
from ...wording import milliseconds, number, percent
from . import thresholds
from .evidence_view import View
from .rule import Answer, Found, NotFound, Rule


def judge(evidence: View) -> Answer:
    spans = evidence.spans
    if not spans.other_traces_per_call:
        return NotFound("no function but those of the input pipeline is traced in a warm call")
    tracing = spans.other_tracing_share * evidence.total_ns
    # What a graph costs when it runs for the first time: it is optimised and instantiated.
    first_run = 0.0
    if evidence.has("native"):
        first_run = sum(
            one.self_ns
            for one in evidence.native
            if one.thread == "calling"
            and one.phase in ("execution", "dispatch")
            and one.event.startswith("EagerLocalExecute: __")
        )
    share = (tracing + first_run) / max(evidence.total_ns, 1)
    if share < thresholds.LEAST_SHARE:
        return NotFound(f"tracing functions again is {percent(share)} of the call")
    difference, where, lines = _difference(evidence)
    lines = [
        (
            f"{number(spans.other_traces_per_call)} graphs a call; {spans.calls_that_trace} of "
            f"{spans.calls} warm calls trace: {milliseconds(tracing)} ms a call"
        ),
        *lines,
    ]
    if first_run:
        lines.append(f"each new graph is optimised when it runs first: {milliseconds(first_run)} ms a call")
    return Found(
        f"A function is traced again in warm calls{difference} ({{cost}} ms a call)",
        {"function_tracing": tracing, "execution": first_run, "dispatch": float(evidence.ns("dispatch"))},
        lines,
        where=where,
        sure=f"{spans.calls_that_trace} of {spans.calls} warm calls trace",
    )


def _difference(evidence: View) -> tuple[str, str, list[str]]:
    """Why, in a few words; the user's line; and sentences with the arguments of two calls."""
    calls = evidence.workload("traced") if evidence.has("workload.traced") else []
    own = [[trace for trace in call if not trace["pipeline"]] for call in calls]
    own = [traces for traces in own if traces]
    if not own:
        return "", "", []
    last = own[-1][-1]
    where = last["where"] or ""
    name = last["function"]
    lines = [f"{name} is traced for ({', '.join(last['arguments'])})"]
    earlier = [trace for call in own[:-1] for trace in call if trace["function"] == name]
    if not earlier:
        return f": {name}", where, lines
    before = earlier[-1]["arguments"]
    lines.append(f"in the call before for ({', '.join(before)})")
    return f": {_words(name, before, last['arguments'])}", where, lines


def _words(name: str, before: list[str], now: list[str]) -> str:
    changed = [(one, other) for one, other in zip(before, now) if one != other]
    if not changed:
        # Where they are traced again for the same arguments, the model threw its function away.
        if name in MODEL_FUNCTIONS:
            return f"the model's own {name} is made anew, by compile() or a new model"
        return f"{name} is a new function each time"
    one, other = changed[0]
    kinds: list[Any] = [text.partition(" ")[0] for text in (one, other)]
    if "(" not in one:
        return f"{name} is given the Python value {other} after {one}"
    if kinds[0] != kinds[1]:
        return f"the dtype is {other} after {one}"
    return f"the shape is {other} after {one}"


RULE = Rule(
    id="retraced",
    title="Functions are traced again in warm calls",
    meaning=(
        "A tf.function runs its Python code once for each new signature, builds a graph and keeps it. "
        "Where every call brings another shape, another Python value or a new function, a graph is "
        "built in every call, which takes tens of milliseconds, and all graphs are kept in memory."
    ),
    recognised=(
        "Graphs are built in warm calls, those of the input pipeline not counted, and building them has "
        "at least the least share of the call. What differs is read from the signatures of a few warm "
        "calls that are not measured."
    ),
    example=(
        "for x in inputs:\n    tf.function(model)(x)            # a new function each time\n\n"
        "f = tf.function(model, reduce_retracing=True)\nfor x in inputs:\n    f(x)"
    ),
    sources=(
        "https://www.tensorflow.org/guide/function#rules_of_tracing",
        "https://github.com/tensorflow/tensorflow/issues/34025",
        "https://github.com/tensorflow/tensorflow/issues/33434",
    ),
    needs=("spans", "phases"),
    uses=("native", "workload.traced"),
    judge=judge,
    thresholds=("LEAST_SHARE",),
    residual=True,
    recipes=("function_reduce_retracing", "function_fixed_signature", "function_open_batch", "padded_shapes"),
)
