"""Matrices are multiplied on a GPU without its tensor cores."""

from __future__ import annotations

from ....model.workload import Layer
from ....number_words import percent
from ..evidence_view import View
from ..rule import Answer, NotFound, Rule, Threshold
from ..shared import device_time
from ..shared.claiming import claim
from ..shared.thresholds import LEAST_SHARE

MOSTLY = Threshold(
    "MOSTLY",
    0.50,
    "share of matrix kernels that must be on tensor cores: some layers, such as the last, stay in float32 on "
    "purpose",
)

#: Policies under which a layer computes in a type that tensor cores are made for.
_HALF = ("mixed_float16", "float16", "mixed_bfloat16", "bfloat16")


def judge(evidence: View) -> Answer:
    device = device_time.busiest(evidence)
    if device is None:
        return device_time.NO_DEVICE
    name = device_time.short(device)
    if not device.matrix_kernels_ns:
        return NotFound(f"no kernel of {name} is known to multiply matrices by NVIDIA's libraries")
    on_cores = device.tensor_cores_ns / device.matrix_kernels_ns
    if on_cores >= MOSTLY:
        return NotFound(f"{percent(on_cores)} of the matrix kernels' time is on tensor cores")
    half: list[str] = []
    if evidence.has("workload.layers"):
        layers: list[Layer] = evidence.workload("layers")
        half = sorted({str(one.dtype_policy) for one in layers if one.dtype_policy in _HALF})
    off = device.matrix_kernels_ns - device.tensor_cores_ns
    return claim(
        evidence,
        {"execution": device_time.in_call(evidence, device, min(off, device.busy_ns))},
        f"matrix kernels of {name} off tensor cores are",
        title=(
            (f"Layers compute in {' and '.join(half)}, but " if half else "")
            + f"{percent(1 - on_cores)} of {name}'s matrix kernels are not on tensor cores ({{cost}} ms)"
        ),
        lines=[
            "by the names of NVIDIA's kernels, which have the instruction's size if they use tensor cores",
            "sizes that are no multiples of 8 keep float16 off them"
            if half
            else "they take float16, bfloat16, int8 and, since Ampere, float32 as TF32",
        ],
        sure="by the device's own times",
    )


RULE = Rule(
    id="tensor_cores_unused",
    title="Matrices are multiplied without tensor cores",
    meaning=(
        "NVIDIA's GPUs since Volta multiply matrices of half precision several times as fast as float32, on "
        "tensor cores. Libraries choose them only for the right types, and for float16 only if sizes are "
        "multiples of 8. GPUs before Volta have none: there this finding has no fix."
    ),
    advice=(
        "compute in `mixed_float16` or `mixed_bfloat16` with channels that are multiples of 8, and check the "
        "outputs"
    ),
    recognised=(
        "Matrix kernels of NVIDIA's libraries off tensor cores take at least LEAST_SHARE of the call, and "
        "less than MOSTLY of all of them are on tensor cores."
    ),
    example="keras.mixed_precision.set_global_policy('mixed_float16')",
    sources=(
        "https://docs.nvidia.com/deeplearning/performance/mixed-precision-training/index.html",
        "https://www.tensorflow.org/guide/mixed_precision",
    ),
    needs=("devices", "phases"),
    uses=("workload.layers",),
    judge=judge,
    thresholds=(LEAST_SHARE, MOSTLY),
    recipes=("half_precision",),
)
