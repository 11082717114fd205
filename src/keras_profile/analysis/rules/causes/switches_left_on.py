"""Switches that slow TensorFlow down are on."""

from __future__ import annotations

from ....model.workload import Switches
from ..evidence_view import View
from ..rule import Answer, Found, NotFound, Rule
from ..shared.dataset_steps import map_steps


def judge(evidence: View) -> Answer:
    switches: Switches = evidence.workload("switches")
    lines = []
    if switches.profiler:
        lines.append(
            "tf.profiler is recording a trace: every op and kernel writes events until "
            "tf.profiler.experimental.stop()"
        )
    if switches.log_device_placement:
        lines.append(
            "tf.debugging.set_log_device_placement(True) is set: each eager op, and each op of a new graph, "
            "writes a line"
        )
    if switches.op_determinism and _determinism_matters(evidence):
        lines.append(
            "tf.config.experimental.enable_op_determinism() is set: kernels that sum in any order are "
            "replaced by slower ones, and tf.data keeps the order of what it makes in parallel"
        )
    if not lines:
        return NotFound("no trace is recorded, placement is not logged, and ops need not be deterministic")
    return Found(
        "A switch that slows TensorFlow down is on"
        if len(lines) == 1
        else f"{len(lines)} switches that slow TensorFlow down are on",
        {},
        lines,
        sure="read from the process in the first call",
    )


def _determinism_matters(evidence: View) -> bool:
    """Whether there are kernels or steps that it changes: on other devices, or in parallel maps."""
    elsewhere = any("CPU" not in device for device in evidence.environment("devices"))
    return elsewhere or any("Parallel" in step.kind for step in map_steps(evidence))


RULE = Rule(
    id="switches_left_on",
    title="Switches that slow TensorFlow down are on",
    meaning=(
        "Traces, logs and determinism are switched on once, for the whole process, and are easily forgotten. "
        "What each costs depends on the ops that run."
    ),
    advice="switch off what the evidence names",
    recognised=(
        "One of them was on in the first call: a profiler trace, the log of device placement, or "
        "deterministic ops if they differ from the usual ones. The finding has no cost: compare with a run "
        "without the switch."
    ),
    example="tf.profiler.experimental.start('logs')       # no stop() before the service starts",
    sources=(
        "https://www.tensorflow.org/api_docs/python/tf/profiler/experimental/start",
        "https://www.tensorflow.org/api_docs/python/tf/debugging/set_log_device_placement",
        "https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism",
    ),
    needs=("workload.switches", "workload.dataset", "environment.devices"),
    judge=judge,
)
