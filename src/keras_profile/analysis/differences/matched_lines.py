"""Which line of one program is which of another, even where lines moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from pathlib import PurePath

from ...model.program_report import GroupReport

#: What two groups have in common, from the surest match to the least sure one.
_KEYS: tuple[Callable[[GroupReport], Hashable], ...] = (
    lambda group: (*_code(group), group.site.line, group.site.source, _shapes(group)),
    lambda group: (*_code(group), group.site.source, _shapes(group)),
    lambda group: (*_code(group), _shapes(group)),
    lambda group: (*_code(group), group.site.source),
    lambda group: (group.entry, group.site.source.strip(), _shapes(group)),
)


def matched(
    before: Sequence[GroupReport], after: Sequence[GroupReport]
) -> list[tuple[GroupReport, GroupReport]]:
    """Pairs of groups that are the same line; a group is in one pair at most.

    A match counts if it is the only one on both sides.
    """
    pairs = []
    left, right = list(before), list(after)
    for key in _KEYS:
        ours, theirs = _by(left, key), _by(right, key)
        for shared in ours.keys() & theirs.keys():
            if len(ours[shared]) == len(theirs[shared]) == 1:
                mine, its = ours[shared][0], theirs[shared][0]
                pairs.append((mine, its))
                left.remove(mine)
                right.remove(its)
    return pairs


def _by(
    groups: Sequence[GroupReport], key: Callable[[GroupReport], Hashable]
) -> dict[Hashable, list[GroupReport]]:
    found: dict[Hashable, list[GroupReport]] = defaultdict(list)
    for group in groups:
        found[key(group)].append(group)
    return found


def _code(group: GroupReport) -> tuple[str, str, str]:
    """What moves least: the file's name, the function, the entry point."""
    return PurePath(group.site.file).name, group.site.function, group.entry


def _shapes(group: GroupReport) -> Hashable:
    return tuple(
        (None if one.shape is None else tuple(one.shape), one.dtype, one.kind)
        for one in group.workload.facts.inputs
    )
