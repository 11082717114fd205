"""The calls of a fleet in the order of time, as arrays: a series is one line of one service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .fleet_database import FleetDatabase
from .rank_tests import Floats

Places = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

#: A recording is compared with so many that are next to it in time.
NEIGHBOURS = 15
#: Fewer recordings of a version say nothing about a host.
LEAST_NEIGHBOURS = 4
#: How often hosts and what is usual are found in turn.
_TURNS = 5
#: The most phases, those with most time.
MOST_PHASES = 40

#: Lines with warm calls, each with a number, in the order of time.
_LINES = """
CREATE OR REPLACE TEMP TABLE lines AS
SELECT (row_number() OVER (ORDER BY service, place, entry, made_at, id)) - 1 AS number, *
FROM (
  SELECT service, one.place AS place, one.entry AS entry, made_at, id, one.site AS site, version, host,
    one.median_ns AS median_ns, one.total_ns AS total_ns, tensorflow, keras
  FROM (SELECT service, made_at, id, version, host, tensorflow, keras, unnest(call_sites) AS one FROM stored)
)
WHERE median_ns IS NOT NULL
"""
_COLUMNS = """
SELECT service, place, entry, made_at, version, host, median_ns, total_ns, tensorflow, keras
FROM lines ORDER BY number
"""
_PHASES = """
CREATE OR REPLACE TEMP TABLE line_phases AS
SELECT number, one.phase AS phase, one.self_ns AS self_ns
FROM (SELECT id, unnest(phases) AS one FROM stored) found
JOIN lines ON lines.id = found.id AND lines.site = one.site
"""
_LARGEST = "SELECT phase FROM line_phases GROUP BY phase ORDER BY sum(self_ns) DESC, phase LIMIT $1"
_TIMES = """
SELECT number, list_position($1, phase) - 1 AS phase, self_ns FROM line_phases WHERE list_contains($1, phase)
"""


@dataclass(frozen=True)
class Series:
    """A line of a service: its recordings are ``places`` in the arrays of the fleet, in the order of time."""

    service: str
    place: str
    entry: str
    places: Places


@dataclass(frozen=True)
class FleetSeries:
    """All lines of a fleet. Arrays have a row for each line of a recording, sorted by series and time."""

    series: list[Series]
    phases: list[str]
    made_at: npt.NDArray[np.datetime64]
    version: Texts
    host: Texts
    call_ns: Floats
    total_ns: Floats
    release: Texts
    phase_ns: Floats
    """(recordings, phases): ns in a call."""
    beside: Floats
    """How long a call took beside those of the same version at about the same time; NaN if there are few."""
    host_factor: Floats
    """How long calls of the line take on the host, beside its usual host."""

    def days(self, places: Places) -> list[str]:
        """The days on which recordings were made."""
        return [str(one)[:10] for one in self.made_at[places].astype("datetime64[D]")]

    def without_hosts(self, one: Series) -> Floats:
        """The phases of a series as if all its hosts were equally fast."""
        found: Floats = self.phase_ns[one.places] / self.host_factor[one.places, None]
        return found

    def by_host(self, one: Series) -> Iterator[tuple[str, Places]]:
        """The hosts of a series, each with its recordings' indices in it."""
        hosts = self.host[one.places]
        for host in sorted(set(hosts)):
            if host:
                yield host, np.flatnonzero(hosts == host)


def fleet_series(database: FleetDatabase) -> FleetSeries:
    """Reads all lines of a fleet."""
    connection = database.connection
    connection.execute(_LINES)
    columns: dict[str, Any] = connection.execute(_COLUMNS).fetchnumpy()
    connection.execute(_PHASES)
    phases = [str(name) for (name,) in connection.execute(_LARGEST, [MOST_PHASES]).fetchall()]
    times: dict[str, Any] = connection.execute(_TIMES, [phases]).fetchnumpy()
    connection.execute("DROP TABLE line_phases")
    call_ns = np.asarray(columns["median_ns"], dtype=np.float64)
    phase_ns = np.zeros((len(call_ns), len(phases)))
    phase_ns[np.asarray(times["number"]), np.asarray(times["phase"])] = np.asarray(times["self_ns"])
    keys = list(zip(columns["service"], columns["place"], columns["entry"]))
    starts = [row for row in range(len(keys)) if not row or keys[row] != keys[row - 1]]
    ends = [*starts[1:], len(keys)]
    series = [Series(*keys[start], np.arange(start, end)) for start, end in zip(starts, ends)]
    version, host = (np.asarray(columns[name], dtype=object) for name in ("version", "host"))
    beside, factor = _beside(host, series, version, call_ns)
    return FleetSeries(
        series=series,
        phases=phases,
        made_at=np.asarray(columns["made_at"]),
        version=version,
        host=host,
        call_ns=call_ns,
        total_ns=np.asarray(columns["total_ns"], dtype=np.float64),
        release=np.array([_release(*one) for one in zip(columns["tensorflow"], columns["keras"])], object),
        phase_ns=phase_ns,
        beside=beside,
        host_factor=factor,
    )


def _release(tensorflow: str, keras: str) -> str:
    """The releases of a recording in words, or none.

    >>> _release("2.21.0", "3.15.1"), _release("2.21.0", "tf_keras 2.21.0"), _release("", "")
    ('TensorFlow 2.21.0, Keras 3.15.1', 'TensorFlow 2.21.0, tf_keras 2.21.0', '')
    """
    names = keras if not keras or keras.startswith("tf_keras") else f"Keras {keras}"
    return ", ".join(one for one in (f"TensorFlow {tensorflow}" if tensorflow else "", names) if one)


def _beside(host: Texts, series: list[Series], version: Texts, call_ns: Floats) -> tuple[Floats, Floats]:
    """How long each call took beside those next to it in time, and how slow its host is.

    Those next to it count as if they were on a host of usual speed. Both follow from each other, so they are
    found in turn.
    """
    beside, factor = np.full(len(call_ns), np.nan), np.ones(len(call_ns))
    for one in series:
        places, windows = one.places, _windows(version[one.places])
        known = windows[:, 0] >= 0
        names, hosts = np.unique(host[places].astype(str), return_inverse=True)
        members = [np.flatnonzero(known & (hosts == number)) for number in range(len(names))]
        compared = [
            number for number, own in enumerate(members) if len(own) >= LEAST_NEIGHBOURS and names[number]
        ]
        factors, calls = np.ones(len(names)), call_ns[places]
        ratios = np.full(len(calls), np.nan)
        for _ in range(_TURNS if len(compared) > 1 else 1):
            usual = np.median((calls / factors[hosts])[windows[known]], axis=1)
            ratios[known] = calls[known] / np.maximum(usual, 1)
            for number in compared:
                factors[number] = np.median(ratios[members[number]])
            if compared:
                factors[compared] /= np.median(factors[compared])
        beside[places] = ratios
        factor[places] = factors[hosts] if len(compared) > 1 else 1.0
    return beside, factor


def _windows(version: Texts) -> Places:
    """For each recording of a line, those of its version next to it in time; -1 if they are few."""
    found = np.full((len(version), NEIGHBOURS), -1)
    for name in set(version):
        own = np.flatnonzero(version == name)
        if len(own) > LEAST_NEIGHBOURS:
            width = min(NEIGHBOURS, len(own))
            first = np.clip(np.arange(len(own)) - width // 2, 0, len(own) - width)
            # A narrow window has some places several times, none of them more than once more than others.
            found[own] = own[first[:, None] + np.arange(NEIGHBOURS) % width]
    return found
