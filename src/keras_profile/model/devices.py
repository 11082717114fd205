"""What GPUs and TPUs did in an average step of a trace, or traced call of a recording.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from .described import says
from .ranges import Count, Nanoseconds, Share


@dataclass(frozen=True)
class KernelShare:
    """Kernels of one op, per step."""

    op: Annotated[str, says("type of the op, or else the kernel's name")]
    self_ns: Annotated[Nanoseconds, says("their time")]
    share: Annotated[Share, says("of all kernels' time")]
    count_per_step: Annotated[float, says("how many")]


@dataclass(frozen=True)
class DeviceWait:
    """What the host did while a device had nothing to do, per step."""

    phase: Annotated[str, says("the phase that the host's thread was in")]
    idle_ns: Annotated[Nanoseconds, says("how long the device was idle meanwhile")]
    share: Annotated[Share, says("of all idle time")]


@dataclass(frozen=True)
class DeviceCopies:
    """Copies of one direction, per step."""

    direction: Annotated[str, says("such as `to the device`")]
    self_ns: Annotated[Nanoseconds, says("their time, summed over the streams")]
    count_per_step: Annotated[float, says("how many")]
    bytes_per_step: Annotated[Count | None, says("how much; null if the trace does not say")]


@dataclass(frozen=True)
class DeviceScope:
    """Kernels of one name scope, such as a layer's, per step."""

    scope: Annotated[str, says("its path; empty if unknown")]
    self_ns: Annotated[Nanoseconds, says("their time; those of all scopes sum to `kernels_ns`")]
    share: Annotated[Share, says("of all kernels' time")]


@dataclass(frozen=True)
class DeviceDivision:
    """A GPU or TPU in an average step (a traced call), beside the host.

    Busy and idle time sum to the step. Kernels and copies are summed over all streams, so they can be more
    than the busy time.
    """

    device: Annotated[str, says("its name in the trace")]
    busy_ns: Annotated[Nanoseconds, says("time with a kernel or copy on any stream")]
    idle_ns: Annotated[Nanoseconds, says("the rest of the step")]
    busy_share: Annotated[Share, says("of the step")]
    overlap_ns: Annotated[Nanoseconds, says("time in which it copied and computed at once")]
    outside_ns: Annotated[Nanoseconds, says("time of kernels and copies that began in no step, in all")]
    kernels_ns: Annotated[Nanoseconds, says("time of all kernels")]
    waits: Annotated[
        list[DeviceWait], says("idle time by what the host did meanwhile; they sum to `idle_ns`")
    ]
    copies: Annotated[list[DeviceCopies], says("copies by direction")]
    kernels: Annotated[list[KernelShare], says("kernels by op, most expensive first")]
    scopes: Annotated[list[DeviceScope], says("kernels by name scope, most expensive first")]
    kernels_per_step: Annotated[float, says("number of kernels")] = 0.0
    median_kernel_ns: Annotated[Nanoseconds, says("how long the median kernel takes")] = 0
    matrix_kernels_ns: Annotated[
        Nanoseconds, says("time of kernels of NVIDIA's libraries that multiply matrices or convolve")
    ] = 0
    tensor_cores_ns: Annotated[
        Nanoseconds, says("time of those among them that use tensor cores, by their names")
    ] = 0
    median_launch_ns: Annotated[
        Nanoseconds | None,
        says("how long after its launch on the host the median kernel or copy begins; null if unknown"),
    ] = None
    memory_peak_bytes: Annotated[
        Count | None, says("most memory of the device in use in a step; null if unknown")
    ] = None
    memory_rise_bytes: Annotated[
        Count | None, says("by how much it rises in a step above what is in use when it begins; the median")
    ] = None


def busiest(devices: Sequence[DeviceDivision]) -> DeviceDivision:
    """The device that is busy for longest, of one at least."""
    return max(devices, key=lambda device: device.busy_ns)
