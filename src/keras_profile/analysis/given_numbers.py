"""Settings given by users, as usable numbers."""

from __future__ import annotations

from ..model.workload import Plain

#: More is no number of anything that is in memory.
_MOST = 1 << 53


def whole(value: Plain, otherwise: int) -> int:
    """``value`` where it is a number of something, at least 1; else ``otherwise``.

    >>> whole(32, 1), whole(None, 1), whole("many", 1), whole(-3, 1), whole(2.0, 1)
    (32, 1, 1, 1, 2)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    return int(value) if 1 <= value <= _MOST and value == int(value) else otherwise
