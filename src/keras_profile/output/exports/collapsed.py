"""Writes a call tree as collapsed stacks: a stack per line, frames separated by semicolons, then a weight.

flamegraph.pl, speedscope and others read it. Weights are whole µs of a call. The phase comes right below
the call, so a flame graph shows the shares of the report at its base.
"""

from __future__ import annotations

from ...model.drilldown import Views
from ..encoding.boxes import full_name, stacks
from ..exporting import ExportFormat, of_views
from ..words.printable import printable


def encode_collapsed(views: Views, name: str) -> bytes:
    """The first tree of ``views``: the sampled one, if there is one.

    The weights sum to the call: time that rounding takes from a stack goes to a later one.
    """
    tree = views.trees[0]
    names = [_plain(full_name(frame)) for frame in views.frames]
    phases = list(views.phases)
    weights: dict[str, int] = {}
    told_ns = carried_ns = 0
    for path, phase, self_ns, _ in stacks(tree):
        carried_ns += self_ns
        weight = (carried_ns - told_ns + 500) // 1000
        told_ns += weight * 1000
        if weight:
            line = ";".join([names[path[0]], f"[{phases[phase]}]", *(names[frame] for frame in path[1:])])
            weights[line] = weights.get(line, 0) + weight
    return "".join(f"{line} {weight}\n" for line, weight in weights.items()).encode("utf-8", "replace")


def _plain(name: str) -> str:
    """A name without characters that have a meaning in the format or a terminal.

    >>> _plain("<genexpr>; x\\n")
    '<genexpr>, x '
    """
    return printable(name.replace(";", ","))


EXPORT = ExportFormat(
    suffix=".collapsed.txt",
    captures=("spans", "pyinstrument"),
    encode=of_views(encode_collapsed, shows="trees"),
    loading="flamegraph.pl --countname us {path} > flame.svg, or drop it on https://www.speedscope.app",
)
