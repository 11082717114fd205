"""Warm-up takes more than the first call."""

from __future__ import annotations

from ....model.workload import TracedFunction
from ....number_words import milliseconds
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule, Threshold
from ..shared.new_models import new_models
from ..shared.thresholds import CALLS_PER_MODEL, MANY_CALLS

WARM_UP_CALLS = Threshold(
    "WARM_UP_CALLS",
    3,
    "slow calls in a row after the first: the second call of a healthy model may be slow, since some "
    "releases trace in it again",
)

WARM_UP_NS = Threshold(
    "WARM_UP_NS",
    100_000_000,
    "ns that these calls take beyond later ones: less hardly matters next to a first call, which takes 20 to "
    "800 million for healthy models",
)

TRACING_SHARE = Threshold(
    "TRACING_SHARE",
    0.50,
    "part of the calls that were watched that trace at least: then tracing is what these calls do",
)


def judge(evidence: View) -> Answer:
    warm_up = evidence.warm_up
    if warm_up.calls < WARM_UP_CALLS or warm_up.excess_ns < WARM_UP_NS:
        return NotFound("apart from the first, early calls take no longer than later ones")
    if new_models(evidence) is not None:
        return NotFound("each call gets a new model, so that each is a first call")
    each = warm_up.steady_ns + warm_up.excess_ns / warm_up.calls
    lines = [
        (
            f"{warm_up.calls} calls after the first two take {milliseconds(each)} ms each, later ones "
            f"{milliseconds(warm_up.steady_ns)} ms"
        ),
        f"{milliseconds(warm_up.excess_ns)} ms in all, which is not the model",
    ]
    calls: list[list[TracedFunction]]
    calls = evidence.workload("traced") if evidence.has("workload.traced") else []
    # The second call may trace again in a healthy model.
    later = calls[1:] or calls
    tracing = [traces[-1] for traces in later if traces and not traces[-1].pipeline]
    if len(tracing) < TRACING_SHARE * len(later):
        tracing = []
    where = ""
    if tracing:
        last = tracing[-1]
        lines.append(f"they trace {last.function} for ({', '.join(last.arguments)})")
        where = last.where or ""
    what = "trace a graph each" if tracing else "are warm-up"
    return Found(
        f"The first {warm_up.calls + 2} calls {what}, not only the first: {milliseconds(each)} ms instead of "
        f"{milliseconds(warm_up.steady_ns)} ms",
        {},
        lines,
        sure=f"from {warm_up.measured} calls, in the order they were made",
        where=where,
        once_ns=warm_up.excess_ns,
        advice=_OF_GRAPHS if tracing else "",
    )


#: What to do if each call traces.
_OF_GRAPHS = (
    "let one graph accept all shapes: an `input_signature` with `None`, or inputs padded to few sizes; call "
    "once with each size at start-up, and leave these calls out of measurements"
)

RULE = Rule(
    id="warm_up",
    title="Warm-up takes more than the first call",
    meaning=(
        "The first call of each signature traces and optimises a graph, and XLA compiles it. If inputs "
        "come in several shapes, each new one pays for that. A measurement over few calls counts it as "
        "the model, and the first users of a service wait for it."
    ),
    advice="call once with each shape at start-up, and leave these calls out of measurements",
    recognised=(
        "At least WARM_UP_CALLS calls in a row after the first ones take three times the median of the later "
        "half or more, and together at least WARM_UP_NS longer. The first call is not counted: it is always "
        "slow. Later calls pay nothing, so the finding has a cost once, and none a call."
    ),
    example=(
        "start = time.time()\nfor x in ten_inputs_of_ten_shapes:\n    f(x)               # ten traces\n\n"
        "for shape in shapes:\n    f(tf.zeros(shape))   # once, at start"
    ),
    sources=(
        "https://github.com/keras-team/keras/issues/8724",
        "https://github.com/fizyr/keras-retinanet/issues/537",
    ),
    needs=("warm_up",),
    uses=("workload.traced", "workload.models"),
    judge=judge,
    thresholds=(WARM_UP_CALLS, WARM_UP_NS, TRACING_SHARE, MANY_CALLS, CALLS_PER_MODEL),
    recipes=("function_reduce_retracing", "function_open_batch", "padded_shapes"),
)
