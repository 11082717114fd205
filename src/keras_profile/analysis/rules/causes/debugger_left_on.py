"""TensorFlow's debugger looks at what each op gives."""

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

#: Each switch of the debugger, the call that sets it, and the one that takes it back.
_SWITCHES = {
    "check_numerics": ("tf.debugging.enable_check_numerics()", "tf.debugging.disable_check_numerics()"),
    "dump_debug_info": (
        "tf.debugging.experimental.enable_dump_debug_info()",
        "tf.debugging.experimental.disable_dump_debug_info()",
    ),
}
#: Files of TensorFlow's whose function ``callback`` is called for each op that runs by itself.
_FILES = ("check_numerics_callback.py", "dumping_callback.py")
_CHECKS = ("CheckNumericsV2", "DebugNumericSummaryV2", "DebugIdentityV2", "DebugIdentityV3")


def judge(evidence: View) -> Answer:
    switches: Switches = evidence.workload("switches")
    on = [name for name in _SWITCHES if getattr(switches, name)]
    graph = _checked_graph(evidence)
    if not on and graph is None:
        return NotFound("neither checks of numerics nor dumps of the debugger are switched on")
    if on and evidence.share("eager_execution") >= LEAST_SHARE and not evidence.has("functions"):
        return CannotTell(missing_text("functions"))
    claims = {"execution": _in_graphs(evidence, graph), "eager_execution": _by_callbacks(evidence)}
    lines = [f"{_SWITCHES[name][0]} is set; {_SWITCHES[name][1]}, or leaving it out, ends it" for name in on]
    if graph is not None:
        checks = (
            f"{number(_checks(graph))} of the {number(graph.ops)} ops of its graph look at other ops' results"
        )
        lines.append(checks if on else f"{checks}: the switch was on when it was traced")
    listed = [event for event in _largest(evidence) if op_of(event) in _CHECKS]
    kinds = sorted({op_of(event) for event in listed})
    lines += [
        *([f"kernels of {', '.join(kinds)} are among the most expensive"] if kinds else []),
        *(time_line(evidence, f"{phase}, these alone", ns) for phase, ns in claims.items() if ns),
    ]
    return claim(
        evidence,
        claims,
        "ops of the debugger are",
        title="TensorFlow's debugger looks at the result of each op ({cost} ms a call)",
        lines=lines,
        sure="read from the process; by its ops in the graph and the kernels that were traced"
        if graph is not None
        else "read from the process; by the calls that cProfile counted",
    )


def _checks(graph: BuiltGraph) -> int:
    return 0 if graph.checks is UNSET else graph.checks


def _checked_graph(evidence: View) -> BuiltGraph | None:
    """The graph of the first call with the most of the debugger's ops; None where none has any."""
    graphs = [graph for graph in evidence.workload("cold_traces") if _checks(graph)]
    return max(graphs, key=_checks, default=None)


def _largest(evidence: View) -> list[NativeShare]:
    return kernels(evidence) if evidence.has("native") else []


def _in_graphs(evidence: View, graph: BuiltGraph | None) -> float:
    """What the debugger's ops have of execution, in ns.

    Of kernels that were traced it is known. The rest is mostly what starts ops, which is alike for all.
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
    """What the debugger's Python takes for ops that run one by one, in ns."""
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
    title="TensorFlow's debugger looks at the result of each op",
    meaning=(
        "tf.debugging.enable_check_numerics() puts two ops behind each op of floats, in every graph that is "
        "traced from then on, and Python behind each op that runs by itself; "
        "enable_dump_debug_info() also writes to a file. Both are for the whole thread and are "
        "easily left on "
        "after a hunt for a not-a-number."
    ),
    recognised=(
        "A switch of the debugger is on, or a graph that was traced in the first call has its ops, and these "
        "have at least the least share of the call: by their kernels, and of the rest of execution by their "
        "number."
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
