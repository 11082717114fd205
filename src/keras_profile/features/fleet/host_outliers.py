"""Hosts on which a service is slower than the same version on other hosts at the same time."""

from __future__ import annotations

import numpy as np

from ...model.fleet import SlowHost
from .change_points import FALSE_DISCOVERIES, LEAST_SIDE
from .fleet_series import FleetSeries
from .rank_tests import discovery_rates, two_samples

#: The least ratio that is reported.
LEAST_RATIO = 1.15


def slow_hosts(fleet: FleetSeries) -> list[SlowHost]:
    """The hosts that are slower, slowest first."""
    found, chances = [], []
    for one in fleet.series:
        beside = fleet.beside[one.places]
        known = ~np.isnan(beside)
        for host, own in fleet.by_host(one):
            is_own = np.zeros(len(one.places), dtype=bool)
            is_own[own] = True
            here, others = beside[is_own & known], beside[~is_own & known]
            if min(len(here), len(others)) < LEAST_SIDE:
                continue
            chances.append(two_samples(here, others))
            ratio = float(np.median(here) / np.median(others))
            version = str(fleet.version[one.places[own[-1]]])
            found.append(
                SlowHost(host, one.service, version, one.place, round(ratio, 4), len(here), len(others), 1.0)
            )
    rates = discovery_rates(chances) if chances else np.empty(0)
    kept = [
        SlowHost(
            host=host.host,
            service=host.service,
            version=host.version,
            place=host.place,
            ratio=host.ratio,
            recordings=host.recordings,
            others=host.others,
            q=float(f"{rate:.3g}"),
        )
        for host, rate in zip(found, rates.tolist())
        if rate <= FALSE_DISCOVERIES and host.ratio >= LEAST_RATIO
    ]
    return sorted(kept, key=lambda one: (-one.ratio, one.host))
