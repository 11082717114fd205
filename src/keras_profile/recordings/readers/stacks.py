"""Reads ``stacks.json``: where the threads of a program's process were, by sampling."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from ...errors import RecordingError
from ...model.program import StackNodes, Stacks
from ..json_text import UNDECODABLE, decode
from ..regular_files import is_there, read_regular
from .call_rows import LifeTime

#: The maximum number of frames of a path: what is deeper counts for the frame above.
MOST_DEPTH = 500
#: A thread may be seen for this much longer than it was sampled: taking a sample takes time itself.
_LONGER, _LEEWAY_NS = 1.2, 1_000_000_000


def read_stacks(path: Path, lived: LifeTime) -> tuple[Stacks | None, list[str]]:
    """Reads the samples in ``path``, None if there are none, and their damage in words."""
    if not is_there(path):
        return None, []
    try:
        return _checked(decode(read_regular(path), Stacks), lived), []
    except RecordingError as error:
        return None, [error.message]
    except UNDECODABLE as error:
        return None, [f"{path.name} ({error})"]


def _checked(found: Stacks, lived: LifeTime) -> Stacks:
    """Returns ``found``, with paths cut to a depth that can be shown. Raises if it is invalid."""
    nodes = found.nodes
    columns = (nodes.parent, nodes.frame, nodes.count, nodes.wall_ns, nodes.cpu_ns)
    if len({len(column) for column in columns}) != 1:
        raise msgspec.ValidationError("columns of nodes differ in length")
    for number, (parent, frame) in enumerate(zip(nodes.parent[1:], nodes.frame[1:]), 1):
        if not (0 <= parent < number and 0 <= frame < len(found.frames)):
            raise msgspec.ValidationError(f"node {number} refers to an unknown parent or frame")
    looked_ns = found.last_ns - found.began_ns
    threads = max(sum(1 for one in found.frames if one.kind == "thread"), 1)
    if looked_ns < 0 or not lived.has(found.began_ns, looked_ns):
        raise msgspec.ValidationError("its samples are from outside the process's life time")
    if sum(nodes.wall_ns) > threads * (looked_ns * _LONGER + _LEEWAY_NS):
        raise msgspec.ValidationError("its paths take longer than the sampling")
    return replace(found, nodes=_cut(nodes))


def _cut(nodes: StackNodes) -> StackNodes:
    """Returns the nodes down to the greatest depth that is shown; deeper ones count for the last of these."""
    depth, keeper, new = [0], [0], StackNodes([], [], [], [], [])
    for number, parent in enumerate(nodes.parent):
        if number:
            depth.append(depth[parent] + 1)
        if depth[number] > MOST_DEPTH:
            keeper.append(keeper[parent])
            kept = keeper[number]
            new.count[kept] += nodes.count[number]
            new.wall_ns[kept] += nodes.wall_ns[number]
            new.cpu_ns[kept] += nodes.cpu_ns[number]
            continue
        if number:
            keeper.append(len(new.parent))
        new.parent.append(keeper[parent] if number else parent)
        new.frame.append(nodes.frame[number])
        new.count.append(nodes.count[number])
        new.wall_ns.append(nodes.wall_ns[number])
        new.cpu_ns.append(nodes.cpu_ns[number])
    return new
