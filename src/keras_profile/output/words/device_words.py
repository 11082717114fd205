"""What GPUs and TPUs did beside the host, in words."""

from __future__ import annotations

from ...model.devices import DeviceDivision
from ...number_words import milliseconds, percent, size

#: How many phases are named that a device waits in.
_NAMED_PHASES = 2


def busy_line(device: DeviceDivision, each: str) -> str:
    """How busy a device is, and what it mostly waits for; ``each`` is a call or a step."""
    words = (
        f"{device.device} is busy {percent(device.busy_share)} of {each} ({milliseconds(device.busy_ns)} ms)"
    )
    waits = [f"{percent(one.share)} in {one.phase}" for one in device.waits[:_NAMED_PHASES]]
    if waits:
        words += f"; while it waits, the host is {', '.join(waits)}"
    return words


def launches_line(device: DeviceDivision, each: str) -> str:
    """How long kernels wait from their launch on, and how much memory is in use; empty if unknown.

    >>> gpu = DeviceDivision("GPU", 0, 0, 0.0, 0, 0, 0, [], [], [], [], median_launch_ns=10_000)
    >>> launches_line(gpu, "a step")
    'GPU: half of what it runs begins within 10 µs of its launch'
    """
    parts = []
    if device.median_launch_ns is not None:
        begins = f"{device.median_launch_ns / 1000:,.3g} µs"
        parts.append(f"half of what it runs begins within {begins} of its launch")
    if device.memory_peak_bytes is not None:
        rise = device.memory_rise_bytes or 0
        parts.append(
            f"at most {size(device.memory_peak_bytes)} of its memory is in use, {size(rise)} more than as "
            f"{each} begins"
        )
    return f"{device.device}: {'; '.join(parts)}" if parts else ""


def copies_line(device: DeviceDivision, each: str) -> str:
    """The copies of a device in ``each`` call or step; empty if there are none."""
    copies = [
        f"{one.direction} {one.count_per_step:.3g}×, {milliseconds(one.self_ns)} ms"
        + ("" if one.bytes_per_step is None else f", {size(one.bytes_per_step)}")
        for one in device.copies
    ]
    return f"copies of {device.device}, {each}: {'; '.join(copies)}" if copies else ""
