"""Work in a graph that gives the same in each call: it depends on weights and constants, on no argument."""

from __future__ import annotations

import re
from typing import Any

#: Ops that are work; all others, such as reads, casts and shapes, cost little.
_WORK = re.compile(r"(Batch)?MatMul(V\d)?$|Einsum$|Conv[23]D$|DepthwiseConv2dNative$")
#: Ops that read a variable. Its value stays the same unless the graph assigns to it.
_READS, _ASSIGNS = ("ReadVariableOp", "ResourceGather"), re.compile(r"(Assign.*|.*Scatter.*)$")
_RESOURCE = "resource"
#: Larger graphs are not looked at, and so many scopes are told.
_MOST_OPS, _MOST_SCOPES = 50_000, 100


def constant_scopes(graph: Any) -> list[str]:
    """Returns the name scopes whose products of matrices and convolutions depend on no argument.

    Graphs of releases that do not tell captures from arguments have none.
    """
    captured = {id(tensor.op) for tensor in getattr(graph, "internal_captures", None) or ()}
    operations = graph.get_operations()
    if not captured or len(operations) > _MOST_OPS:
        return []
    assigned = {
        id(op.inputs[0].op)
        for op in operations
        if _ASSIGNS.match(op.type) and len(op.inputs) and op.inputs[0].dtype.name == _RESOURCE
    }
    stateful: dict[str, bool] = {}
    varying: set[int] = set()
    of_work: dict[str, bool] = {}
    for op in operations:
        if op.type not in stateful:
            stateful[op.type] = bool(op.op_def.is_stateful)
        sources = [id(tensor.op) for tensor in op.inputs]
        if op.type == "Placeholder":
            varies = id(op) not in captured
        elif op.type in _READS:
            varies = not assigned.isdisjoint(sources) or not varying.isdisjoint(sources)
        else:
            varies = stateful[op.type] or not varying.isdisjoint(sources)
        if varies:
            varying.add(id(op))
        if _WORK.match(op.type):
            scope = op.name.rpartition("/")[0]
            of_work[scope] = of_work.get(scope, True) and not varies
    return [scope for scope, is_constant in of_work.items() if scope and is_constant][:_MOST_SCOPES]
