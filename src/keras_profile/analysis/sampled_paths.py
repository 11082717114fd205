"""The sampled stacks of a thread: each path as the user's line and what it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.program import SampledFrame, Stacks

#: Functions through which others are called, by a part of their module's name: they are left out of
#: what a line calls.
_WRAPPERS = (
    (".python.util.", ("error_handler", "op_dispatch_handler", "wrapper", "new_func", "inner")),
    (".python.ops.weak_tensor_ops", ("wrapper",)),
    (".python.ops.tensor_math_operator_overrides", ("wrapper",)),
    (".python.ops.numpy_ops", ("wrapped",)),
    (".utils.traceback_utils", ("error_handler",)),
    (".tracking.", ("_method_wrapper",)),
    (".trackable.", ("_method_wrapper",)),
)


@dataclass(frozen=True)
class SampledPath:
    """A path of a thread, and its own time.

    ``line`` is the user's innermost line, None if there is none. In an inference call it is the innermost
    line that the call runs, and ``called_by`` is the library function that calls it, None if it runs none.
    ``below`` are the library functions that the line called, in order, without wrappers. ``activities``
    are the kinds of watched Keras work that the path is in, ``within`` says whether the user's line is in
    the innermost one, and ``looped`` whether one of the user's lines on the way is in a loop. ``group`` is
    the group of the inference call, ``package`` the package being imported. ``shown`` are the frames to
    show, outermost first.
    """

    shown: tuple[SampledFrame, ...]
    line: SampledFrame | None
    below: tuple[SampledFrame, ...]
    activities: tuple[str, ...]
    within: bool
    looped: bool
    group: int | None
    called_by: SampledFrame | None
    package: str | None
    by_recorder: bool
    count: int
    wall_ns: int
    cpu_ns: int


def is_wrapper(frame: SampledFrame) -> bool:
    """Whether a frame's function only calls another."""
    name = short_function(frame)
    return any(part in frame.module and name in names for part, names in _WRAPPERS)


def short_function(frame: SampledFrame) -> str:
    """The name of a frame's function alone."""
    return frame.function.rpartition(".")[2]


def package_of(frame: SampledFrame) -> str:
    """The top-level package of a frame."""
    return frame.module.partition(".")[0]


def paths_of(stacks: Stacks, thread: int) -> Iterator[SampledPath]:
    """The paths of a thread that have time of their own."""
    nodes = stacks.nodes
    ways: list[tuple[SampledFrame, ...]] = [()]
    for number in range(1, len(nodes.parent)):
        ways.append((*ways[nodes.parent[number]], stacks.frames[nodes.frame[number]]))
    for way, count, wall_ns, cpu_ns in zip(ways, nodes.count, nodes.wall_ns, nodes.cpu_ns):
        if count and way and way[0].kind == "thread" and way[0].line == thread:
            yield _path(way[1:], count, wall_ns, cpu_ns)


def _path(way: tuple[SampledFrame, ...], count: int, wall_ns: int, cpu_ns: int) -> SampledPath:
    line: SampledFrame | None = None
    below: list[SampledFrame] = []
    activities: list[str] = []
    within, looped, package, group = False, False, None, None
    called_by: SampledFrame | None = None
    for frame in way:
        if group is not None and called_by is None and frame.kind == "library":
            called_by = frame
        elif frame.kind == "user":
            looped = looped or frame.looped
            line, below, package, within = frame, [], None, bool(activities)
        elif frame.kind == "activity":
            activities.append(frame.function)
            within = False
        elif frame.kind == "import":
            package = frame.module
        elif frame.kind == "inference":
            group = frame.line
        elif frame.kind == "library" and not is_wrapper(frame):
            below.append(frame)
    return SampledPath(
        shown=tuple(frame for frame in way if not is_wrapper(frame)),
        line=line,
        below=tuple(below),
        activities=tuple(activities),
        within=within,
        looped=looped,
        group=group,
        called_by=called_by,
        package=package,
        by_recorder=way[-1:] != () and way[-1].kind == "recorder",
        count=count,
        wall_ns=wall_ns,
        cpu_ns=cpu_ns,
    )
