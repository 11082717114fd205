"""The same input is computed again and again, for what a random layer makes of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ....model.report import LayerShare
from ....model.workload import CallSite, DataFlow, Layer, ModelObjects
from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.layer_order import IN_ORDER
from ..shared.thresholds import COMPARED_CALLS, LEAST_SHARE

#: The ops that draw, in any release: RandomUniform, StatelessRandomNormalV2, TruncatedNormal and others.
_DRAWING = re.compile(
    r"Random(Uniform|StandardNormal|Normal|Gamma|Poisson|Binomial)|TruncatedNormal|Multinomial"
)


#: In these alone nothing but the model's layers can draw.
_ENTRIES = ("predict", "predict_on_batch", "call", "call_inference")


def judge(evidence: View) -> Answer:
    other = _other_calls(evidence)
    if other:
        return NotFound(other)
    drawing = {one.layer for one in evidence.layers if _draws(one)}
    if not drawing:
        return NotFound("no layer draws random numbers")
    if evidence.workload("model_class") not in IN_ORDER or evidence.workload("entry_point") not in _ENTRIES:
        return NotFound("in which order the layers run is not known")
    first, names = _before(evidence.workload("layers"), drawing)
    if not first:
        return NotFound("the layer that draws random numbers is none of the model's")
    ns, before = layer_kernels.of_layers(evidence, names)
    flow: DataFlow = evidence.workload("data_flow")
    return claim(
        evidence,
        {"execution": ns},
        f"what is computed before {first}, the first layer that draws random numbers, is",
        title=(
            f"The same input is computed again in each call up to {first}, the first layer that draws random "
            "numbers ({cost} ms a call)"
        ),
        lines=[
            f"the input was the same in {number(flow.calls)} calls that were compared with the one before",
            f"layers before {first} take {percent(sum(one.share for one in before))} of kernel time",
            *layer_kernels.lines(before[:2]),
        ],
        sure="by the values of some inputs",
    )


def _other_calls(evidence: View) -> str:
    """Why calls do not compute the same; empty if they do."""
    flow: DataFlow = evidence.workload("data_flow")
    if flow.calls < COMPARED_CALLS:
        return f"only {number(flow.calls)} calls were compared with the one before"
    if flow.same_input < flow.calls:
        return "calls get other inputs than the call before"
    if not (evidence.has("workload.call_sites") and evidence.has("workload.models")):
        return "it is not known whether the model changes between the calls"
    sites: list[CallSite] = evidence.workload("call_sites")
    if max((site.longest_run for site in sites), default=0) < COMPARED_CALLS:
        return "other work comes between the calls, which may change the model"
    models: ModelObjects = evidence.workload("models")
    if models.objects != 1:
        return f"the calls are of {models.objects} models"
    changing = [*models.weights_set, *(models.compiled_by or ())]
    if any(one.count * 2 > models.calls for one in changing):
        return "the model changes between the calls"
    if any(layer.stateful is True for layer in evidence.workload("layers")):
        return "the model keeps state between calls"
    return ""


def _before(layers: Sequence[Layer], drawing: Collection[str]) -> tuple[str, set[str]]:
    """The first layer that draws, and all layers that run before it, or before the layer that contains it.

    An empty name if none of those that draw is listed.
    """
    order = [one.layer for one in layers]
    at = next((place for place, name in enumerate(order) if name in drawing), None)
    if at is None:
        return "", set()
    # Layers follow the one that contains them.
    outermost = max(place for place in range(at + 1) if layers[place].parent is None)
    # A name that is there again, as in two nested models, stands for both.
    return order[at], set(order[:outermost]) - set(order[outermost:])


def _draws(layer: LayerShare) -> bool:
    return any(_DRAWING.search(op) for op in layer.ops)


RULE = Rule(
    id="drawn_again",
    title="The same input is run again for new random draws",
    meaning=(
        "For an estimate of uncertainty, one input is run many times through a model with layers that draw "
        "random numbers at inference, such as dropout that stays on. Only these layers, and what comes after "
        "them, give another result each time. What comes before them computes the same in each call, and is "
        "usually most of the model."
    ),
    advice=(
        "split the model before the first random layer: run the first part once, and give its output to the "
        "second part as often as you need"
    ),
    recognised=(
        "All of the first calls, at least COMPARED_CALLS, get the same input as the call before (a large "
        "array must be the same object too, and is compared by some of its values). The model is the same "
        "one, unchanged, and runs its layers in the order in which it lists them, as functional and "
        "sequential models do. A layer has kernels of ops that draw random numbers, and what comes before "
        "the first such layer takes at least LEAST_SHARE of the call."
    ),
    example=(
        "draws = [model.predict(x) for _ in range(50)]\n\n"
        "# Keras 3; the calls of both parts get the same training= as before\n"
        'features = keras.Model(model.input, model.get_layer("embedding").output)\n'
        'head = keras.Model(model.get_layer("embedding").output, model.output)\n'
        "known = features.predict(x)                 # once\n"
        "draws = [head.predict_on_batch(known) for _ in range(50)]"
    ),
    sources=("https://keras.io/guides/functional_api/#extract-and-reuse-nodes-in-the-graph-of-layers",),
    needs=(
        "workload.data_flow",
        "workload.layers",
        "workload.model_class",
        "workload.entry_point",
        "layers",
        "phases",
    ),
    uses=("workload.call_sites", "workload.models"),
    judge=judge,
    thresholds=(COMPARED_CALLS, LEAST_SHARE),
)
