"""Merged call trees: every Python function from samples, or only internals, but exact, from spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...model.arrays import Ints
from ...model.drilldown import CallTree
from ...model.recording import Recording
from ...model.report import PhaseShare
from ...model.samples import Samples
from ...model.timeline import COLLECTION, ROOT, Timeline
from ..attribution.attribute import apportion, row_phases
from ..attribution.partition import partition
from ..attribution.vocabulary import NUMBER, UNATTRIBUTED
from .folding import fold
from .frames import FrameTable
from .paths import STEP, SampledPaths

#: Names of the call's own time: before its first internal, after its last, and the rest.
BEFORE, AFTER, BETWEEN = "before the first internal", "after the last internal", "functions without a name"
COLLECTION_NAME = "garbage collection"
_NONE = NUMBER[UNATTRIBUTED]


class _Growing:
    """A tree that is made path by path: one node for each frame and phase below a node."""

    def __init__(self, call: int) -> None:
        self.frame, self.parent, self.phase, self.weight, self.count = [call], [-1], [_NONE], [0], [0]
        self._child: dict[tuple[int, int, int], int] = {}
        self._steps: Sequence[int] = ()
        self._nodes = [0]

    def child(self, parent: int, frame: int, phase: int) -> int:
        node = self._child.get((parent, frame, phase))
        if node is None:
            node = self._child[parent, frame, phase] = len(self.frame)
            self.frame.append(frame)
            self.parent.append(parent)
            self.phase.append(phase)
            self.weight.append(0)
            self.count.append(0)
        return node

    def end(self, steps: Sequence[int]) -> int:
        """The node at the end of a path from the call on."""
        # Paths that follow each other share most of their steps.
        same = 0
        for step, before in zip(steps, self._steps):
            if step != before:
                break
            same += 1
        nodes = self._nodes[: same + 1]
        for step in steps[same:]:
            nodes.append(self.child(nodes[-1], *divmod(step, STEP)))
        self._steps, self._nodes = steps, nodes
        return nodes[-1]

    def tree(self, name: str, basis: str, self_ns: Ints, counts_samples: bool) -> CallTree:
        columns = [
            np.array(column, dtype=np.int64) for column in (self.frame, self.parent, self.phase, self.count)
        ]
        frame, parent, phase, count = columns
        return CallTree(name, basis, counts_samples, frame, parent, phase, self_ns, count)


def sampled_tree(
    samples: Samples,
    paths: SampledPaths,
    table: FrameTable,
    total_ns: int,
) -> CallTree:
    """The tree of all samples, scaled so that it sums to ``total_ns``, a call's time."""
    growing = _Growing(table.part("the call"))
    # Most samples have a path that was seen before: it is walked once.
    weights = np.zeros(len(paths.steps), dtype=np.int64)
    np.add.at(weights, paths.of_sample, np.array(samples.weight_ns, dtype=np.int64))
    counts = np.bincount(paths.of_sample, minlength=len(paths.steps))
    for steps, weight, count in zip(paths.steps, weights.tolist(), counts.tolist()):
        node = growing.end(steps)
        growing.weight[node] += weight
        growing.count[node] += count
    calls, sampled_ns = len(set(samples.call)), sum(samples.weight_ns)
    basis = (
        f"pyinstrument: {len(samples.stack)} samples in {calls} calls, {sampled_ns / 1e6:.0f} ms in total. "
        "Times are estimates: shares of the samples, scaled to the median bare call."
    )
    self_ns = _scaled(growing.weight, total_ns)
    return fold(growing.tree("samples", basis, self_ns, True), table)


def span_tree(
    recording: Recording,
    warm: Timeline,
    shares: Sequence[PhaseShare],
    table: FrameTable,
) -> CallTree:
    """The tree of all spans; each phase sums to what the report says of it, to the ns."""
    phases = row_phases(recording)
    parts = partition(warm, phases)
    growing = _Growing(table.part("the call"))
    nodes = np.zeros(len(warm.internal), dtype=np.int64)
    rows = zip(
        warm.internal.tolist(),
        warm.parent.tolist(),
        parts.phase.tolist(),
        parts.span_self_ns.tolist(),
        warm.resumed.tolist(),
    )
    for span, (internal, parent, phase, own, resumed) in enumerate(rows):
        if internal == ROOT:
            continue
        frame = table.part(COLLECTION_NAME) if internal == COLLECTION else table.internal(internal)
        node = growing.child(int(nodes[parent]), frame, phase)
        nodes[span] = node
        growing.weight[node] += own
        growing.count[node] += not resumed
    for first, before in zip(parts.first_phase.tolist(), parts.before_ns.tolist()):
        growing.weight[growing.child(0, table.part(BEFORE), first)] += before
    after = growing.child(0, table.part(AFTER), NUMBER["teardown"])
    growing.weight[after] += int(parts.after_ns.sum())
    # The report's unattributed time, known by sampling.
    growing.child(0, table.part(BETWEEN), _NONE)
    self_ns = np.zeros(len(growing.frame), dtype=np.int64)
    phase_column, weight = np.array(growing.phase), np.array(growing.weight, dtype=np.int64)
    for share in shares:
        rows_of_phase = np.flatnonzero(phase_column == NUMBER[share.phase])
        rows_of_phase = rows_of_phase[rows_of_phase > 0]
        self_ns[rows_of_phase] = _scaled(weight[rows_of_phase].tolist(), share.self_ns)
    basis = (
        f"spans: exact entry and exit of Keras' and TensorFlow's internals in {warm.calls} warm calls, "
        "scaled to the median bare call. Functions between them count for their caller."
    )
    return fold(growing.tree("spans", basis, self_ns, False), table)


def _scaled(weights: Sequence[int], total: int) -> Ints:
    """``weights`` as whole numbers that sum to ``total``; if all are 0, the first gets all of it."""
    whole = np.array(weights, dtype=np.float64)
    if not whole.sum():
        whole = np.zeros(len(whole))
        whole[:1] = 1.0
    return np.array(apportion(whole / whole.sum(), total), dtype=np.int64)
