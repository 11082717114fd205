"""What a device did: when it was busy, and its kernels and copies, by op and by scope."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ...model.arrays import Ints
from ...model.trace import Correlated, DevicePlane, MemoryInUse, TraceLine

#: How the lines begin on which a GPU does something; and a TPU's line.
_STREAM, _OPS_OF_TPU = "Stream", "XLA Ops"
#: The lines that profilers derive from these: which ops kernels are of, and more.
_OPS_OF_KERNELS = ("TensorFlow Ops", "Framework Ops")
_DERIVED = {
    *_OPS_OF_KERNELS,
    "Steps",
    "TensorFlow Name Scope",
    "Framework Name Scope",
    "XLA Modules",
    "XLA TraceMe",
    "Source code",
}
#: What copies, and its direction, by the names of events of CUPTI and ROCm.
_COPY = re.compile(
    r"(?:Memcpy|Copy|hipMemcpy) ?(H2D|HtoD|HostToDevice|D2H|DtoH|DeviceToHost|D2D|DtoD|DeviceToDevice|P2P|"
    r"PtoP)?(?![a-z])|.*fillBuffer|Memset",
    re.IGNORECASE,
)
_DIRECTIONS = {
    "h2d": "to the device",
    "htod": "to the device",
    "hosttodevice": "to the device",
    "d2h": "from the device",
    "dtoh": "from the device",
    "devicetohost": "from the device",
    "d2d": "on the device",
    "dtod": "on the device",
    "devicetodevice": "on the device",
    "p2p": "between devices",
    "ptop": "between devices",
}
#: What fills memory, and copies whose direction the trace does not say.
FILL, COPY = "fill", "copy"
_REPLICA = re.compile(r"replica_\d+/")
#: What stands for the scope of a kernel if the trace does not say.
NO_SCOPE = ""
#: Ops for which tensor cores are made: they multiply matrices, or convolve.
_MATRIX_OP = re.compile(
    r"_?(?:Fused)?(?:Batch)?MatMul(?:V\d)?$|Einsum$|_?(?:Fused)?Conv[123]D|CudnnRNN|dot(?:_general)?$|conv_general"
)
#: Kernels of NVIDIA's libraries: for other devices, names do not say what a kernel uses.
_OF_NVIDIA = re.compile(
    r"cudnn|cutlass|cublas|xmma|(?:maxwell|pascal|volta|turing|ampere|hopper|blackwell|sm\d+)_|[sh]gemm"
)
#: What those for tensor cores have in their names: the size of an instruction, as in volta_h884gemm or
#: sm80_xmma_fprop_implicit_gemm_tf32_tensor16x8x8, or what it is called.
_TENSOR_CORES = re.compile(r"[a-z](?:884|1688|16816|16832)|tensorop|tensor\d+x\d+x\d+|warpgroup|hmma|imma")

#: Calls of CUDA and ROCm in which the host waits for a device; TensorFlow's tracer sees the first.
_WAITS = re.compile(r"(?:cu(?:Stream|Event|Ctx)|cuda[A-Z]\w*|hip[A-Z]\w*)Synchronize")


def waits_for_device(name: str) -> bool:
    """Whether the host waits for a device in an event of this name.

    https://github.com/openxla/xla/tree/main/xla/backends/profiler/gpu (``device_tracer_cuda.cc``).

    >>> waits_for_device("cuStreamSynchronize"), waits_for_device("cuStreamWaitEvent")
    (True, False)
    """
    return bool(_WAITS.match(name))


@dataclass(frozen=True)
class Busy:
    """When something was busy: intervals in ps that do not overlap, in order.

    ``before`` is how long it was busy before each of them.
    """

    begin: Ints
    end: Ints
    before: Ints

    @classmethod
    def of(cls, begin: Ints, end: Ints) -> Busy:
        """The union of intervals, in any order.

        >>> busy = Busy.of(np.array([0, 5, 20]), np.array([10, 15, 30]))
        >>> busy.begin.tolist(), busy.end.tolist(), busy.before.tolist()
        ([0, 20], [15, 30], [0, 15])
        """
        if (begin[1:] >= end[:-1]).all():  # as those of one stream
            return cls(begin, end, _sums_before(end - begin))
        if (begin[1:] < begin[:-1]).any():
            order = np.argsort(begin, kind="stable")
            begin, end = begin[order], end[order]
        latest = np.maximum.accumulate(end)
        starts = np.flatnonzero(np.append(True, begin[1:] > latest[:-1])[: len(begin)])
        ends = latest[np.append(starts[1:], len(begin))[: len(starts)] - 1]
        begin = begin[starts]
        return cls(begin, ends, _sums_before(ends - begin))

    def upto(self, times: Ints) -> Ints:
        """How long it was busy before each of the ``times``.

        >>> Busy.of(np.array([0, 20]), np.array([10, 30])).upto(np.array([-5, 5, 15, 25, 99])).tolist()
        [0, 5, 10, 15, 20]
        """
        if not len(self.begin):
            return np.zeros(len(times), dtype=np.int64)
        at = np.searchsorted(self.begin, times, side="right") - 1
        known = np.maximum(at, 0)
        into = np.minimum(times, self.end[known]) - self.begin[known]
        return np.where(at >= 0, self.before[known] + into, 0)


def _sums_before(lengths: Ints) -> Ints:
    """The sum of the lengths before each of them."""
    found: Ints = np.cumsum(lengths)
    found -= lengths
    return found


@dataclass(frozen=True)
class DeviceActivity:
    """Everything that a device did, on all its streams, in the order in which it began; when it was busy.

    ``launches`` are the host's.
    """

    plane: DevicePlane
    launches: Correlated
    begin: Ints
    end: Ints
    event: Ints
    busy: Busy


@dataclass
class DeviceSums:
    """The sums over the steps, in ps. ``idle`` has the idle time by the host's parts.

    ``overlap`` is how long it copied and computed at the same time; ``outside`` is the time of kernels and
    copies that began in no step. ``copied`` has -1 if the sizes are not known. ``kernels`` have the
    scope and the op, ``kernel_ps`` how long each took. ``matrix`` is the time of kernels of NVIDIA's
    libraries that multiply matrices or convolve, ``tensor_cores`` of those among them on tensor cores.
    ``launch_ps`` is how long after its launch each kernel or copy began, of those whose launch is known;
    ``memory_rises`` is by how many bytes the memory in use rose in each step that tells.
    """

    device: str
    busy: int = 0
    idle: list[int] = field(default_factory=list)
    overlap: int = 0
    outside: int = 0
    kernels: Counter[tuple[str, str]] = field(default_factory=Counter)
    kernel_counts: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)
    copy_counts: Counter[str] = field(default_factory=Counter)
    copied: dict[str, int] = field(default_factory=dict)
    kernel_ps: list[Ints] = field(default_factory=list)
    matrix: int = 0
    tensor_cores: int = 0
    launch_ps: list[Ints] = field(default_factory=list)
    memory_peak: int = 0
    memory_rises: list[int] = field(default_factory=list)

    def add(self, other: DeviceSums) -> None:
        """Adds the sums of the same device in another trace."""
        self.idle = [one + more for one, more in zip(self.idle, other.idle)] if self.idle else other.idle
        for name in (
            "busy",
            "overlap",
            "outside",
            "matrix",
            "tensor_cores",
            "kernel_ps",
            "launch_ps",
            "memory_rises",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.memory_peak = max(self.memory_peak, other.memory_peak)
        for name in ("kernels", "kernel_counts", "copies", "copy_counts"):
            getattr(self, name).update(getattr(other, name))
        for where, size in other.copied.items():
            known = self.copied.get(where, 0)
            self.copied[where] = -1 if size < 0 or known < 0 else known + size


def activity_of(plane: DevicePlane, launches: Correlated) -> DeviceActivity:
    """Returns what the device did, of its streams alone. ``launches`` are those of the host."""
    lines = active_lines(plane)
    begin, end, event = (
        getattr(lines[0], column)
        if len(lines) == 1
        else np.concatenate([np.zeros(0, dtype=np.int64), *(getattr(line, column) for line in lines)])
        for column in ("begin", "end", "name")
    )
    if len(lines) > 1:
        order = np.argsort(begin, kind="stable")
        begin, end, event = begin[order], end[order], event[order]
    return DeviceActivity(plane, launches, begin, end, event, Busy.of(begin, end))


def direction(name: str) -> str | None:
    """Returns where an event copies, None if it is a kernel.

    >>> direction("MemcpyH2D"), direction("Memset"), direction("Copy"), direction("CopyKernel")
    ('to the device', 'fill', 'copy', None)
    """
    found = _COPY.match(name)
    if found is None:
        return None
    if found[1]:
        return _DIRECTIONS[found[1].lower()]
    return FILL if "memset" in name.lower() or "fillbuffer" in name.lower() else COPY


def sums_of(
    activity: DeviceActivity, step_begin: Ints, step_end: Ints, parts: Ints, busy_parts: Ints
) -> DeviceSums:
    """Sums up what a device did in the steps.

    ``parts`` and ``busy_parts`` have a row for each step and a column for each part of the host: how long it
    was there, and how long the device was busy meanwhile.
    """
    plane = activity.plane
    found = DeviceSums(plane.name)
    found.busy = int(busy_parts.sum())
    found.idle = (parts - busy_parts).sum(axis=0).tolist()
    duration = activity.end - activity.begin
    during = _in_steps(activity.begin, step_begin, step_end)
    found.outside = int(duration[~during].sum())
    directions = [direction(event.name) for event in plane.events]
    copies = np.array([one is not None for one in directions], dtype=bool)[activity.event]
    _add_copies(found, activity, directions, np.flatnonzero(during & copies))
    _add_kernels(found, activity, np.flatnonzero(during & ~copies))
    found.launch_ps.append(_launch_ps(activity, step_begin, step_end))
    _add_memory(found, plane.memory, step_begin, step_end)
    if copies.any():
        both = [Busy.of(activity.begin[which], activity.end[which]) for which in (copies, ~copies)]
        found.overlap = sum(_within(one, step_begin, step_end) for one in both) - _within(
            activity.busy, step_begin, step_end
        )
    return found


def active_lines(plane: DevicePlane) -> list[TraceLine]:
    """The lines on which the device does something: its streams, without what was derived from them."""
    for wanted in (_STREAM, _OPS_OF_TPU):
        lines = [line for line in plane.lines if line.thread.startswith(wanted)]
        if lines:
            return lines
    return [line for line in plane.lines if line.thread not in _DERIVED]


def _in_steps(times: Ints, step_begin: Ints, step_end: Ints) -> npt.NDArray[np.bool_]:
    """Which of the ``times``, which are in order, are in a step."""
    edges = np.zeros(len(times) + 1, dtype=np.int32)
    np.add.at(edges, np.searchsorted(times, step_begin), 1)
    np.add.at(edges, np.searchsorted(times, step_end), -1)
    inside: npt.NDArray[np.bool_] = np.cumsum(edges[:-1], dtype=np.int32) > 0
    return inside


def _launch_ps(activity: DeviceActivity, step_begin: Ints, step_end: Ints) -> Ints:
    """How long after its launch each kernel or copy of the steps began, if the launch is known."""
    launches, launched = activity.launches, activity.plane.launched
    if not len(launches.id) or not len(launched.id):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(launched.begin, kind="stable")
    ids, begin = launched.id[order], launched.begin[order]
    at = np.minimum(np.searchsorted(launches.id, ids), len(launches.id) - 1)
    known = _in_steps(begin, step_begin, step_end) & (launches.id[at] == ids) & (begin >= launches.begin[at])
    found: Ints = begin[known] - launches.begin[at[known]]
    return found


def _add_memory(found: DeviceSums, memory: MemoryInUse, step_begin: Ints, step_end: Ints) -> None:
    """Adds the highest memory in use, and by how much it rose above what was in use as each step began."""
    first = np.searchsorted(memory.begin, step_begin)
    last = np.searchsorted(memory.begin, step_end)
    for begin, end in zip(first.tolist(), last.tolist()):
        if begin < end:
            peak = int(memory.bytes[begin:end].max())
            found.memory_peak = max(found.memory_peak, peak)
            found.memory_rises.append(max(peak - int(memory.bytes[max(begin - 1, 0)]), 0))


def _within(busy: Busy, begin: Ints, end: Ints) -> int:
    return int((busy.upto(end) - busy.upto(begin)).sum())


def _add_copies(
    found: DeviceSums, activity: DeviceActivity, directions: Sequence[str | None], which: Ints
) -> None:
    ps, count = _by_number(activity, which, activity.event[which], len(activity.plane.events))
    for event in np.flatnonzero(count).tolist():
        where = directions[event]
        assert where is not None
        found.copies[where] += int(ps[event])
        found.copy_counts[where] += int(count[event])
        size, known = activity.plane.events[event].bytes, found.copied.get(where, 0)
        found.copied[where] = -1 if size < 0 or known < 0 else known + size * int(count[event])


def _add_kernels(found: DeviceSums, activity: DeviceActivity, which: Ints) -> None:
    """Adds kernels by their ops: by the line that says which op runs when, or by their own stats."""
    events = activity.plane.events
    is_named = np.array([bool(event.name) for event in events])
    texts = [event.op for event in events] + [event.name for event in events]
    numbers = activity.event[which].copy()
    for line in activity.plane.lines:
        if line.thread in _OPS_OF_KERNELS:
            at = np.searchsorted(line.begin, activity.begin[which], side="right") - 1
            inside = (at >= 0) & (activity.begin[which] < line.end[np.maximum(at, 0)])
            inside &= is_named[line.name[np.maximum(at, 0)]]
            numbers[inside] = len(events) + line.name[at[inside]]
    found.kernel_ps.append(activity.end[which] - activity.begin[which])
    is_matrix = np.zeros(len(texts), dtype=bool)
    ps, count = _by_number(activity, which, numbers, len(texts))
    for number in np.flatnonzero(count).tolist():
        scope, op = parted(texts[number]) if texts[number] else (NO_SCOPE, events[number].name)
        found.kernels[scope, op] += int(ps[number])
        found.kernel_counts[op] += int(count[number])
        is_matrix[number] = bool(texts[number] and _MATRIX_OP.match(op))
    which = which[is_matrix[numbers]]
    ps, count = _by_number(activity, which, activity.event[which], len(events))
    for number in np.flatnonzero(count).tolist():
        if _OF_NVIDIA.search(events[number].name):
            found.matrix += int(ps[number])
            found.tensor_cores += int(ps[number]) * bool(_TENSOR_CORES.search(events[number].name))


def parted(op: str) -> tuple[str, str]:
    """Returns the scope of an op, and the op.

    >>> parted("replica_4/bert/dropout/Mul:Mul"), parted("jit(f)/dense/dot_general"), parted("Relu")
    (('bert/dropout', 'Mul'), ('jit(f)/dense', 'dot_general'), ('', 'Relu'))
    """
    path, colon, kind = op.rpartition(":")
    scope, _, last = (path if colon else op).rpartition("/")
    return _REPLICA.sub("", scope), kind if colon and kind else last


def _by_number(activity: DeviceActivity, which: Ints, numbers: Ints, count: int) -> tuple[Ints, Ints]:
    """Returns time and number of the events ``which``, summed by their ``numbers`` below ``count``."""
    ps = np.zeros(count, dtype=np.int64)
    np.add.at(ps, numbers, activity.end[which] - activity.begin[which])
    return ps, np.bincount(numbers, minlength=count)
