"""A call graph: functions, how often they ran, and who called whom. Never a tree."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Function:
    """A function as profilers know it; built-in functions have ``~`` and line 0."""

    file: str
    line: int
    name: str


@dataclass(frozen=True)
class CallGraph:
    """What cProfile counted over ``calls`` calls that took ``wall_ns`` in all.

    Parallel lists; ``edges`` holds (caller, callee, calls, total ns) by number, and
    ``edge_self_ns`` the callee's own part of it, where the recording has that.
    """

    calls: int
    wall_ns: int
    functions: list[Function]
    primitive_calls: list[int]
    total_calls: list[int]
    self_ns: list[int]
    total_ns: list[int]
    edges: list[tuple[int, int, int, int]]
    edge_self_ns: list[int] = field(default_factory=list)
