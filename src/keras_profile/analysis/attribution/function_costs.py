"""Python functions by cProfile's counts, scaled to the median call."""

from __future__ import annotations

from ...model.call_graph import CallGraph
from ...model.evidence import FunctionCost

#: A function below this share of the call is left out.
LEAST_SHARE = 0.005


def function_costs(graph: CallGraph, total_ns: int, profiled_ns: float) -> list[FunctionCost]:
    """The time of functions, including callees, in a call of ``total_ns``, the most expensive first.

    cProfile slows all functions, by the ratio of the median call under it, ``profiled_ns``, to
    ``total_ns``. Its counts cover all calls together, including delays of a few of them, so no function
    gets more than the whole call.
    """
    scale = total_ns / (profiled_ns * graph.calls) if profiled_ns and graph.calls else 0.0
    costs = [
        FunctionCost(
            one.file,
            one.line,
            one.name,
            round(calls / max(graph.calls, 1), 3),
            min(round(ns * scale), total_ns),
        )
        for one, calls, ns in zip(graph.functions, graph.total_calls, graph.total_ns)
        if ns * scale >= LEAST_SHARE * total_ns
    ]
    return sorted(costs, key=lambda cost: (-cost.total_ns, cost.file, cost.line, cost.name))
