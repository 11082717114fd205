"""What differs between the steps of two traces, phase by phase.

The two were recorded at different times, perhaps on different machines: a difference is an indication,
never a verdict. The differences of the phases sum to that of the step exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...analysis.intervals import LEAST_FOR_INTERVAL, difference_interval
from ...errors import RecordingError
from ...model.arrays import Ints
from ...model.recording import Schema
from .trace_report import HostTrace, TraceDivision, TraceReport

#: Name and version of what ``keras-profile trace --compare --json`` prints.
#:
#: History: 1 is the first. Keys may be added without a new version.
DIFFERENCES_SCHEMA = Schema("keras_profile.trace_differences", 1)


@dataclass(frozen=True)
class PartDifference:
    """A phase, a kernel or a device: ns of an average step before and after.

    ``difference_ci95_ns`` is the interval of the difference of medians over steps, null if one side has
    fewer than six steps; kernels and devices have none.
    """

    name: str
    before_ns: int
    after_ns: int
    difference_ns: int
    difference_ci95_ns: tuple[int, int] | None = None


@dataclass(frozen=True)
class TraceDifferences:
    """Two traces, or folders of traces: the first is before, the second after.

    ``phases`` sum to ``step`` exactly, largest difference first, like ``kernels`` and ``busy``, the time that
    devices are busy.
    """

    schema: Schema
    before: str
    after: str
    step: PartDifference
    phases: list[PartDifference]
    kernels: list[PartDifference]
    busy: list[PartDifference]


def trace_differences(before: TraceReport, after: TraceReport, names: tuple[str, str]) -> TraceDifferences:
    """Compares the average steps of two reports.

    Raises :class:`RecordingError` if one of them has profiles alone, which have no steps.
    """
    for name, side in zip(names, (before, after)):
        if not side.hosts:
            raise RecordingError(
                f"{name}: expected a trace with steps, found a profile", "compare two traces of TensorFlow"
            )
    sides = (before, after)
    divisions = [_division(side) for side in sides]
    return TraceDifferences(
        schema=DIFFERENCES_SCHEMA,
        before=names[0],
        after=names[1],
        step=_difference("step", divisions[0].step_ns, divisions[1].step_ns, _interval(sides, None)),
        phases=[
            replace(one, difference_ci95_ns=_interval(sides, one.name))
            for one in _named([[(part.phase, part.self_ns) for part in one.phases] for one in divisions])
        ],
        kernels=_named([[(one.op, one.self_ns) for one in division.kernels] for division in divisions]),
        busy=_named([_busy(side.hosts) for side in sides]),
    )


def _division(report: TraceReport) -> TraceDivision:
    return report.joint or report.hosts[0].division


def _columns(report: TraceReport, phase: str | None) -> Ints:
    """The ns of each step, or of its part in a phase."""
    found = []
    for host in report.hosts:
        nothing = [0] * len(host.steps.total_ns)
        found += host.steps.total_ns if phase is None else host.steps.phases_ns.get(phase, nothing)
    return np.array(found, dtype=np.int64)


def _busy(hosts: Sequence[HostTrace]) -> list[tuple[str, int]]:
    """How long each device is busy in a step; of several hosts, those that have the device."""
    found: dict[str, list[int]] = {}
    for host in hosts:
        for device in host.devices:
            found.setdefault(device.device, []).append(device.busy_ns)
    return [(name, sum(busy) // len(busy)) for name, busy in found.items()]


def _interval(sides: Sequence[TraceReport], phase: str | None) -> tuple[int, int] | None:
    """The interval of the difference of medians over steps, of a phase or of all; null for few steps."""
    before, after = (_columns(side, phase) for side in sides)
    if min(len(before), len(after)) < LEAST_FOR_INTERVAL:
        return None
    low, high = difference_interval(after, before)
    return round(low), round(high)


def _named(sides: Sequence[Sequence[tuple[str, int]]]) -> list[PartDifference]:
    """What either side has of each name, largest difference first."""
    before, after = (dict(side) for side in sides)
    found = [_difference(name, before.get(name, 0), after.get(name, 0)) for name in {**before, **after}]
    return sorted(found, key=lambda one: (-abs(one.difference_ns), -one.after_ns, one.name))


def _difference(
    name: str, before: int, after: int, interval: tuple[int, int] | None = None
) -> PartDifference:
    return PartDifference(name, before, after, after - before, interval)
