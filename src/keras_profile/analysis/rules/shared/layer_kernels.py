"""The time of layers' kernels in a call."""

from __future__ import annotations

from collections.abc import Collection

from ....model.report import LayerShare
from ....number_words import milliseconds, percent
from ..evidence_view import View


def of_layers(evidence: View, names: Collection[str]) -> tuple[float, list[LayerShare]]:
    """The ns of execution that these layers take, and the layers, most expensive first.

    Kernels run on several threads, so a layer's share of all kernels is applied to the time
    of the phase execution.
    """
    chosen = [layer for layer in evidence.layers if layer.layer in names]
    return sum(layer.share for layer in chosen) * evidence.ns("execution"), chosen


def beside_kernels(evidence: View) -> float | None:
    """The ns of execution outside the layers' kernels; None if no kernels were traced."""
    if not evidence.has("layers") or not evidence.layers:
        return None
    kernels = sum(layer.self_ns for layer in evidence.layers)
    return float(max(evidence.ns("execution") - kernels, 0))


def lines(layers: Collection[LayerShare]) -> list[str]:
    """A line for each layer: its kernels' time and share, and its most expensive ops."""
    return [
        f"{layer.layer} ({layer.layer_class}): {milliseconds(layer.self_ns)} ms of kernels on all threads, "
        f"{percent(layer.share)} of kernel time: {', '.join(_ops(layer))}"
        for layer in list(layers)[:5]
    ]


def _ops(layer: LayerShare) -> list[str]:
    """The most expensive ops, with their share of the layer if known."""
    shares = dict(zip(layer.ops, layer.op_shares))
    return [op + (f" {percent(shares[op])}" if op in shares else "") for op in layer.ops[:3]]
