"""TensorFlow's debugger checks the result of each op."""

from __future__ import annotations

from msgspec import UNSET

from ....model.report import NativeShare
from ....model.workload import BuiltGraph, Switches
from ....number_words import number
from ..evidence_view import View, missing_text
from ..rule import Answer, CannotTell, NotFound, Rule
from ..shared.claiming import claim, time_line
from ..shared.kernels import kernels, op_of
from ..shared.thresholds import LEAST_SHARE

#: Each switch of the debugger, the call that sets it, and the one that clears it.
_SWITCHES = {
    "check_numerics": ("tf.debugging.enable_check_numerics()", "tf.debugging.disable_check_numerics()"),
    "dump_debug_info": (
        "tf.debugging.experimental.enable_dump_debug_info()",
        "tf.debugging.experimental.disable_dump_debug_info()",
    ),
}
#: TensorFlow's files whose function ``callback`` is called for each op that runs eagerly.
_FILES = ("check_numerics_callback.py", "dumping_callback.py")
_CHECKS = ("CheckNumericsV2", "DebugNumericSummaryV2", "DebugIdentityV2", "DebugIdentityV3")


def judge(evidence: View) -> Answer:
    switches: Switches = evidence.workload("switches")
    on = [name for name in _SWITCHES if getattr(switches, name)]
    graph = _checked_graph(evidence)
    if not on and graph is None:
        return NotFound("neither numeric checks nor debugger dumps are switched on")
    if on and evidence.share("eager_execution") >= LEAST_SHARE and not evidence.has("functions"):
        return CannotTell(missing_text("functions"))
    claims = {"execution": _in_graphs(evidence, graph), "eager_execution": _by_callbacks(evidence)}
    lines = [f"{_SWITCHES[name][0]} is set; remove it, or call {_SWITCHES[name][1]}" for name in on]
    if graph is not None:
        checks = (
            f"{number(_checks(graph))} of the {number(graph.ops)} ops in the graph check other ops' results"
        )
        lines.append(checks if on else f"{checks}: the debugger was on when it was traced")
    listed = [event for event in _largest(evidence) if op_of(event) in _CHECKS]
    kinds = sorted({op_of(event) for event in listed})
    lines += [
        *([f"kernels of {', '.join(kinds)} are among the most expensive"] if kinds else []),
        *(time_line(evidence, f"{phase}, debugger only", ns) for phase, ns in claims.items() if ns),
    ]
    return claim(
        evidence,
        claims,
        "the debugger is",
        title="TensorFlow's debugger checks the result of each op ({cost} ms a call)",
        lines=lines,
        sure="read from the process; by the debugger's ops in the graph and the traced kernels"
        if graph is not None
        else "read from the process; by the calls counted by cProfile",
    )


def _checks(graph: BuiltGraph) -> int:
    return 0 if graph.checks is UNSET else graph.checks


def _checked_graph(evidence: View) -> BuiltGraph | None:
    """The first call's graph with the most debugger ops; None if none has any."""
    graphs = [graph for graph in evidence.workload("cold_traces") if _checks(graph)]
    return max(graphs, key=_checks, default=None)


def _largest(evidence: View) -> list[NativeShare]:
    return kernels(evidence) if evidence.has("native") else []


def _in_graphs(evidence: View, graph: BuiltGraph | None) -> float:
    """The debugger's part of execution, in ns.

    For traced kernels it is known. The rest is mostly the starting of ops, which is alike for all.
    """
    if graph is None:
        return 0.0
    execution = float(evidence.ns("execution"))
    traced = sum(event.self_ns for event in _largest(evidence))
    checks = sum(event.self_ns for event in _largest(evidence) if op_of(event) in _CHECKS)
    within = min(1.0, execution / max(traced, 1))  # kernels run on several threads
    rest = execution - traced * within
    return checks * within + rest * _checks(graph) / graph.ops


def _by_callbacks(evidence: View) -> float:
    """The debugger's Python time for ops that run eagerly, in ns."""
    if not evidence.has("functions"):
        return 0.0
    callbacks = [
        function.total_ns
        for function in evidence.functions
        if function.name == "callback" and function.file.endswith(_FILES)
    ]
    return float(min(sum(callbacks), evidence.ns("eager_execution")))


RULE = Rule(
    id="debugger_left_on",
    title="TensorFlow's debugger checks the result of each op",
    meaning=(
        "tf.debugging.enable_check_numerics() adds two ops after each float op in every graph traced from "
        "then on, and Python code after each op that runs eagerly. enable_dump_debug_info() also writes to a "
        "file. Both apply to the whole thread and are easily left on after the search for a NaN."
    ),
    advice=(
        "remove `enable_check_numerics()` and `enable_dump_debug_info()`, or switch them off before the "
        "model is first called"
    ),
    recognised=(
        "A switch of the debugger is on, or a graph traced in the first call has its ops, and these take at "
        "least LEAST_SHARE of the call. Their time is that of their kernels, plus a part of the rest of "
        "execution in proportion to their number."
    ),
    example=(
        "tf.debugging.enable_check_numerics()         # once, to find a NaN\n\n# model.predict(x) without it"
    ),
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/debugging/enable_check_numerics",
        "https://github.com/tensorflow/tensorflow/issues/69869",
    ),
    needs=("workload.switches", "workload.cold_traces", "phases"),
    uses=("native", "functions"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
    recipes=("debugger_off",),
)
