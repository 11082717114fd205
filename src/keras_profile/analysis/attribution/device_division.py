"""The average step of a device, of the sums over all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from ...model.arrays import Ints
from ...model.devices import DeviceCopies, DeviceDivision, DeviceScope, DeviceWait, KernelShare
from .device_work import DeviceSums


def divide_device(sums: DeviceSums, parts: Sequence[str], steps: int) -> DeviceDivision:
    """Returns the average of a device's steps; ``parts`` names the columns of ``sums.idle``."""
    named = [number for number, ps in enumerate(sums.idle) if ps]
    named.sort(key=lambda number: -sums.idle[number])
    busy, *waits = whole_ns([sums.busy, *(sums.idle[number] for number in named)], steps)
    idle, whole = max(1, sum(sums.idle)), max(1, sums.busy + sum(sums.idle))
    by_scope, by_op = (_by(sums.kernels, of) for of in (0, 1))
    kernels = max(1, sum(sums.kernels.values()))
    return DeviceDivision(
        device=sums.device,
        busy_ns=busy,
        idle_ns=sum(waits),
        busy_share=round(sums.busy / whole, 6),
        overlap_ns=sums.overlap // (1000 * steps),
        outside_ns=sums.outside // 1000,
        kernels_ns=sum(sums.kernels.values()) // (1000 * steps),
        waits=[
            DeviceWait(parts[number], ns, round(sums.idle[number] / idle, 6))
            for number, ns in zip(named, waits)
        ],
        copies=[
            DeviceCopies(
                direction,
                ps // (1000 * steps),
                round(sums.copy_counts[direction] / steps, 3),
                sums.copied[direction] // steps if sums.copied[direction] >= 0 else None,
            )
            for direction, ps in sums.copies.most_common()
        ],
        kernels=[
            KernelShare(
                op, ps // (1000 * steps), round(ps / kernels, 6), round(sums.kernel_counts[op] / steps, 3)
            )
            for op, ps in by_op.most_common()
        ],
        scopes=[
            DeviceScope(scope, ns, round(by_scope[scope] / kernels, 6))
            for (scope, _), ns in zip(
                by_scope.most_common(), whole_ns([ps for _, ps in by_scope.most_common()], steps)
            )
        ],
        kernels_per_step=round(sum(sums.kernel_counts.values()) / steps, 3),
        median_kernel_ns=_median_ns(sums.kernel_ps),
        matrix_kernels_ns=sums.matrix // (1000 * steps),
        tensor_cores_ns=sums.tensor_cores // (1000 * steps),
        median_launch_ns=_median_ns(sums.launch_ps) if any(map(len, sums.launch_ps)) else None,
        memory_peak_bytes=sums.memory_peak if sums.memory_rises else None,
        memory_rise_bytes=int(np.median(sums.memory_rises)) if sums.memory_rises else None,
    )


def _by(kernels: Mapping[tuple[str, str], int], of: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, ps in kernels.items():
        found[key[of]] += ps
    return found


def _median_ns(lengths: Sequence[Ints]) -> int:
    whole = np.concatenate([np.zeros(0, dtype=np.int64), *lengths])
    return int(np.median(whole)) // 1000 if len(whole) else 0


def whole_ns(parts_ps: Sequence[int], steps: int) -> list[int]:
    """Returns each part of an average step in whole ns, so that the parts sum to the step."""
    upto, found = 0, []
    before = 0
    for part in parts_ps:
        upto += part
        found.append(upto // (1000 * steps) - before)
        before = upto // (1000 * steps)
    return found
