"""A part of the model computes the same in each call, from weights and constants alone."""

from __future__ import annotations

from ....model.report import NativeShare
from ....model.workload import BuiltGraph
from ....number_words import percent
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, NotFound, Rule, Threshold
from ..shared.claiming import claim, time_line
from ..shared.kernels import kernels, part_of_kernels

CONSTANT_SHARE = Threshold(
    "CONSTANT_SHARE",
    0.20,
    "share of the call that it takes at least: small tables, such as positions, are made like this in many "
    "models and cost little",
)
#: How many scopes a finding names.
_NAMED = 3


def judge(evidence: View) -> Answer:
    graphs: list[BuiltGraph] = evidence.workload("cold_traces")
    graphs = [one for one in graphs if not one.pipeline]
    if any(one.constant is None for one in graphs):
        return CannotTell(missing_text("workload.cold_traces"))
    # Kernels of all graphs have one name if the graphs have the same scopes.
    varying = {scope for one in graphs for scope in one.varying or ()}
    scopes = {scope for one in graphs for scope in one.constant or ()} - varying
    if not scopes:
        return NotFound("nothing in the graph is independent of its arguments")

    def is_constant(kernel: NativeShare) -> bool:
        return _scope_of(kernel) in scopes

    ns = part_of_kernels(evidence, is_constant) * evidence.ns("execution")
    seen = dict.fromkeys(_scope_of(one) for one in kernels(evidence) if is_constant(one))
    named = ", ".join(list(seen)[:_NAMED]) + (f" and {len(seen) - _NAMED} more" if len(seen) > _NAMED else "")
    return claim(
        evidence,
        {"execution": ns},
        "what depends on no argument is",
        title=(
            f"{percent(evidence.of_call(ns))} of the call computes the same each time, from weights and "
            "constants alone ({cost} ms a call)"
        ),
        lines=[f"these depend on no argument: {named}", time_line(evidence, "execution", ns)],
        least=CONSTANT_SHARE,
        sure="if the weights do not change between the calls",
    )


def _scope_of(kernel: NativeShare) -> str:
    return kernel.event.rpartition(":")[0].rpartition("/")[0]


RULE = Rule(
    id="constant_recomputed",
    title="A part of the model computes the same in each call",
    meaning=(
        "The function closes over data, such as a catalogue of items, and runs layers on it in each call. As "
        "long as the weights stay the same, so do their outputs. TensorFlow does not know that: it folds "
        "constants, but a variable is none."
    ),
    advice=(
        "compute it once, outside of the function, keep the result in a `tf.constant` or a `tf.Variable` and "
        "use that in the call; compute it again when the weights change"
    ),
    recognised=(
        "In the graph, products of matrices and convolutions depend on no argument, on no random number and "
        "on no variable that the graph changes, and their kernels take at least CONSTANT_SHARE of the call."
    ),
    example=(
        "@tf.function\n"
        "def search(user):\n"
        "    return tower(user) @ tf.transpose(item_tower(catalogue))\n\n"
        "items = tf.transpose(item_tower(catalogue))     # once\n\n"
        "@tf.function\n"
        "def search(user):\n"
        "    return tower(user) @ items"
    ),
    sources=("https://www.tensorflow.org/guide/graph_optimization",),
    needs=("workload.cold_traces", "native", "phases"),
    judge=judge,
    thresholds=(CONSTANT_SHARE,),
)
