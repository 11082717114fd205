"""Both call trees as one: each internal below those that called it, with its time in both sides."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...model.comparison import ComparedFrame
from ...model.timeline import COLLECTION, ROOT
from ..attribution.vocabulary import PHASES
from .counts import CallsUnderSpans, Compared

#: A frame with less than this part of the call in both sides is left out, and so is what is deeper.
LEAST_PART, MOST_DEPTH = 0.002, 40
_COLLECTION = ("", "garbage collection")


@dataclass
class _Node:
    """A place in the tree. Times are in ns, per call."""

    name: str
    phase: str
    times: list[float] = field(default_factory=lambda: [0.0, 0.0])
    below: dict[tuple[str, str], _Node] = field(default_factory=dict)


def compared_tree(before: Compared, after: Compared, before_ns: int, after_ns: int) -> list[ComparedFrame]:
    """Both trees as one; a call takes ``before_ns`` and ``after_ns``. Empty if one side has no spans."""
    root = _Node(after.report.workload.facts.entry_point, "")
    for number, (side, total_ns) in enumerate(((before, before_ns), (after, after_ns))):
        if side.spans is None:
            return []
        _add(root, number, side.spans, total_ns)
    return _frames(root, LEAST_PART * max(before_ns, after_ns, 1))


def _add(root: _Node, number: int, spans: CallsUnderSpans, total_ns: int) -> None:
    """Adds the spans of one side, scaled to a call of ``total_ns``."""
    names = [(row.module, row.qualname) for row in spans.internals]
    warm, phases = spans.warm, list(PHASES)
    duration = warm.end - warm.begin
    scale = total_ns / max(int(duration[warm.internal == ROOT].sum()), 1)
    nodes: list[_Node] = []
    times = (duration * scale).tolist()
    rows = zip(warm.internal.tolist(), warm.parent.tolist(), spans.parts.phase.tolist(), times)
    for internal, parent, phase, ns in rows:
        if internal == ROOT:
            node = root
        else:
            key = _COLLECTION if internal == COLLECTION else names[internal]
            below = nodes[parent].below
            node = below.get(key) or below.setdefault(key, _Node(key[1], phases[phase]))
        node.times[number] += ns
        nodes.append(node)


def _frames(root: _Node, least_ns: float) -> list[ComparedFrame]:
    found: list[ComparedFrame] = []
    waiting = [(root, -1, 0)]
    while waiting:
        node, parent, depth = waiting.pop()
        before, after = (round(ns) for ns in node.times)
        place = len(found)
        found.append(ComparedFrame(node.name, node.phase, parent, before, after))
        shown = [one for one in node.below.values() if max(one.times) >= least_ns and depth < MOST_DEPTH]
        # The most expensive comes first, and what is on the stack is taken from its end.
        waiting += [(one, place, depth + 1) for one in sorted(shown, key=lambda one: sum(one.times))]
    return found
