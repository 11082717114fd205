"""Several models run the layers that they share, each for itself, on the same input."""

from __future__ import annotations

from ....model.workload import SharedLayer
from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    shared: list[SharedLayer] = evidence.workload("shared_layers")
    models = {one.layer: one.models for one in shared if one.models > 1}
    _, layers = layer_kernels.of_layers(evidence, models)
    if not layers:
        return NotFound("no other model of the line runs layers of this one on the same input")
    # One model with all outputs runs each layer once.
    again = sum(one.share * (1 - 1 / models[one.layer]) for one in layers)
    most, first = max(models.values()), layers[0]
    return claim(
        evidence,
        {"execution": again * evidence.ns("execution")},
        "layers that other models run too take",
        title=(
            f"{number(most)} models get the same input and share layers, such as {first.layer}: each "
            "computes them again ({cost} ms a call)"
        ),
        lines=[
            f"{number(len(models))} layers of this model are in others that get the same input",
            f"shared layers take {percent(sum(one.share for one in layers))} of this model's kernel time",
            *layer_kernels.lines(layers[:2]),
        ],
        sure="by the layers themselves and by the input, which is the same object in a row of calls",
    )


RULE = Rule(
    id="layers_shared",
    title="Shared layers run once per model",
    meaning=(
        "To read the outputs of several layers, or to have several heads on one network, a model was made "
        "for each. All are called with the same input, and each runs the layers that they share again."
    ),
    advice=(
        "make one model with all outputs, which runs shared layers once: `keras.Model(first.input, "
        "[model.output for model in models])`"
    ),
    recognised=(
        "A line calls several models, one after the other on one thread, with the same arrays (the same "
        "objects), in most of its calls, and the models begin with the same layers (the same objects too). "
        "What one model for all would save takes at least LEAST_SHARE of the call."
    ),
    example=(
        "taps = [keras.Model(net.input, net.get_layer(name).output) for name in names]\n"
        "features = [tap.predict(images) for tap in taps]\n\n"
        "tap = keras.Model(net.input, [net.get_layer(name).output for name in names])\n"
        "features = tap.predict(images)"
    ),
    sources=(
        "https://keras.io/guides/functional_api/#extract-and-reuse-nodes-in-the-graph-of-layers",
        "https://stackoverflow.com/q/41711190",
    ),
    needs=("workload.shared_layers", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
