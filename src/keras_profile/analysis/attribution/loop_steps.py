"""How often the loops of a graph ran, by their layer.

TensorFlow does not trace kernels that it considers inexpensive, and their set changes while a loop runs: a
trace may have no op of a whole loop. It always traces that an op was started, without its name; the graph
shows which layers have loops.
https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/common_runtime/executor.cc
(``ExecutorState::Process``)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from ...model.workload import BuiltGraph

#: Names of the ops of a loop's body: one more step is one more of each.
LOOP_BODY = "/while/body/"
#: The event for each start of ops.
STARTED = "ExecutorState::Process"


def loop_steps(
    events: Mapping[str, float],
    graphs: Sequence[BuiltGraph],
    layers_of: Callable[[Collection[str]], Mapping[str, str]],
) -> dict[str, float]:
    """Steps of a call, by layer: a lower bound.

    ``events`` has how often a call has each event of its traces, kernels by their paths,
    and ``graphs`` are the ones that were built. ``layers_of`` gives the layers of paths.

    >>> from keras_profile.model.workload import GraphLoop
    >>> loop = GraphLoop(op="m/scale/while", body="m_scale_while_body_7")
    >>> step = BuiltGraph("one_step", pipeline=False, ops=40, loops=[loop])
    >>> body = BuiltGraph("m_scale_while_body_7", pipeline=False, ops=10)
    >>> events = {"one_step": 1, "ExecutorState::Process": 1040}
    >>> loop_steps(events, [body, step], lambda paths: dict.fromkeys(paths, "scale"))
    {'scale': 100.0}
    """
    steps: dict[str, float] = {}
    in_bodies = {path: count for path, count in events.items() if LOOP_BODY in path}
    for path, layer in layers_of(in_bodies).items():
        steps[layer] = max(steps.get(layer, 0), in_bodies[path])
    model = [graph for graph in graphs if not graph.pipeline]
    sizes = {graph.function: graph.ops for graph in model}
    loops = {loop.op: sizes[loop.body] for graph in model for loop in graph.loops or () if loop.body in sizes}
    # A start runs at least one op. Ops outside the loops run once in each run of the function.
    runs = {graph.function: _runs(graph.function, events) for graph in model if graph.loops}
    beside = sum(sizes[function] * count for function, count in runs.items())
    if any(runs.values()):
        turns = max(events.get(STARTED, 0) - beside, 0) / max(sum(loops.values()), 1)
        for layer in layers_of(loops).values():
            steps[layer] = max(steps.get(layer, 0), turns)
    return steps


def _runs(function: str, events: Mapping[str, float]) -> float:
    """How often a call runs a function, which is traced by its name and by that of its graph."""
    graph = f"__inference_{function}_"
    return max((count for name, count in events.items() if name == function or graph in name), default=0)
