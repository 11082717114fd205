"""Copies to and from a GPU take a large part of each call."""

from __future__ import annotations

from math import prod

from ....model.devices import DeviceCopies
from ....model.workload import Input
from ....number_words import milliseconds, size
from ..evidence_view import View
from ..rule import Addition, Answer, NotFound, Rule, Threshold
from ..shared import device_time
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

MORE_THAN_INPUTS = Threshold(
    "MORE_THAN_INPUTS",
    2,
    "times the size of the inputs that is copied to the device at least, to say that more than the inputs "
    "is copied: some are converted to another type on the way",
)

_TO, _FROM = "to the device", "from the device"


def judge(evidence: View) -> Answer:
    device = device_time.busiest(evidence)
    if device is None:
        return device_time.NO_DEVICE
    name = device_time.short(device)
    copies = [one for one in device.copies if one.direction in (_TO, _FROM)]
    if not copies:
        return NotFound(f"nothing is copied to or from {name}")
    alone = max(sum(one.self_ns for one in copies) - device.overlap_ns, 0)
    lines = [_line(one) for one in copies]
    needless = _beyond_inputs(evidence, copies)
    if needless:
        lines.append(needless)
    return claim(
        evidence,
        {"execution": device_time.in_call(evidence, device, min(alone, device.busy_ns))},
        f"copies to and from {name} alone are",
        title=f"Copies to and from {name} take {{cost}} ms, while it computes nothing",
        lines=lines,
        sure="by the device's own times",
        addition=Addition(f"copies to and from {name} are part of it", lines),
    )


def _line(one: DeviceCopies) -> str:
    sized = "" if one.bytes_per_step is None else f", {size(one.bytes_per_step)}"
    return f"{one.direction}: {one.count_per_step:.3g} copies, {milliseconds(one.self_ns)} ms{sized}"


def _beyond_inputs(evidence: View, copies: list[DeviceCopies]) -> str:
    """Says that more than the inputs is copied to the device, if that is known."""
    copied = sum(one.bytes_per_step or 0 for one in copies if one.direction == _TO)
    if not evidence.has("workload.inputs"):
        return ""
    given = 0
    inputs: list[Input] = evidence.workload("inputs")
    for one in inputs:
        if one.kind not in ("array", "tensor") or not one.shape or one.dtype is None:
            return ""
        width = _WIDTHS.get(one.dtype)
        if width is None or None in one.shape:
            return ""
        given += width * prod(length or 0 for length in one.shape)
    if not given or copied < MORE_THAN_INPUTS * given:
        return ""
    return (
        f"the inputs have {size(given)}, so weights or constants are copied in each call too: they may be on "
        "the CPU"
    )


#: The bytes of a number, by its type.
_WIDTHS = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "float16": 2,
    "bfloat16": 2,
    "int32": 4,
    "float32": 4,
    "int64": 8,
    "float64": 8,
}

RULE = Rule(
    id="device_copies",
    title="Copies to and from the GPU take much of a call",
    meaning=(
        "Inputs are copied to the device and outputs back, and the model waits for the first and the caller "
        "for the second. Chains of calls copy results back only to copy them to the device again."
    ),
    advice=(
        "leave data on the device: pass tensors made there, keep outputs as tensors until the last step "
        "(call the model instead of `predict`), and send smaller types, such as `uint8` images"
    ),
    recognised=(
        "Copies to and from the device take at least LEAST_SHARE of the call, without what overlaps with "
        "kernels. If they are MORE_THAN_INPUTS times the inputs, weights or constants are among them."
    ),
    example="y = second.predict(first.predict(x))          # copied back and forth\n\n"
    "y = second(first(tf.constant(x))).numpy()     # copied once",
    sources=("https://www.tensorflow.org/guide/gpu_performance_analysis",),
    needs=("devices", "phases"),
    uses=("workload.inputs",),
    judge=judge,
    thresholds=(LEAST_SHARE, MORE_THAN_INPUTS),
    recipes=("input_as_tensor", "predict_on_batch", "half_precision"),
)
