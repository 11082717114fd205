"""The call tree of a whole program: sampled paths with the time that they represent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..model.program import SampledFrame
from ..model.program_report import GroupReport, ProgramFrame, ProgramPart
from .program_parts import FINDING_MODULES, DividedTime, divide

#: Frames below this share are merged, and the most frames of a tree that are shown.
LEAST_FRAME, MOST_FRAMES = 0.003, 400
#: A library function with a smaller own share that calls one other function is left out.
_OWN_WORK = 0.02
#: How many phases of a group's calls are shown.
_MOST_PHASES = 6


@dataclass
class _Node:
    kind: str
    name: str
    where: str
    group: int | None = None
    self_ns: int = 0
    total_ns: int = 0
    children: dict[tuple[str, str, str], _Node] = field(default_factory=dict)

    def child(self, kind: str, name: str, where: str, group: int | None = None) -> _Node:
        return self.children.setdefault((kind, name, where), _Node(kind, name, where, group))


def program_tree(
    divided: DividedTime, places: dict[int, int], groups: Sequence[GroupReport], name: str
) -> list[ProgramFrame]:
    """The tree, parents before children; the first frame is the program with all of its time."""
    root = _Node("program", name, "")
    for path, ns in divided.paths:
        node = root
        for frame in path.shown:
            # The packages that it imports follow.
            if (frame.kind, frame.function) != ("activity", "import"):
                node = _step(node, frame, places, groups)
        node.self_ns += ns
    _add_unseen(root, divided)
    _add_up(root)
    left = divided.wall_ns - root.total_ns
    if left > 0:
        root.child("other", "not seen in samples", "").self_ns += left
        _add_up(root)
    least = LEAST_FRAME * divided.wall_ns
    _fold(root, least)
    _shorten(root)
    _add_phases(root, groups, least)
    return _listed(root)


def _step(node: _Node, frame: SampledFrame, places: dict[int, int], groups: Sequence[GroupReport]) -> _Node:
    if frame.kind == "user":
        return node.child("user", frame.source or frame.function, f"{frame.file}:{frame.line}")
    if frame.kind == "import":
        return node.child("import", f"import {frame.module or FINDING_MODULES}", "")
    if frame.kind == "inference":
        place = places.get(frame.line)
        return node.child("inference", "inference" if place is None else groups[place].entry, "", place)
    if frame.kind == "recorder":
        return node.child("recorder", "keras_profile", "")
    if frame.kind == "activity":
        return node.child("activity", frame.function, "")
    return node.child("library", frame.function.rpartition("<locals>.")[2], frame.module)


def _add_unseen(root: _Node, divided: DividedTime) -> None:
    """Adds measured work that no sample shows, as far as the thread has time for it."""
    seen = {node.group for node in _all(root) if node.kind == "inference"}
    left = max(divided.wall_ns - sum(ns for _, ns in divided.paths), 0)
    for part in divided.parts:
        ns = min(part.total_ns, left)
        if part.kind in ("before_import", "not_watched"):
            root.child("other", part.kind.replace("_", " "), "").self_ns += ns
        elif part.kind == "inference" and part.group not in seen:
            _of_line(root, part).child("inference", part.what, "", part.group).self_ns += ns
        else:
            continue
        left -= ns


def _of_line(root: _Node, part: ProgramPart) -> _Node:
    if not part.file:
        return root
    return root.child("user", part.source or part.function, f"{part.file}:{part.line}")


def _all(node: _Node) -> list[_Node]:
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += one.children.values()
    return found


def _add_up(root: _Node) -> None:
    for node in reversed(_ordered(root)):
        node.total_ns = node.self_ns + sum(child.total_ns for child in node.children.values())


def _ordered(root: _Node) -> list[_Node]:
    """All nodes, parents before children."""
    found = [root]
    for node in found:
        found.extend(node.children.values())
    return found


def _fold(root: _Node, least: float) -> None:
    """Merges small children into one child of their parent."""
    for node in _ordered(root):
        small = [
            key
            for key, child in node.children.items()
            if child.total_ns < least and child.kind != "inference"
        ]
        together = sum(node.children.pop(key).total_ns for key in small)
        if together >= least:
            node.child("other", f"{len(small)} others", "").self_ns = together
            node.children["other", f"{len(small)} others", ""].total_ns = together
        else:
            node.self_ns += together


def _shorten(root: _Node) -> None:
    """Removes library functions that only call one other function."""
    waiting = [root]
    for node in waiting:
        kept: dict[tuple[str, str, str], _Node] = {}
        for child in node.children.values():
            whole_ns = child.total_ns
            while node.kind == child.kind == "library" and _only_calls(child):
                child = next(iter(child.children.values()))
            child.self_ns += whole_ns - child.total_ns
            child.total_ns = whole_ns
            same = kept.setdefault((child.kind, child.name, child.where), child)
            if same is not child:  # the node also calls it itself, or through another removed function
                _merge(same, child)
        node.children = kept
        waiting.extend(kept.values())


def _merge(node: _Node, other: _Node) -> None:
    """Adds ``other``, which is the same function, to ``node``."""
    node.self_ns += other.self_ns
    node.total_ns += other.total_ns
    for key, child in other.children.items():
        same = node.children.setdefault(key, child)
        if same is not child:
            _merge(same, child)


def _only_calls(node: _Node) -> bool:
    children = list(node.children.values())
    return len(children) == 1 and children[0].kind == "library" and node.self_ns < _OWN_WORK * node.total_ns


def _add_phases(root: _Node, groups: Sequence[GroupReport], least: float) -> None:
    """Divides the inference of a group into the phases of its calls."""
    for node in _all(root):
        attribution = None if node.group is None else groups[node.group].attribution
        if attribution is None or node.total_ns < least:
            continue
        phases = sorted(attribution.phases, key=lambda one: -one.self_ns)
        # The user's own code in the calls is shown by itself.
        shares = divide(node.self_ns, [one.self_ns for one in phases])
        for phase, ns in list(zip(phases, shares))[:_MOST_PHASES]:
            if ns >= least:
                child = node.child("phase", phase.phase, "", node.group)
                child.self_ns = child.total_ns = ns
                node.self_ns -= ns
        node.self_ns = max(node.self_ns, 0)


def _listed(root: _Node) -> list[ProgramFrame]:
    """The nodes as a list, largest children first; beyond a limit, the deepest are left out."""
    found: list[ProgramFrame] = []
    waiting = [(root, -1)]
    for node, parent in waiting:
        if len(found) >= MOST_FRAMES:
            break
        place = len(found)
        found.append(
            ProgramFrame(parent, node.kind, node.name, node.where, node.total_ns, node.self_ns, node.group)
        )
        waiting += [(child, place) for child in sorted(node.children.values(), key=lambda one: -one.total_ns)]
    return found
