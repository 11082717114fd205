"""Loops that run inside of a graph, step by step, and what going from op to op takes."""

from __future__ import annotations

from ....model.report import LayerShare, NativeShare
from ....model.workload import BuiltGraph
from ..evidence_view import View
from .layer_kernels import beside_kernels

#: Layers that are a loop over time by their nature.
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
#: How an op of a loop's body is named; a step more is one more of each.
_BODY = "/while/body/"
#: What TensorFlow takes to go from an op to the next, at most; and the ops of a graph whose size is not
#: known.
_OP_NS, _OPS = 20_000, 100


def looping_layers(evidence: View) -> list[tuple[LayerShare, float]]:
    """The layers that run a loop in the graph, recurrent ones left out, and how many steps at least."""
    bodies = [one for one in evidence.native if _BODY in one.event]
    steps = {
        layer.layer: max((one.count_per_call for one in bodies if _is_of(one, layer)), default=0.0)
        for layer in evidence.layers
        if layer.layer_class not in RECURRENT
    }
    return [(layer, steps[layer.layer]) for layer in evidence.layers if steps.get(layer.layer)]


def between_ops_ns(evidence: View) -> float | None:
    """What a call takes to go from op to op in its graph, however many rows; None where it is not known.

    It is what no kernel accounts for, and bounded by the size of the graph: beyond that it is work which
    is not traced as kernels. Recurrent layers go through their ops once for each step of time.
    """
    beside = beside_kernels(evidence)
    if beside is None or any(layer.layer_class in RECURRENT for layer in evidence.layers):
        return beside
    graphs: list[BuiltGraph] = (
        evidence.workload("cold_traces") if evidence.has("workload.cold_traces") else []
    )
    ops = max((graph.ops for graph in graphs if not graph.pipeline), default=_OPS)
    return min(beside, ops * _OP_NS)


def _is_of(event: NativeShare, layer: LayerShare) -> bool:
    """Whether an event bears a layer's name, to which TensorFlow may have added a number."""
    parts = event.event.partition(":")[0].split("/")
    return any(
        part == layer.layer or (part.rpartition("_")[0] == layer.layer and part.rpartition("_")[2].isdigit())
        for part in parts
    )
