"""Call trees made by hand, for the tests of what is made from them."""

from __future__ import annotations

import numpy as np

from keras_profile.analysis.attribution.vocabulary import PHASES, TRANSPARENT
from keras_profile.model.timeline import COLLECTION, ROOT, Timeline

#: A row of the internals for each phase, and a transparent one: spans are named by them.
ROWS = [TRANSPARENT, *PHASES]


def span(what, begin, end, *children, resumed=False):
    """A span; ``what`` is a phase, ``gc``, ``call``, or the number of an internal."""
    internal = {"gc": COLLECTION, "call": ROOT}.get(what)
    if internal is None:
        internal = what if isinstance(what, int) else ROWS.index(what)
    return internal, begin, end, resumed, children


def call(begin, end, *children):
    return span("call", begin, end, *children)


def timeline(*calls):
    """The timeline of some calls."""
    rows = []

    def add(node, number, parent, depth):
        internal, begin, end, resumed, children = node
        row = len(rows)
        rows.append((number, internal, parent, depth, resumed, begin, end))
        for child in children:
            add(child, number, row, depth + 1)

    for number, root in enumerate(calls):
        add(root, number, -1, 0)
    columns = list(zip(*rows)) if rows else [()] * 7
    numbers, internal, parent, depth, resumed, begin, end = columns
    ints = [np.array(column, dtype=np.int64) for column in (numbers, internal, parent, depth, begin, end)]
    return Timeline(ints[0], ints[1], ints[2], ints[3], np.array(resumed, dtype=bool), ints[4], ints[5])
