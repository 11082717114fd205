"""The kernels of ops in a call, of all layers."""

from __future__ import annotations

from collections.abc import Callable

from ....model.report import NativeShare
from ..evidence_view import View


def kernels(evidence: View) -> list[NativeShare]:
    """The kernels that ran in graphs, most expensive first: events named ``path/of/op:Kind``."""
    return [
        event
        for event in evidence.native
        if event.phase == "execution" and op_of(event) and not event.event.startswith("Iterator::")
    ]


def op_of(event: NativeShare) -> str:
    """The kind of op of a kernel's event; empty if the event is no kernel.

    >>> op_of(NativeShare("model/dense/MatMul:MatMul", "execution", 1, 1.0, "other"))
    'MatMul'
    """
    path, colon, op = event.event.rpartition(":")
    return op if colon and path and not path.endswith(":") and op.isidentifier() else ""


def part_of_kernels(evidence: View, chosen: Callable[[NativeShare], bool]) -> float:
    """The chosen kernels' share of kernel time, on all threads."""
    all_ns = sum(event.self_ns for event in kernels(evidence))
    return sum(event.self_ns for event in kernels(evidence) if chosen(event)) / max(all_ns, 1)
