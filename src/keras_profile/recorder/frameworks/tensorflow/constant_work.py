"""Work in a graph that gives the same in each call: it depends on weights and constants, on no argument."""

from __future__ import annotations

import re
from typing import Any

#: Ops that are work; all others, such as reads, casts and shapes, cost little.
_WORK = re.compile(r"(Batch)?MatMul(V\d)?$|Einsum$|Conv[23]D$|DepthwiseConv2dNative$")
#: Ops that only read a variable. Any other op that gets one may change it, and so may what calls a function.
_READS = ("ReadVariableOp", "ResourceGather", "VariableShape", "Identity")
_RESOURCE = "resource"
#: Larger graphs are not looked at, and so many scopes are told.
_MOST_OPS, _MOST_SCOPES = 50_000, 100


def scopes_of_work(graph: Any) -> tuple[list[str], list[str]] | None:
    """Returns the name scopes with products of matrices and convolutions, by whether they are constant.

    Of the first no op depends on an argument, on chance, or on a variable that the graph may change; the
    second are all others. None if the graph is too large, or does not tell captures from arguments.
    """
    outside, inside = getattr(graph, "external_captures", None), getattr(graph, "internal_captures", None)
    operations = graph.get_operations()
    if outside is None or inside is None or len(operations) > _MOST_OPS:
        return None
    # What an outer graph computes differs from call to call, so far as is known here.
    known = {id(inner.op) for outer, inner in zip(outside, inside) if _is_eager(outer)}
    changed = {
        id(tensor.op)
        for op in operations
        if op.type not in _READS
        for tensor in op.inputs
        if tensor.dtype.name == _RESOURCE
    }
    stateful: dict[str, bool] = {}
    varying: set[int] = set()
    constant: dict[str, bool] = {}
    works: list[str] = []
    for op in operations:
        if op.type not in stateful:
            stateful[op.type] = bool(op.op_def.is_stateful)
        sources = [id(tensor.op) for tensor in op.inputs]
        if op.type == "Placeholder":
            varies = id(op) not in known
        elif op.type in _READS:
            varies = not changed.isdisjoint(sources) or not varying.isdisjoint(sources)
        else:
            varies = stateful[op.type] or not varying.isdisjoint(sources)
        if varies:
            varying.add(id(op))
        scope = op.name.rpartition("/")[0]
        constant[scope] = constant.get(scope, True) and not varies
        if scope and _WORK.match(op.type):
            works.append(scope)
    found = list(dict.fromkeys(works))
    return (
        [scope for scope in found if constant[scope]][:_MOST_SCOPES],
        [scope for scope in found if not constant[scope]][:_MOST_SCOPES],
    )


def _is_eager(tensor: Any) -> bool:
    """Whether a tensor has its value: a constant, or the handle of a variable."""
    return any(base.__name__ == "EagerTensor" for base in type(tensor).__mro__)
