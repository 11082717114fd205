"""Versions × phases: how much time each phase takes in each version of a service."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...model.fleet import HeatMap, HeatMapRow
from .fleet_series import FleetSeries, Places, Series

#: The most phases and versions of a map, and the fewest versions of one that says something.
MOST_PHASES, MOST_VERSIONS, LEAST_VERSIONS = 8, 12, 2


def heat_maps(fleet: FleetSeries, services: Sequence[str], most: int) -> list[HeatMap]:
    """The maps of the first of these services with several versions; of each, the line with most time."""
    found: list[HeatMap] = []
    for service in dict.fromkeys(services):
        lines = [one for one in fleet.series if one.service == service]
        if lines and len(found) < most:
            made = _heat_map(fleet, max(lines, key=lambda one: float(fleet.total_ns[one.places].sum())))
            found += [made] if len(made.rows) >= LEAST_VERSIONS else []
    return found


def _heat_map(fleet: FleetSeries, one: Series) -> HeatMap:
    times = fleet.phase_ns[one.places]
    phases = [int(phase) for phase in np.argsort(-times.sum(axis=0), kind="stable") if times[:, phase].any()]
    phases = phases[:MOST_PHASES]
    # Without versions of its own, a service has those of what it runs on.
    names = fleet.version[one.places]
    names = names if any(names) else fleet.release[one.places]
    by_name: dict[str, list[int]] = {}
    for place, name in zip(one.places.tolist(), names.tolist()):
        by_name.setdefault(name, []).append(place)
    rows = [_row(fleet, name or "unknown", np.array(places), phases) for name, places in by_name.items()]
    return HeatMap(
        service=one.service,
        place=one.place,
        entry=one.entry,
        phases=[fleet.phases[phase] for phase in phases],
        rows=rows[-MOST_VERSIONS:],  # in the order in which they came
    )


def _row(fleet: FleetSeries, version: str, places: Places, phases: Sequence[int]) -> HeatMapRow:
    medians = [round(float(np.median(fleet.phase_ns[places, phase]))) for phase in phases]
    return HeatMapRow(
        version=version,
        first=fleet.days(places[:1])[0],
        recordings=len(places),
        call_ns=round(float(np.median(fleet.call_ns[places]))),
        phase_ns=[ns or None for ns in medians],
    )
