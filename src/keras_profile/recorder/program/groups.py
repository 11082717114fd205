"""Groups of calls that are alike: same call site, entry point, model and input shapes."""

from __future__ import annotations

from ..protocol import COLD, SETTLING
from ..workload.recording_session import LONG_CALL_NS

#: Different input shapes from one site and model that get a group each; from then on all are one.
MOST_SHAPES = 8
#: Calls after the first that are looked at more closely and do not count.
SETTLING_CALLS = 2
#: Bare calls of which the median is known, and how often it is worked out anew.
_WINDOW, _EVERY = 61, 16


class Group:
    """What is known of a group while the program runs. Times are ns."""

    def __init__(self, number, base, site, varying):
        self.number = number
        self.base = base
        self.site = site
        self.varying = varying
        self.calls = 0
        self.total_ns = 0
        self.call = None  # one call as the user wrote it, for recipes
        self.inputs = None
        self.workload = None
        self.unknown = None  # why recipes cannot be tried
        self.cold_traces = self.traces = None
        self.plan = None  # the instruments' block that is under way
        self.block = 0
        self.bare_left = 0
        self.settle = False
        self.entry = ""
        self.root = None
        self.last_ns = 0
        self._bare, self._bare_calls = [], 0
        self._median = None

    def flags(self):
        """What is to be noted of the next call because of how few there were before."""
        if self.calls == 0:
            return COLD
        least = 1 if self.last_ns > LONG_CALL_NS else SETTLING_CALLS
        return SETTLING if self.calls <= least else 0

    def bare_done(self, wall_ns):
        """Learns from a bare call."""
        if len(self._bare) >= _WINDOW:
            del self._bare[0]
        self._bare.append(wall_ns)
        self._bare_calls += 1
        if self._bare_calls % _EVERY == 1 or self._bare_calls < _EVERY:
            self._median = sorted(self._bare)[len(self._bare) // 2]

    @property
    def has_bare(self):
        return bool(self._bare)

    @property
    def call_ns(self):
        """What a call takes, as far as is known."""
        return self._median if self._median is not None else self.last_ns


class Groups:
    """Finds the group of a call; ``made(group, call)`` is told of each new one."""

    def __init__(self):
        self.all = []
        self._by_key = {}
        self._bases = {}  # (site, entry, kind of model) -> (number, shapes seen)

    def find(self, site, entry, kind, shapes):
        """The group of such a call, and whether it is new."""
        base_key = (site, entry, kind)
        group = self._by_key.get((base_key, shapes))
        if group is not None:
            return group, False
        base = self._bases.setdefault(base_key, (len(self._bases), set()))
        number, seen = base
        seen.add(shapes)
        varying = len(seen) > MOST_SHAPES
        key = (base_key, "varying" if varying else shapes)
        group = self._by_key.get(key)
        if group is None:
            group = self._by_key[key] = Group(len(self.all), number, site, varying)
            self.all.append(group)
            new = True
        else:
            new = False
        if varying:
            # All that follow are of the one group, those of the first shapes too.
            for shape in seen:
                self._by_key[base_key, shape] = group
        return group, new
