"""What is counted in a call, in one short process; and how it differs from what is locked.

No clock is read for this: it is the same on every machine, busy or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ...analysis.call_limits import CERTAIN
from ...analysis.differences.counts import COUNTS, Compared, counts_of, internal_counts
from ...analysis.reports import make_report
from ...launch.recorder_process import Listener
from ...launch.side import Side
from ...model.lock import LockedCall
from ...model.report import ReportContent
from ...number_words import number
from ...recorder.protocol.commands import MakeBlock
from ...recordings.opened import open_recording
from ..comparing.in_turn import SideToMeasure
from ..experiments.runner import prefixed

#: The counts that never moved in ``benchmarks/exact_counts.py``.
LOCKED = (
    "graphs_per_call",
    "iterators_per_call",
    "pipeline_functions_per_call",
    "first_graphs",
    "first_ops",
    "internal_calls",
)
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


def count_calls(side: SideToMeasure, folder: Path, listener: Listener) -> tuple[LockedCall, ReportContent]:
    """Makes a few calls of ``side`` under spans, recorded into ``folder``, and counts what happens in them.

    Raises :class:`KerasProfileError`.
    """
    request = replace(side.request, folder=str(folder.resolve()), captures=["spans", "bare"])
    with Side(request, side.python, prefixed(listener, side.label), side.cwd, side.env) as process:
        process.ready()
        process.make(MakeBlock("spans", 0, CALLS))
        process.make(MakeBlock("bare", 1, 1))
    opened = open_recording(folder)
    compared = Compared(make_report(opened), opened)
    return _locked(side, compared), compared.report


def _locked(side: SideToMeasure, found: Compared) -> LockedCall:
    counts = counts_of(found)
    internals = internal_counts(found) or {}
    facts = found.report.environment.facts
    versions = {"python": facts.python, "tensorflow": facts.tensorflow, "keras": facts.keras}
    return LockedCall(
        target=side.request.target,
        releases={name: version for name, version in versions.items() if version},
        counts={name: value for name, value in counts.items() if name in LOCKED and value is not None},
        internals={f"{module}.{name}": count for (module, name), count in sorted(internals.items())},
        findings=sorted(
            one.rule
            for one in found.report.findings
            if one.verdict in ("found", "included") and one.rule in CERTAIN
        ),
    )


def changes(locked: LockedCall, found: LockedCall) -> list[ExactChange]:
    """Everything that differs, what grew first."""
    changed = [
        ExactChange(COUNTS.get(name, name), locked.counts.get(name, 0.0), value)
        for name, value in found.counts.items()
        if value != locked.counts.get(name, 0.0)
    ]
    changed += [
        ExactChange(
            f"calls of {name} in each call", locked.internals.get(name, 0.0), found.internals.get(name, 0.0)
        )
        for name in sorted(locked.internals.keys() | found.internals.keys())
        if locked.internals.get(name, 0.0) != found.internals.get(name, 0.0)
    ]
    changed += [
        ExactChange(f"cause {rule}", float(rule in locked.findings), float(rule in found.findings))
        for rule in sorted(set(locked.findings) ^ set(found.findings))
    ]
    return sorted(changed, key=lambda one: (one.change == "fewer", -(one.after - one.before)))


def other_releases(locked: LockedCall, found: LockedCall) -> Sequence[str]:
    """The releases that differ from those that the lock was made with, in words."""
    return [
        f"{name} {locked.releases.get(name, 'unknown')} → {version}"
        for name, version in found.releases.items()
        if version != locked.releases.get(name)
    ]
