"""What the kernels of ops have of a call, whatever layer they are of."""

from __future__ import annotations

from collections.abc import Callable

from ....model.report import NativeShare
from ..evidence_view import View


def kernels(evidence: View) -> list[NativeShare]:
    """The kernels that ran in graphs, the most expensive first: events named ``path/of/op:Kind``."""
    return [
        event
        for event in evidence.native
        if event.phase == "execution" and op_of(event) and not event.event.startswith("Iterator::")
    ]


def op_of(event: NativeShare) -> str:
    """The kind of the op that a kernel's event is of; empty where it is none.

    >>> op_of(NativeShare("model/dense/MatMul:MatMul", "execution", 1, 1.0, "other"))
    'MatMul'
    """
    path, colon, op = event.event.rpartition(":")
    return op if colon and path and not path.endswith(":") and op.isidentifier() else ""


def part_of_kernels(evidence: View, chosen: Callable[[NativeShare], bool]) -> float:
    """The share of all kernels' time, on all threads, that the chosen ones have."""
    all_ns = sum(event.self_ns for event in kernels(evidence))
    return sum(event.self_ns for event in kernels(evidence) if chosen(event)) / max(all_ns, 1)
