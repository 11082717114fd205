"""What rules about GPUs and TPUs share: which device counts, and what it waits for."""

from __future__ import annotations

from collections.abc import Collection

from ....model import devices
from ....model.devices import DeviceDivision
from ....number_words import milliseconds, percent
from ..evidence_view import View
from ..rule import NotFound

#: What a rule about devices answers if there is none.
NO_DEVICE = NotFound("no device")
#: Phases in which the input of a call is prepared.
_INPUT = ("input_standardization", "data_adapter", "dataset_building", "iterator_creation", "batch_fetching")
#: The two in which a pipeline is made, whose functions are traced then.
_MADE = ("dataset_building", "iterator_creation")
#: Phases in which ops are launched. ``single_ops`` is a part of a trace, not a phase of a recording.
LAUNCHES = ("execution", "eager_execution", "single_ops")
#: How many phases a line names.
_NAMED = 3


def busiest(evidence: View) -> DeviceDivision | None:
    """The device that is busy for longest, None if none did anything."""
    return devices.busiest(evidence.devices) if evidence.devices else None


def short(device: DeviceDivision) -> str:
    """A device's name as people write it: ``GPU:0``."""
    return device.device.removeprefix("/device:")


def input_phases(device: DeviceDivision) -> set[str]:
    """The phases that prepare the input; tracing is one of them if each call makes a pipeline."""
    makes_it = any(wait.phase in _MADE and wait.idle_ns for wait in device.waits)
    return {*_INPUT, "function_tracing"} if makes_it else set(_INPUT)


def idle_claims(evidence: View, device: DeviceDivision, phases: Collection[str]) -> dict[str, float]:
    """The ns of the median call in which the host was in these ``phases`` and the device idle."""
    return {
        wait.phase: in_call(evidence, device, wait.idle_ns) for wait in device.waits if wait.phase in phases
    }


def in_call(evidence: View, device: DeviceDivision, ns: float) -> float:
    """What ``ns`` of a traced call are in the median call."""
    return ns / max(device.busy_ns + device.idle_ns, 1) * evidence.total_ns


def lines(device: DeviceDivision) -> list[str]:
    """How busy the device is, and what the host did while it was idle."""
    waits = ", ".join(f"{percent(wait.share)} in {wait.phase}" for wait in device.waits[:_NAMED])
    return [
        (
            f"{short(device)} is busy {percent(device.busy_share)} of the time "
            f"({milliseconds(device.busy_ns)} ms)"
        ),
        *([f"while it is idle, the host is {waits}"] if waits else []),
    ]
