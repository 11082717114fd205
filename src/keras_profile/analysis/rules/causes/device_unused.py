"""The model runs on the CPU although the process has a GPU."""

from __future__ import annotations

from ..evidence_view import View
from ..rule import Answer, NotFound, Rule
from ..shared import device_time, layer_kernels
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE


def judge(evidence: View) -> Answer:
    there = [device for device in evidence.environment("devices") if "CPU" not in device]
    if not there:
        return device_time.NO_DEVICE
    used = device_time.busiest(evidence)
    if used is not None and used.kernels_ns:
        return NotFound(f"kernels run on {device_time.short(used)}")
    if not evidence.layers:
        return NotFound("no layer has kernels of its own")
    names = ", ".join(there)
    return claim(
        evidence,
        {"execution": float(evidence.ns("execution"))},
        "running the model is",
        title=f"The model runs on the CPU ({{cost}} ms a call), although there is {names}",
        lines=[
            f"no kernel ran on {names} in the traced calls",
            *layer_kernels.lines(evidence.layers[:3]),
        ],
        sure="by the kernels of the tensorflow capture",
    )


RULE = Rule(
    id="device_unused",
    title="The model runs on the CPU although there is a GPU",
    meaning=(
        "TensorFlow runs an op on the CPU if its variables are there (made under `tf.device('CPU')`, or "
        "before the GPU was visible), if it has no kernel for the GPU, or if soft placement moved it."
    ),
    advice=(
        "print `model.variables[0].device`: if it is a CPU, build or load the model under "
        "`tf.device('GPU:0')`. Otherwise `tf.debugging.set_log_device_placement(True)` before it is built "
        "prints which ops are on the CPU"
    ),
    recognised=(
        "The process has a device other than a CPU, no kernel ran on it in the traced calls, and running the "
        "model takes at least LEAST_SHARE of the call."
    ),
    example="with tf.device('CPU:0'):\n    model = build()         # its variables stay there",
    sources=("https://www.tensorflow.org/guide/gpu",),
    needs=("environment.devices", "devices", "layers", "phases"),
    judge=judge,
    thresholds=(LEAST_SHARE,),
)
