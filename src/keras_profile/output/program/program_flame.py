"""The call tree of a program as a picture without a script: callers are above their callees.

A list shows the same tree to readers who cannot see the picture.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...model.program_report import ProgramFrame, WholeProgram
from ...number_words import duration, percent
from ..markup import Child, Markup, element
from ..plain_page import flame_graph

#: Boxes with less than these shares have no text, or are not listed.
_LEAST_TEXT, _LEAST_LISTED = 0.012, 0.02


def section(whole: WholeProgram, other_threads: bool = False) -> Markup | None:
    """The picture with its heading; nothing without a tree.

    ``other_threads`` is whether other threads made calls, which the picture lacks.
    """
    if not whole.tree:
        return None
    alone = (
        " This is the main thread alone: it may wait here for calls of other threads, which are shown above."
        if other_threads
        else ""
    )
    return element(
        "section",
        {},
        element("h2", {}, "The whole program"),
        element(
            "p",
            {"class": "quiet"},
            "Each box is a line of your code, a function, or a call of a model. Its width shows its time; "
            f"the functions it calls are below it. Hover over a box for its figures.{alone}",
        ),
        _picture(whole),
        element(
            "details",
            {},
            element("summary", {}, "The same as a list"),
            _list(whole, children_of(whole.tree), 0),
        ),
    )


def children_of(tree: Sequence[ProgramFrame]) -> list[list[int]]:
    """For each frame the places of those that it calls, in the order of the tree."""
    children: list[list[int]] = [[] for _ in tree]
    for place, frame in enumerate(tree):
        if frame.parent >= 0:
            children[frame.parent].append(place)
    return children


def _picture(whole: WholeProgram) -> Markup:
    shares = [frame.total_ns / max(whole.wall_ns, 1) for frame in whole.tree]

    def draw(place: int) -> tuple[Child, str | None]:
        frame = whole.tree[place]
        inside = element(
            "g",
            {"class": f"kind-{frame.kind}"},
            element("rect", {"width": "100%", "height": "100%"}),
            element("title", {}, _line(whole, frame)),
        )
        return inside, frame.name if shares[place] >= _LEAST_TEXT else None

    label = "The call tree of the program, as in the list below"
    return flame_graph("program-flame", label, [frame.parent for frame in whole.tree], shares, draw)


def _line(whole: WholeProgram, frame: ProgramFrame) -> str:
    where = f" ({frame.where})" if frame.where else ""
    share = frame.total_ns / max(whole.wall_ns, 1)
    return f"{frame.name}{where}: {duration(frame.total_ns)}, {percent(share)}"


def _list(whole: WholeProgram, children: Sequence[Sequence[int]], place: int) -> Markup:
    frame = whole.tree[place]
    inner = [
        child
        for child in children[place]
        if whole.tree[child].total_ns >= _LEAST_LISTED * max(whole.wall_ns, 1)
    ]
    below = element("ul", {}, (_list(whole, children, child) for child in inner)) if inner else None
    item = element("li", {}, _line(whole, frame), below)
    return item if frame.parent >= 0 else element("ul", {"class": "tree"}, item)
