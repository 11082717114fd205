"""The input pipeline is rebuilt on every call."""

from __future__ import annotations

from ....model.workload import CallSite
from ....number_words import milliseconds, number, percent
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.batches import batches
from ..shared.claiming import phase_lines
from ..shared.fixed_costs import PIPELINE
from ..shared.thresholds import LEAST_SHARE

#: The flag that compile() set in TensorFlow 2.0; from 2.1 on, models take that path without it.
_SWITCH = "workload.experimental_run_tf_function"


def judge(evidence: View) -> Answer:
    inputs = evidence.workload("inputs")
    kind = inputs[0].kind if inputs else ""  # a signature may take none
    if not evidence.count("dataset_building"):
        return NotFound("no tf.data pipeline is built in a warm call")
    if kind == "dataset":
        return NotFound("the dataset is your own and is not rebuilt")
    if _calls_in_program(evidence) == 1:
        return NotFound("the program makes only one such call, so the pipeline is built once")
    claims = {phase: float(evidence.ns(phase)) for phase in PIPELINE}
    traced = evidence.spans.pipeline_tracing_share * evidence.total_ns
    claims["function_tracing"] = traced
    # Teardown counts in the cost but not for the threshold: it varies from run to run.
    share = evidence.of_call(sum(claims.values()) - claims["teardown"])
    if share < LEAST_SHARE:
        return NotFound(f"building the pipeline is {percent(share)} of the call")
    lines = phase_lines(evidence, claims) + _builder(evidence)
    if traced:
        lines.append(
            f"the pipeline's own functions are traced again on every call: {milliseconds(traced)} ms"
        )
    by_compile = _is_by_compile(evidence)
    since = ""
    if by_compile:
        since = ", since compile()"
        lines.append(
            "compile() put the model on this path: it set experimental_run_tf_function, which a model that "
            "was never compiled does not have in this release"
        )
    entry = evidence.workload("entry_point")
    return Found(
        f"The input pipeline is rebuilt on every call{since} ({{cost}} ms a call{_batches(evidence)})",
        claims,
        lines,
        recipes=tuple(
            one for one in _recipes(kind, by_compile) if one != entry and one not in _left(evidence)
        ),
    )


def _builder(evidence: View) -> list[str]:
    """The most expensive function that builds the pipeline, and who calls it."""
    builders = [
        internal
        for internal in evidence.internals
        if internal.phase in ("dataset_building", "data_adapter") and internal.parent
    ]
    return [
        f"{builder.qualname} ({builder.module}), called from {builder.parent}, takes "
        f"{milliseconds(builder.total_ns)} ms of each call, callees included"
        for builder in builders[:1]
    ]


def _is_by_compile(evidence: View) -> bool:
    """Whether compile() put the model on the path with a pipeline, as in TensorFlow 2.0 alone."""
    if not str(evidence.environment("tensorflow")).startswith("2.0.") or not evidence.has(_SWITCH):
        return False
    return evidence.workload("experimental_run_tf_function") is True


def _recipes(kind: str, by_compile: bool) -> tuple[str, ...]:
    """What fixes it for inputs of a kind."""
    # An array can be given in one piece; a generator cannot be anything else.
    if kind not in ("array", "tensor"):
        return ("input_stacked", "predict_on_batch")
    if by_compile:
        first, *others = RULE.recipes
        return (first, "loaded_uncompiled", *others)
    return RULE.recipes


def _left(evidence: View) -> tuple[str, ...]:
    """The recipes left to the rule that knows whether a program's calls can be merged."""
    in_program = evidence.has("workload.call_sites") and evidence.workload("call_sites")
    return ("one_predict_for_many_calls",) if in_program else ()


def _calls_in_program(evidence: View) -> int:
    """How many calls the lines of a program make; 0 without a program."""
    sites: list[CallSite] = evidence.workload("call_sites") if evidence.has("workload.call_sites") else []
    return sum(site.calls for site in sites)


def _batches(evidence: View) -> str:
    """How many batches the pipeline is built for, in words that follow its cost; empty for one."""
    runs = batches(evidence)
    return f", for {number(runs)} batches" if runs > 1.5 else ""


RULE = Rule(
    id="pipeline_rebuilt",
    title="The input pipeline is rebuilt on every call",
    meaning=(
        "On every call, predict (and predict_on_batch before Keras 3) turns its input into a tf.data "
        "pipeline. It builds datasets, traces their functions into graphs, makes an iterator, and destroys "
        "all of it at the end. This takes tens of milliseconds, whatever the number of rows. A small model "
        "runs in far less."
    ),
    advice="use `predict_on_batch` or a `tf.function` for inputs that fit into one batch",
    recognised=(
        "A warm call builds datasets (the phase dataset_building occurs), and the pipeline's phases take at "
        "least LEAST_SHARE of the call: dataset_building, iterator_creation, data_adapter, "
        "input_standardization, teardown, and the tracing of the pipeline's own functions."
    ),
    example=(
        "for row in rows:\n    model.predict(row[None])        # builds a pipeline for each row\n\n"
        "model.predict_on_batch(rows)         # one call, no pipeline"
    ),
    sources=(
        "https://stackoverflow.com/q/58378374",
        "https://github.com/tensorflow/tensorflow/issues/40261",
        "https://github.com/tensorflow/tensorflow/issues/33340",
    ),
    needs=(
        "workload.inputs",
        "workload.entry_point",
        "environment.tensorflow",
        "phases",
        "spans",
        "internals",
    ),
    uses=(_SWITCH, "workload.call_sites"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("predict_on_batch", "function_open_batch", "dataset_from_tensors", "one_predict_for_many_calls"),
)
