"""Functions are retraced in warm calls."""

from __future__ import annotations

from ....model.file_names import file_name
from ....model.workload import MadeModels, ModelObjects, TracedFunction
from ....number_words import milliseconds, number, percent
from ....recorder.protocol.frameworks import MODEL_FUNCTIONS
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.pipeline_traces import traces_for_pipelines_alone
from ..shared.thresholds import LEAST_SHARE
from ..shared.xla_compiling import xla_compiling

_IN_ONE_FUNCTION = "call the model in one `tf.function` that is made once, or with `predict_on_batch`"


def judge(evidence: View) -> Answer:
    spans = evidence.spans
    if not spans.other_traces_per_call or traces_for_pipelines_alone(evidence):
        return NotFound("warm calls trace no function but the input pipeline's")
    tracing, first_run = spans.other_tracing_share * evidence.total_ns, _first_run_ns(evidence)
    compiling, destroyed = _compiling_ns(evidence), _destroyed_ns(evidence)
    share = evidence.of_call(tracing + first_run + compiling + destroyed)
    if share < LEAST_SHARE:
        return NotFound(f"retracing is {percent(share)} of the call")
    difference, where, lines = _difference(evidence)
    lines.insert(
        0,
        f"{number(spans.other_traces_per_call)} graphs a call; {spans.calls_that_trace} of "
        f"{spans.calls} warm calls trace: {milliseconds(tracing)} ms a call",
    )
    if first_run:
        lines.append(f"each new graph is optimised when it first runs: {milliseconds(first_run)} ms a call")
    if compiling:
        lines.append(f"XLA compiles each new graph: {milliseconds(compiling)} ms a call")
        difference += "; XLA compiles each new graph"
    if destroyed:
        lines.append(f"the previous graph is destroyed: {milliseconds(destroyed)} ms a call")
    compiled = _compiled_by(evidence)
    if compiled is not None:
        difference = f": compile() at {_place(compiled)} discards the model's function"
        where = compiled.where
        lines.insert(
            0,
            f"{compiled.function} ran {number(compiled.count)} times at {compiled.where}, "
            f"{milliseconds(compiled.median_ns)} ms each, outside the calls",
        )
    return Found(
        f"A function is retraced in warm calls{difference} ({{cost}} ms a call)",
        {
            "function_tracing": tracing,
            "execution": first_run + compiling,
            "dispatch": float(evidence.ns("dispatch")),
            "teardown": destroyed,
        },
        lines,
        where=where,
        advice=_IN_ONE_FUNCTION if compiling and evidence.ns("eager_execution") else "",
        sure=f"{spans.calls_that_trace} of {spans.calls} warm calls trace",
    )


def _compiled_by(evidence: View) -> MadeModels | None:
    """What compiles the model of a program's line about once per call, outside the calls."""
    models: ModelObjects | None = evidence.workload("models") if evidence.has("workload.models") else None
    if models is None:
        return None
    often = [one for one in models.compiled_by or () if one.count * 2 > models.calls]
    return often[0] if often else None


def _place(made: MadeModels) -> str:
    """File and line of what makes models, in short."""
    return file_name(made.where.partition(",")[0])


def _first_run_ns(evidence: View) -> float:
    """What graphs cost in their first run: they are optimised and instantiated."""
    if not evidence.has("native"):
        return 0.0
    return sum(
        event.self_ns
        for event in evidence.native
        if event.thread == "calling"
        and event.phase in ("execution", "dispatch")
        and event.event.startswith("EagerLocalExecute: __")
    )


def _compiling_ns(evidence: View) -> float:
    """What XLA takes to compile new graphs, of functions that ask for it without the model's setting."""
    if evidence.has("workload.jit_compile") and evidence.workload("jit_compile"):
        return 0.0
    return sum(
        event.self_ns
        for event in xla_compiling(evidence)
        if event.thread == "calling" and event.phase == "execution"
    )


def _destroyed_ns(evidence: View) -> float:
    """The part of teardown that destroys replaced graphs, by their number of ops.

    The pipeline's own graphs are also destroyed, on every call.
    """
    calls: list[list[TracedFunction]]
    calls = evidence.workload("traced") if evidence.has("workload.traced") else []
    own = sum(trace.ops for call in calls for trace in call if not trace.pipeline)
    of_all = sum(trace.ops for call in calls for trace in call)
    made_again = min(evidence.spans.calls_that_trace / max(evidence.spans.calls, 1), 1.0)
    if _compiled_by(evidence) is not None:
        # It discarded the model's own graph, which is larger than it looks: it holds the variables.
        return made_again * evidence.ns("teardown")
    return made_again * evidence.ns("teardown") * own / of_all if of_all else 0.0


def _difference(evidence: View) -> tuple[str, str, list[str]]:
    """Why, in a few words; the user's line; and sentences with the arguments of two calls."""
    calls: list[list[TracedFunction]]
    calls = evidence.workload("traced") if evidence.has("workload.traced") else []
    own = [[trace for trace in call if not trace.pipeline] for call in calls]
    own = [traces for traces in own if traces]
    if not own:
        return "", "", []
    last = own[-1][-1]
    where = last.where or ""
    name = last.function
    lines = [f"{name} is traced for ({', '.join(last.arguments)})"]
    earlier = [trace for call in own[:-1] for trace in call if trace.function == name]
    if not earlier:
        return f": {name}", where, lines
    before = earlier[-1].arguments
    lines.append(f"the previous trace was for ({', '.join(before)})")
    return f": {_words(name, before, last.arguments)}", where, lines


def _words(name: str, before: list[str], now: list[str]) -> str:
    """What differs between the arguments of two traces of a function."""
    changed = [(old, new) for old, new in zip(before, now) if old != new]
    if not changed:
        # Traced again for the same arguments: the model discarded its function.
        if name in MODEL_FUNCTIONS:
            return f"the model's own {name} is recreated, by compile() or a new model"
        return f"{name} is a new function each time"
    old, new = changed[0]
    if "(" not in old:
        return f"{name} gets the Python value {new} after {old}"
    if old.partition(" ")[0] != new.partition(" ")[0]:
        return f"the dtype is {new} after {old}"
    return f"the shape is {new} after {old}"


RULE = Rule(
    id="retraced",
    title="Functions are retraced in warm calls",
    meaning=(
        "A tf.function runs its Python code once for each new signature, builds a graph and keeps it. If "
        "every call brings another shape, another Python value or a new function, every call builds a graph. "
        "That takes tens of milliseconds, and all graphs stay in memory. Keras 3 itself does this in a "
        "grouped convolution that is called outside of a graph: its function is new each time, and XLA "
        "compiles it."
    ),
    advice=(
        "call with one shape and type: pad the inputs, pass Python values as tensors, and make the "
        "`tf.function` once"
    ),
    recognised=(
        "Warm calls build graphs other than the input pipeline's, and building, compiling and destroying "
        "them takes at least LEAST_SHARE of the call. What differs is read from the signatures of a few warm "
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
    uses=("native", "workload.traced", "workload.models", "workload.jit_compile"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    residual=True,
    recipes=("function_reduce_retracing", "function_fixed_signature", "function_open_batch", "padded_shapes"),
)
