"""How many Python objects each call of a workload leaves behind: what it appends to a list, or caches."""

from __future__ import annotations

import gc
from collections import OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: What is appended to or stored in, by identity: a class of the user's may compare itself as it likes, and
#: have any length.
_CONTAINERS = frozenset(map(id, (list, dict, set, deque, OrderedDict, defaultdict)))
#: How often growth is counted at most: what is kept once, such as a cache that a call fills, does not come
#: again.
_WINDOWS = 3


def kept_in_each_call(call: Callable[[], object], calls: int) -> float:
    """Returns how many objects each call leaves behind: the least of several rounds of ``calls`` calls.

    Objects that the garbage collector tracks are counted, and entries of containers, since arrays and texts
    are not tracked: the larger growth of the two. What was frozen (:func:`gc.freeze`) is not seen.
    """
    least = None
    for _ in range(_WINDOWS):
        before = _count()
        for _ in range(calls):
            call()
        after = _count()
        grown = max(0, *(more - one for one, more in zip(before, after)))
        least = grown if least is None else min(least, grown)
        if not least:
            break
    return 0.0 if least is None else least / calls


def _count() -> tuple[int, int]:
    """Returns how many objects are tracked, and how many entries containers have."""
    gc.collect()
    gc.collect()  # what destructors left behind
    tracked = gc.get_objects()
    entries = sum(len(one) for one in tracked if id(type(one)) in _CONTAINERS)
    # Before Python 3.14 a dictionary of arrays and texts alone is not tracked.
    seen = set()
    for one in gc.get_referents(*tracked):
        if type(one) is dict and not gc.is_tracked(one) and id(one) not in seen:
            seen.add(id(one))
            entries += len(one)
    return len(tracked), entries
