"""What rules about devices find in a trace's steps."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.rules.catalogue import load
from ...analysis.rules.engine import judge_all
from ...model.devices import DeviceDivision
from ...model.environment import Environment
from ...model.evidence import Evidence
from ...model.report import CallFigures, ColdCalls, Finding, PhaseShare, WarmCalls
from ...model.workload import Workload
from .trace_report import TraceDivision

#: The rules that need nothing but devices and phases; the others need a recording.
RULES = load(
    (
        "device_waits",
        "device_host_bound",
        "device_launches",
        "device_copies",
        "tensor_cores_unused",
        "device_scope",
    )
)

#: What was called is not in a trace.
_UNKNOWN = Workload(
    target="",
    entry_point="",
    inputs=[],
    announcements=[],
    batch_size=None,
    steps=None,
    compiled=None,
    run_eagerly=False,
    verbose=False,
    layers=[],
)


def device_findings(division: TraceDivision, devices: Sequence[DeviceDivision]) -> list[Finding]:
    """The causes that were found, most expensive first. A step of the trace counts as a call."""
    step = division.step_ns
    evidence = Evidence(
        _UNKNOWN,
        Environment(python=""),
        CallFigures(ColdCalls(0, 0), WarmCalls(division.steps, step, (step, step), step, 0, None)),
        phases={
            one.phase: PhaseShare(one.phase, one.self_ns, one.share, (one.share, one.share), None, 0.0)
            for one in division.phases
        },
        devices=list(devices),
    )
    return [one for one in judge_all(evidence, RULES) if one.verdict == "found"]
