"""What is counted in a call, in one short process; and how it differs from what is locked.

No clock is read for this: it is the same on every machine, busy or not.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ... import __version__
from ...analysis.certain_causes import CERTAIN, certain_causes
from ...analysis.differences.counts import COUNTS, Compared, counts_of
from ...analysis.reports import make_report
from ...errors import KerasProfileError
from ...launch.recorder_process import Listener
from ...model.lock import LockedCall
from ...number_words import number
from ...recorder.protocol.commands import CountKept, MakeBlock
from ...recordings.opened import open_recording
from ..comparing.in_turn import SideToMeasure, started

#: The counts that never moved in ``benchmarks/exact_counts.py``.
LOCKED = (
    "graphs_per_call",
    "iterators_per_call",
    "pipeline_functions_per_call",
    "first_graphs",
    "first_ops",
    "internal_calls",
    "objects_kept",
)
#: Internals that run when an object is destroyed. If that is left to the garbage collector, it depends on all
#: that is allocated in which call they run. Objects that are never destroyed are in ``objects_kept``.
_DESTRUCTORS = ("__del__", "<locals>.weakref_cb", "<locals>.remove")
#: The key of keras_profile's own version among the releases.
_OURS = "keras_profile"
#: In this time all settling calls are made, however long they take.
_TIME_FOR_ALL_S = 1e6
#: How many warm calls are counted, after those that settle.
CALLS = 3

#: How an exact fact changed. Only ``more`` fails a gate.
Change = Literal["more", "fewer"]


@dataclass(frozen=True)
class ExactChange:
    """Something that is counted, and differs from what is locked."""

    what: str
    before: float
    after: float

    @property
    def change(self) -> Change:
        """Whether there is more of it than before."""
        return "more" if self.after > self.before else "fewer"

    def words(self) -> str:
        """The change in words."""
        return f"{self.what}: {number(self.before)} → {number(self.after)}"


def count_calls(side: SideToMeasure, folder: Path, listener: Listener) -> LockedCall:
    """Makes a few calls of ``side`` under spans, recorded into ``folder``, and counts what happens in them.

    Raises :class:`KerasProfileError`.
    """
    # As many calls settle on every machine, which the time for them would decide otherwise.
    request = replace(side.request, captures=["spans", "bare"], seconds=_TIME_FOR_ALL_S)
    counting = replace(side, request=request)
    with started(counting, folder, listener) as process:
        process.ready()
        made = process.make(MakeBlock("spans", 0, CALLS))
        process.make(MakeBlock("bare", 1, 1))
        kept = process.count_kept(CountKept(CALLS))
    opened = open_recording(folder)
    found = Compared(make_report(opened), opened)
    counted = 0 if found.spans is None else found.spans.warm.calls
    if counted != CALLS:
        raise KerasProfileError(
            f"{side.label}: expected {CALLS} calls under spans to count in, found {counted}",
            made.reason or "see what went wrong: keras-profile profile",
        )
    if kept.objects is None:
        raise KerasProfileError(
            f"{side.label}: what a call leaves behind could not be counted: {kept.reason}",
            "see what it does alone, with keras-profile profile",
        )
    return _locked(side, found)


def _locked(side: SideToMeasure, found: Compared) -> LockedCall:
    internals = {
        f"{module}.{name}": count
        for (module, name), count in sorted((found.internal_counts or {}).items())
        if not name.endswith(_DESTRUCTORS)
    }
    counts = counts_of(found) | {"internal_calls": round(sum(internals.values()), 3)}
    facts = found.report.environment.facts
    versions = {
        "python": facts.python,
        "tensorflow": facts.tensorflow,
        "keras": facts.keras,
        _OURS: __version__,
    }
    return LockedCall(
        target=side.request.target,
        releases={name: version for name, version in versions.items() if version},
        counts={name: value for name, value in counts.items() if name in LOCKED and value is not None},
        internals=internals,
        causes=certain_causes(found.report.workload.facts),
        looked_for=list(CERTAIN),
    )


def changes(locked: LockedCall, found: LockedCall) -> list[ExactChange]:
    """Everything that differs, what grew first.

    Another version of keras_profile may know more internals: then only those in the lock are compared. Raises
    :class:`KerasProfileError` if something that is locked was not counted.
    """
    missing = sorted(locked.counts.keys() - found.counts.keys())
    if missing:
        raise KerasProfileError(
            f"expected to count {missing[0]}, as in the lock, found nothing to count",
            "see what went wrong: keras-profile profile",
        )
    known = same_table(locked, found)
    names = locked.internals.keys() | found.internals.keys() if known else locked.internals.keys()
    counts = [name for name in found.counts if known or (name in locked.counts and name != "internal_calls")]
    changed = [
        ExactChange(COUNTS.get(name, name), locked.counts.get(name, 0.0), found.counts[name])
        for name in counts
    ]
    changed += [
        ExactChange(
            f"calls of {name} in each call", locked.internals.get(name, 0.0), found.internals.get(name, 0.0)
        )
        for name in sorted(names)
        if not name.endswith(_DESTRUCTORS)  # in locks of before
    ]
    changed += [
        ExactChange(f"cause {rule}", float(rule in locked.causes), float(rule in found.causes))
        for rule in sorted({*locked.causes, *found.causes})
        if not locked.looked_for or rule in locked.looked_for
    ]
    differing = [one for one in changed if one.before != one.after]
    return sorted(differing, key=lambda one: (one.change == "fewer", -(one.after - one.before)))


def same_table(locked: LockedCall, found: LockedCall) -> bool:
    """Whether both were made by versions of keras_profile that know the same internals."""
    return locked.releases.get(_OURS) == found.releases.get(_OURS)


def refuse_other_call(name: str, locked: LockedCall, target: str, options: str, advice: str) -> None:
    """Raises :class:`KerasProfileError` if the lock's call of this name is another one."""
    now = [target, *shlex.split(options)]
    # Locks of before have no options.
    before = [locked.target, *shlex.split(options if locked.options is None else locked.options)]
    if now != before:
        raise KerasProfileError(
            f"the lock has another call named {name}: {shlex.join(before)} instead of {shlex.join(now)}",
            advice,
        )


def other_releases(locked: LockedCall, found: LockedCall) -> Sequence[str]:
    """The releases that differ from those that the lock was made with, in words."""
    return [
        f"{name} {locked.releases.get(name, 'unknown')} → {version}"
        for name, version in found.releases.items()
        if version != locked.releases.get(name)
    ]
