"""Loops that run inside a graph, step by step, and the cost of going from op to op."""

from __future__ import annotations

from ....model.report import LayerShare
from ....model.workload import BuiltGraph
from ..evidence_view import View
from .kernels import kernels
from .layer_kernels import beside_kernels

#: Layers that loop over time by design.
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
#: The most that TensorFlow takes from one op to the next, and the ops of a graph of unknown size.
_OP_NS, _OPS = 20_000, 100


def looping_layers(evidence: View) -> list[LayerShare]:
    """The layers that run a loop in the graph, except recurrent ones."""
    return [one for one in evidence.layers if one.loop_steps and one.layer_class not in RECURRENT]


def between_ops_ns(evidence: View) -> float | None:
    """The time that a call takes to go from op to op in its graph, however many rows; None if not known.

    It is the time outside kernels, bounded by the size of the graph: more than that is work that is not
    traced as kernels. Recurrent layers run their ops once per time step.
    """
    beside = beside_kernels(evidence)
    if beside is None:
        beside = _of_unknown_model(evidence)
    layers = evidence.layers if evidence.has("layers") else []
    if beside is None or any(layer.layer_class in RECURRENT for layer in layers):
        return beside
    graphs: list[BuiltGraph] = (
        evidence.workload("cold_traces") if evidence.has("workload.cold_traces") else []
    )
    ops = max((graph.ops for graph in graphs if not graph.pipeline), default=_OPS)
    return min(beside, ops * _OP_NS)


def _of_unknown_model(evidence: View) -> float | None:
    """The time outside kernels if the layers are not known, as in an exported signature."""
    if not evidence.has("native") or not evidence.native:
        return None
    return max(evidence.ns("execution") - sum(one.self_ns for one in kernels(evidence)), 0.0)
