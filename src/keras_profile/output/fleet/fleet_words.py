"""What the terminal and the page say of a fleet in the same words."""

from __future__ import annotations

from collections.abc import Sequence

from ...model.fleet import (
    Collection,
    FleetCause,
    FleetChange,
    FleetContent,
    FleetCost,
    FleetSaving,
    SlowHost,
)
from ...number_words import duration, milliseconds, multiple, number, percent, plural


def headline(content: FleetContent) -> str:
    """What is in the store."""
    hosts = f", {plural(content.hosts, 'host')}" if content.hosts else ""
    return (
        f"{plural(content.services, 'service')}{hosts}: {plural(content.recordings, 'recording')}, "
        f"{content.first} to {content.last}"
    )


def summary(content: FleetContent) -> str:
    """What the fleet pays and could save, and of how many lines that is known."""
    unknown = content.lines - content.lines_with_rate
    rest = f"{plural(unknown, 'line')} without known calls a day: costs are of 1000 calls"
    if not content.lines_with_rate:
        return rest
    calls = f" of {plural(content.lines_with_rate, 'line')}" if unknown else ""
    saved = number(content.saved_core_hours_a_day)
    parts = [f"{number(content.core_hours_a_day)} core-hours a day in calls{calls}"]
    parts += [f"measured changes would save {saved} of them"] if content.saved_core_hours_a_day else []
    return "; ".join([*parts, rest] if unknown else parts)


def core_hours(value: float | None) -> str:
    """Core-hours a day; empty if unknown, or if there are none."""
    return number(value) if value else ""


def per_1000(ns_per_call: float) -> str:
    """A cost in a call as that of 1000 calls."""
    return duration(ns_per_call * 1000)


def cost_of_cause(cause: FleetCause) -> list[str]:
    """The cause's cells: core-hours a day, cost of 1000 calls where calls a day are unknown, services."""
    unknown = duration(cause.ns_per_1000_calls) if cause.unknown_lines else ""
    return [core_hours(cause.core_hours_a_day), unknown, f"{cause.services:,}"]


def cost_of_line(cost: FleetCost) -> list[str]:
    """The cells of a line's cost: core-hours a day, cost of 1000 calls, share of the call."""
    return [core_hours(cost.core_hours_a_day), per_1000(cost.ns_per_call), percent(cost.share)]


def saving(one: FleetSaving) -> list[str]:
    """The cells of a saving: core-hours a day, of 1000 calls, the speed-up."""
    return [core_hours(one.core_hours_a_day), per_1000(one.saved_ns_per_call), multiple(one.speedup)]


def outputs(one: FleetSaving) -> str:
    """Whether outputs are the same with a change."""
    return "equal" if one.outputs_equal else "close"


def looked_for(content: FleetContent) -> str:
    """Which changes were looked for."""
    scope = content.scope
    parts = [f"since {scope.since}"] if scope.since else []
    parts += [f"with {scope.release}"] if scope.release else []
    return " ".join(parts)


def how_sure(content: FleetContent) -> str:
    """How changes were tested."""
    scope = content.scope
    return (
        f"{plural(scope.series, 'series', 'series')} tested by ranks; at most "
        f"{percent(scope.false_discovery_rate)} of what is found is chance; changes below "
        f"{percent(scope.least_change)} are left out"
    )


def change(one: FleetChange) -> str:
    """A change in a few words, without its services.

    >>> change(FleetChange("slower", "dispatch", "2026-03-01", 1.5, 5_000_000, []))
    'dispatch 1.50×, +5.00 ms a call since 2026-03-01'
    """
    sign = "+" if one.difference_ns > 0 else "-"
    difference = f"{sign}{milliseconds(abs(one.difference_ns))} ms"
    return f"{one.phase} {multiple(one.ratio)}, {difference} a call since {one.date}"


def names(found: Sequence[str], most: int) -> str:
    """Some names in a line, and how many more there are.

    >>> names(["a", "b", "c"], 2), names(["a", "b"], 2)
    ('a, b and 1 more', 'a, b')
    """
    distinct = list(dict.fromkeys(found))
    rest = len(distinct) - most
    return ", ".join(distinct[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def hosts_together(slow: Sequence[SlowHost]) -> list[tuple[str, str, list[str]]]:
    """Each slow host once: its name, its ratios in words, its services."""
    found: dict[str, list[SlowHost]] = {}
    for one in slow:
        found.setdefault(one.host, []).append(one)
    return [
        (host, _ratios([one.ratio for one in own]), [one.service for one in own])
        for host, own in found.items()
    ]


def collected(content: Collection) -> str:
    """What was collected, in a line."""
    parts = [f"{plural(content.added, 'recording')} added to {content.store}"]
    if content.known:
        parts.append(f"{content.known:,} there already")
    if content.failed:
        parts.append(f"{len(content.failed):,} not read")
    if content.merged:
        parts.append(f"{plural(content.merged, 'file')} merged")
    return ", ".join(parts)


def _ratios(ratios: Sequence[float]) -> str:
    low, high = multiple(min(ratios)), multiple(max(ratios))
    return low if low == high else f"{low.removesuffix('×')}–{high}"
