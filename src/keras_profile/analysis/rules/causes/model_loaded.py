"""Each call gets a new model."""

from __future__ import annotations

from ....model.workload import CallSite, LoadedModel, MadeModels, ModelObjects
from ....number_words import milliseconds, number
from ..evidence_view import View
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim, phase_lines
from ..shared.new_models import are_new
from ..shared.thresholds import CALLS_PER_MODEL, LEAST_SHARE, MANY_CALLS

#: A new model is built op by op, its functions are traced, and its graphs run for the first time.
_CLAIMED = ("eager_execution", "unattributed", "state_reset", "function_building", "teardown", "execution")


#: What to do instead, by the function that made the models; "" if unknown: then it was the model's own class.
_INSTEAD = {
    "clone_model": "clone once, and set each candidate's weights on the clone: set_weights traces nothing",
    "": "make each model once and keep it: keras.Model(inputs, layer.output) also makes a new model each "
    "time, and one model with several outputs returns them all in one call",
}


def judge(evidence: View) -> Answer:
    loads: list[LoadedModel] | None = evidence.workload("loads")
    if loads is None:
        return CannotTell("a process without another profiler")
    if not loads:
        return _new_models(evidence)
    first, claims = loads[0], _claims(evidence)
    return claim(
        evidence,
        claims,
        "making and tracing models is",
        title=(
            f"{first.function} runs on every call: a new model is made, traced and thrown away "
            "({cost} ms a call)"
        ),
        lines=[
            f"{first.function} was called {len(loads)} times in a warm call",
            *phase_lines(evidence, claims, most=4),
        ],
        where=first.where or "",
    )


def _new_models(evidence: View) -> Answer:
    """Whether a program's line calls a new model each time, made outside the calls."""
    models: ModelObjects | None = evidence.workload("models") if evidence.has("workload.models") else None
    if models is None:
        return NotFound("no model is loaded or copied in a warm call")
    objects, calls = models.objects, models.calls
    if not are_new(models):
        return NotFound(
            f"no model is loaded or copied in a warm call, and {number(calls)} calls use "
            f"{number(objects)} model{'' if objects == 1 else 's'}"
        )
    claims, made_by = _claims(evidence), models.made_by
    sites: list[CallSite] = evidence.workload("call_sites") if evidence.has("workload.call_sites") else []
    return claim(
        evidence,
        claims,
        "tracing new models is",
        title=(
            f"{'Each call gets' if objects == calls else 'Nearly all calls get'} a new model, which is "
            f"traced again: {number(objects)} models in {number(calls)} calls ({{cost}} ms a call)"
        ),
        lines=[
            f"{number(calls)} calls use {number(objects)} models",
            *(
                f"{maker.function} made {number(maker.count)} at "
                f"{maker.where or 'an unknown line'}, {milliseconds(maker.median_ns)} ms each, "
                "outside the calls"
                for maker in made_by[:3]
            ),
            *_instead(made_by),
            *phase_lines(evidence, claims, most=4),
        ],
        where=made_by[0].where if made_by else _place(sites),
        sure=f"counted: {number(objects)} models",
    )


def _instead(made_by: list[MadeModels]) -> list[str]:
    found = _INSTEAD.get(made_by[0].function if made_by else "")
    return [] if found is None else [found]


def _place(sites: list[CallSite]) -> str:
    """The line of the calls; their models are made above it."""
    return f"{sites[0].file}:{sites[0].line}, in {sites[0].function}" if sites else ""


def _claims(evidence: View) -> dict[str, float]:
    """What a new model costs its first calls, by phase."""
    claims = {phase: float(evidence.ns(phase)) for phase in _CLAIMED}
    claims["function_tracing"] = evidence.spans.other_tracing_share * evidence.total_ns
    return claims


RULE = Rule(
    id="model_loaded",
    title="Each call gets a new model",
    meaning=(
        "Loading or copying a model builds all its layers and loses the graphs that Keras traced for it: the "
        "next call traces and optimises them all again."
    ),
    advice="make the model once, before the loop, and keep it: build, load or copy it there",
    recognised=(
        "A warm call runs load_model or a similar function, and the cost of a new model (building, tracing, "
        "the first run of its graphs) is at least LEAST_SHARE of the call. In a recording of a whole program "
        "also: a line's calls use nearly as many models, made outside the calls."
    ),
    example=(
        "def handle(request):\n    model = keras.models.load_model('net.keras')   # on every request\n"
        "    return model.predict(request.rows)"
    ),
    sources=(
        "https://github.com/eto-ai/rikai/issues/365",
        "https://github.com/tensorflow/tensorflow/issues/43501",
    ),
    needs=("workload.loads", "spans", "phases"),
    uses=("workload.models", "workload.call_sites"),
    judge=judge,
    thresholds=(LEAST_SHARE, MANY_CALLS, CALLS_PER_MODEL),
)
