"""A GPU runs many short kernels and waits for the launch of each."""

from __future__ import annotations

from ....number_words import number, percent
from ..evidence_view import View
from ..rule import Addition, Answer, NotFound, Rule, Threshold
from ..shared import device_time
from ..shared.claiming import claim
from ..shared.thresholds import DEVICE_IDLE_SHARE

SHORT_KERNEL_NS = Threshold(
    "SHORT_KERNEL_NS",
    10_000,
    "ns that the median kernel takes at most: NVIDIA measures about 10 microseconds from one launch to the "
    "next for kernels of 3, so a longer kernel hides the launch of the next one",
)

QUEUED_NS = Threshold(
    "QUEUED_NS",
    100_000,
    "ns from launch to begin from which on kernels wait in a queue: NVIDIA's and AMD's GPUs begin about 10 "
    "microseconds after the launch if nothing is before it",
)

MANY_KERNELS = Threshold(
    "MANY_KERNELS",
    50,
    "kernels a call at least, for their launches to matter: fifty take about half a millisecond",
)


def judge(evidence: View) -> Answer:
    device = device_time.busiest(evidence)
    if device is None:
        return device_time.NO_DEVICE
    name = device_time.short(device)
    if device.kernels_per_step < MANY_KERNELS:
        return NotFound(f"{name} runs {number(device.kernels_per_step)} kernels")
    if device.median_kernel_ns > SHORT_KERNEL_NS:
        return NotFound(f"the median kernel of {name} takes {_micro(device.median_kernel_ns)}")
    if device.median_launch_ns is not None and device.median_launch_ns > QUEUED_NS:
        return NotFound(
            f"kernels of {name} wait in a queue: half begin {_micro(device.median_launch_ns)} after their "
            "launch or later"
        )
    line = (
        f"{number(device.kernels_per_step)} kernels, half of them of at most "
        f"{_micro(device.median_kernel_ns)}"
    )
    return claim(
        evidence,
        device_time.idle_claims(evidence, device, device_time.LAUNCHES),
        f"what {name} waits while ops are launched is",
        title=(
            f"{name} is busy {percent(device.busy_share)} of the time: it waits {{cost}} ms for the launches "
            f"of {number(device.kernels_per_step)} short kernels"
        ),
        lines=[line, *device_time.lines(device)],
        least=DEVICE_IDLE_SHARE,
        addition=Addition(f"{name} waits for launches meanwhile", [line]),
    )


def _micro(ns: int) -> str:
    return f"{ns / 1000:.2g} µs"


RULE = Rule(
    id="device_launches",
    title="The GPU waits for the launch of short kernels",
    meaning=(
        "Each op is launched by the host, one after the other. If kernels take less time than their launch, "
        "the device waits for the host between them, whatever the model computes."
    ),
    advice=(
        "compile the model with XLA (`jit_compile=True`), which makes few kernels of many ops, or give each "
        "call more rows"
    ),
    recognised=(
        "The device runs at least MANY_KERNELS kernels a call, the median takes at most SHORT_KERNEL_NS, and "
        "it is idle for at least DEVICE_IDLE_SHARE of the call while the host launches ops. If the trace "
        "says when kernels were launched, the median begins within QUEUED_NS."
    ),
    example="tf.function(model)(x)                        # 400 kernels of 3 µs in 6 ms\n\n"
    "tf.function(model, jit_compile=True)(x)      # 40 kernels",
    sources=("https://developer.nvidia.com/blog/cuda-graphs/",),
    needs=("devices", "phases"),
    judge=judge,
    thresholds=(DEVICE_IDLE_SHARE, SHORT_KERNEL_NS, QUEUED_NS, MANY_KERNELS),
    recipes=("function_jit_compiled", "larger_batch_size"),
)
