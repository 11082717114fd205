"""What got slower, or faster: steps of a phase over time, in the lines of a fleet's services.

Each phase of each line is a series over time. The most certain step of a series is tested by ranks. Of many
series some step by chance: what is reported has a false discovery rate below a bound, over all services and
phases together, and a step that is large enough to matter.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...model.fleet import ChangedService, FleetChange
from .fleet_series import FleetSeries, Places, Series
from .rank_tests import Floats, best_splits, discovery_rates, nearest_step, two_samples

#: At most this share of the changes that are reported is chance.
FALSE_DISCOVERIES = 0.02
#: The least change of a phase, and the least part of the call that it must be, to be reported.
LEAST_CHANGE, LEAST_PART = 0.10, 0.02
#: The fewest recordings on each side of a step.
LEAST_SIDE = 5
#: How often a series is divided again at a step.
_MOST_DIVISIONS = 3
#: Steps of different services are one change if each is at most so many days after another.
_SAME_CHANGE_DAYS = 10


@dataclass(frozen=True)
class _Step:
    """A step of a phase: before and after are indices of recordings in the series."""

    of: Series
    phase: int
    before: Places
    after: Places
    chance: float


@dataclass(frozen=True)
class Changes:
    """What changed, and how many series were tested."""

    changes: list[FleetChange]
    series: int


def find_changes(
    fleet: FleetSeries, since: datetime.date | None = None, release: str | None = None
) -> Changes:
    """The changes since a day, or with a release; of all time without both."""
    steps = [
        step
        for one in fleet.series
        for step in (_steps(fleet, one) if release is None else _release_steps(fleet, one, release))
    ]
    rates = discovery_rates([step.chance for step in steps]) if steps else np.empty(0)
    bound = max((step.chance for step, rate in zip(steps, rates) if rate <= FALSE_DISCOVERIES), default=-1)
    found = [(step, float(rate)) for step, rate in zip(steps, rates) if rate <= FALSE_DISCOVERIES]
    if release is None:
        found = [part for step, rate in found for part in _divided(fleet, step, rate, bound)]
    changed = [
        (fleet.phases[step.phase], service)
        for step, rate in found
        if (service := _described(fleet, step, rate)) is not None
        and (since is None or service.date >= since.isoformat())
    ]
    return Changes(list(_together(changed)), len(steps))


def _steps(fleet: FleetSeries, one: Series) -> list[_Step]:
    """The surest step of each phase of a line."""
    phases = _phases_that_matter(fleet, one)
    everything = np.arange(len(one.places))
    if len(everything) < 2 * LEAST_SIDE or not len(phases):
        return []
    splits, chances = best_splits(fleet.without_hosts(one)[:, phases], LEAST_SIDE)
    return [
        _Step(one, int(phase), everything[:split], everything[split:], float(chance))
        for phase, split, chance in zip(phases, splits, chances)
    ]


def _divided(fleet: FleetSeries, step: _Step, rate: float, bound: float) -> Iterator[tuple[_Step, float]]:
    """A step and those on its two sides that are as sure as the bound; each with what is next to it alone."""
    whole = np.concatenate([step.before, step.after])
    values = fleet.without_hosts(step.of)[:, step.phase]
    cuts = [0, *sorted(_cuts(values, 0, len(whole), bound, 0)), len(whole)]
    for before, cut, after in zip(cuts, cuts[1:], cuts[2:]):
        yield _Step(step.of, step.phase, whole[before:cut], whole[cut:after], step.chance), rate


def _cuts(values: Floats, start: int, end: int, bound: float, depth: int) -> Iterator[int]:
    """Where the values between two places step, as surely as the bound, and each part again."""
    part = values[start:end]
    if len(part) < 2 * LEAST_SIDE or depth == _MOST_DIVISIONS:
        return
    if best_splits(part[:, None], LEAST_SIDE)[1][0] > bound:
        return
    cut = start + nearest_step(part, LEAST_SIDE)
    yield cut
    yield from _cuts(values, start, cut, bound, depth + 1)
    yield from _cuts(values, cut, end, bound, depth + 1)


def _release_steps(fleet: FleetSeries, one: Series, release: str) -> list[_Step]:
    """Each phase of a line with a release, against the recordings before its first one."""
    has = np.array([_is_release(fleet, place, release) for place in one.places.tolist()])
    if not has.any():
        return []
    after = np.flatnonzero(has)
    before = np.flatnonzero(~has[: after[0]])
    if min(len(before), len(after)) < LEAST_SIDE:
        return []
    values = fleet.without_hosts(one)
    return [
        _Step(one, int(phase), before, after, two_samples(values[before, phase], values[after, phase]))
        for phase in _phases_that_matter(fleet, one)
    ]


def _is_release(fleet: FleetSeries, place: int, release: str) -> bool:
    """Whether a recording is of a release: of the service's version, or of TensorFlow or Keras by name."""
    return release == fleet.version[place] or release.lower() in (
        part.lower() for part in fleet.release[place].split(", ")
    )


def _phases_that_matter(fleet: FleetSeries, one: Series) -> Places:
    """The phases that are a part of the call worth looking at, in a tenth of the recordings at least."""
    shares = fleet.phase_ns[one.places] / np.maximum(fleet.call_ns[one.places], 1)[:, None]
    return np.flatnonzero(np.quantile(shares, 0.9, axis=0) >= LEAST_PART)


def _described(fleet: FleetSeries, step: _Step, rate: float) -> ChangedService | None:
    """A step with its figures; None if it is too small to matter."""
    values = fleet.without_hosts(step.of)[:, step.phase]
    before, after = _median(values[step.before]), _median(values[step.after])
    places = step.of.places
    call_before, call_after = (_median(fleet.call_ns[places[side]]) for side in (step.before, step.after))
    change = after - before
    if abs(change) < LEAST_CHANGE * min(before, after) or abs(change) < LEAST_PART * min(
        call_before, call_after
    ):
        return None
    last, first = places[step.before[-1]], places[step.after[0]]
    return ChangedService(
        service=step.of.service,
        place=step.of.place,
        entry=step.of.entry,
        date=fleet.days(np.array([first]))[0],
        before_ns=round(before),
        after_ns=round(after),
        call_before_ns=round(call_before),
        call_after_ns=round(call_after),
        recordings_before=len(step.before),
        recordings_after=len(step.after),
        version_before=str(fleet.version[last]),
        version_after=str(fleet.version[first]),
        q=float(f"{rate:.3g}"),
    )


def _together(changed: Sequence[tuple[str, ChangedService]]) -> Iterator[FleetChange]:
    """Changes of one phase at about one time, largest first, those to slower before those to faster."""
    found: list[FleetChange] = []
    groups: dict[tuple[bool, str], list[ChangedService]] = {}
    for phase, service in changed:
        groups.setdefault((service.after_ns < service.before_ns, phase), []).append(service)
    for (faster, phase), members in groups.items():
        members.sort(key=lambda one: one.date)
        start = 0
        for end in range(1, len(members) + 1):
            if end == len(members) or _days_between(members[end - 1], members[end]) > _SAME_CHANGE_DAYS:
                found.append(_change(phase, faster, members[start:end]))
                start = end
    yield from sorted(
        found,
        key=lambda one: (one.direction == "faster", -abs(one.difference_ns) * len(one.services), one.phase),
    )


def _change(phase: str, faster: bool, members: Sequence[ChangedService]) -> FleetChange:
    return FleetChange(
        direction="faster" if faster else "slower",
        phase=phase,
        date=members[0].date,
        ratio=round(statistics.median(one.after_ns / max(one.before_ns, 1) for one in members), 4),
        difference_ns=round(statistics.median(one.after_ns - one.before_ns for one in members)),
        services=sorted(members, key=lambda one: one.before_ns - one.after_ns, reverse=faster),
    )


def _days_between(one: ChangedService, other: ChangedService) -> int:
    return (datetime.date.fromisoformat(other.date) - datetime.date.fromisoformat(one.date)).days


def _median(values: Floats) -> float:
    return float(np.median(values))
