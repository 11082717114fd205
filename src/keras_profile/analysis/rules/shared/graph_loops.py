"""Loops that run inside of a graph, step by step, and what going from op to op takes."""

from __future__ import annotations

from ....model.report import LayerShare
from ....model.workload import BuiltGraph
from ..evidence_view import View
from .kernels import kernels
from .layer_kernels import beside_kernels

#: Layers that are a loop over time by their nature.
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
#: What TensorFlow takes to go from an op to the next, at most; and the ops of a graph whose size is not
#: known.
_OP_NS, _OPS = 20_000, 100


def looping_layers(evidence: View) -> list[LayerShare]:
    """The layers that run a loop in the graph, recurrent ones left out."""
    return [one for one in evidence.layers if one.loop_steps and one.layer_class not in RECURRENT]


def between_ops_ns(evidence: View) -> float | None:
    """What a call takes to go from op to op in its graph, however many rows; None where it is not known.

    It is what no kernel accounts for, and bounded by the size of the graph: beyond that it is work which
    is not traced as kernels. Recurrent layers go through their ops once for each step of time.
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
    """What no kernel accounts for where the layers are not known, as of an exported signature."""
    if not evidence.has("native") or not evidence.native:
        return None
    return max(evidence.ns("execution") - sum(one.self_ns for one in kernels(evidence)), 0.0)
