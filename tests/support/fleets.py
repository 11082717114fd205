"""Makes stores of many recordings from the real ones in ``traces/``, varied as those of a fleet vary.

A recording of a service is one of the real ones with its times made longer or shorter: by the call, by the phase,
by the host, and from a day on in one phase of a few services.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from keras_profile.features.fleet.duck import connection, quoted
from keras_profile.features.fleet.sources import Read, Source
from keras_profile.features.fleet.store_layout import encoded_types
from keras_profile.features.fleet.store_of_recordings import (
    FILES_TO_MERGE,
    MOST_LEVELS,
    Store,
    encoded,
    merged_name,
)

ROOT = Path(__file__).parents[2]
#: Real recordings, one of each generation of Keras.
BASES = (
    "demo-tf-2.4",
    "demo-tf-2.6",
    "demo-tf-2.9",
    "demo-tf-2.11",
    "demo-tf-2.15",
    "demo-tf_keras-2.21",
    "demo-keras-3.0",
    "demo-keras-3.6",
    "demo-keras-3.15",
)
START = datetime.date(2026, 1, 1)
#: What a service's calls differ by from one recording to the next, and a phase's beside those: relative.
CALL_NOISE, PHASE_NOISE = 0.05, 0.04


@dataclass(frozen=True)
class Planted:
    """A phase of some services that takes longer from a day on."""

    phase: str = "iterator_creation"
    day: int = 180
    services: Sequence[int] = (17, 60, 111, 202, 291)
    ratio: float = 1.5

    @property
    def date(self) -> datetime.date:
        return START + datetime.timedelta(days=self.day)


@dataclass(frozen=True)
class Fleet:
    """A fleet: each service has its release of Keras, 6 versions in the time, and 4 hosts.

    ``slow_hosts`` are slower by the half. Two of three services know their calls a day.
    """

    recordings: int
    services: int = 300
    days: int = 300
    planted: Planted | None = field(default_factory=Planted)
    slow_hosts: Sequence[str] = ()


def service_name(number: int) -> str:
    return f"service-{number:03}"


@cache
def bases() -> tuple[tuple[str, ...], ...]:
    """The real recordings as rows in JSON."""
    found = []
    for name in BASES:
        read = Read(Source(ROOT / "traces" / name, "recording"))
        found.append((encoded(read.row({})),))
    return tuple(found)


def make_store(folder: Path, fleet: Fleet) -> None:
    """Writes a store as ``collect`` leaves it after so many recordings, one by one."""
    with connection() as made:
        store = Store(str(folder), made)
        store.check_or_make()
        made.execute(
            "CREATE TABLE bases AS SELECT (row_number() OVER ()) - 1 AS base, "
            f"unnest(from_json(found.one::JSON, {quoted(encoded_types())})) FROM (SELECT unnest($1) AS one) found",
            [[row for (row,) in bases()]],
        )
        for macro in _MACROS:
            made.execute(macro)
        planted = fleet.planted or Planted(services=())
        made.execute(_TIMES, [fleet.recordings, fleet.services, fleet.days, START])
        made.execute(
            "CREATE TABLE months AS SELECT number, service_number, made_at, strftime(made_at, '%Y-%m') AS month, "
            "(row_number() OVER (PARTITION BY month ORDER BY made_at, number)) - 1 AS place FROM times"
        )
        counts = made.execute("SELECT month, count(*) FROM months GROUP BY month ORDER BY month").fetchall()
        for month, count in counts:
            first = 0
            for level, size in _sizes(count):
                name = merged_name(f"recordings/month={month}", level, [f"{first}"])
                if level == 0:
                    ((own,),) = made.execute(
                        f"SELECT {_ID} FROM months WHERE month = $1 AND place = $2", [month, first]
                    ).fetchall()
                    name = f"recordings/month={month}/{own}.parquet"
                made.execute(
                    "CREATE OR REPLACE TEMP TABLE wanted AS SELECT number, service_number, made_at FROM months "
                    "WHERE month = $1 AND place >= $2 AND place < $3",
                    [month, first, first + size],
                )
                store.place.write(
                    name,
                    _ROWS,
                    [
                        planted.phase,
                        list(planted.services),
                        planted.date,
                        planted.ratio,
                        list(fleet.slow_hosts),
                        fleet.days,
                        START,
                    ],
                    "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048",
                )
                first += size


def _sizes(count: int) -> list[tuple[int, int]]:
    """The levels and sizes of the files of a month with so many recordings."""
    found = []
    for level in range(MOST_LEVELS, -1, -1):
        size = FILES_TO_MERGE**level
        many, count = divmod(count, size)
        found += [(level, size)] * many
    return found


#: Even numbers from 0 to 1, and numbers about 0 with deviation 1, the same for the same keys.
_MACROS = (
    "CREATE MACRO even(key) AS hash(key) / 18446744073709551616.0",
    "CREATE MACRO about(key) AS 1.73 * (even(key || 'a') + even(key || 'b') + even(key || 'c') + even(key || 'd') - 2)",
)
_TIMES = """
CREATE TABLE times AS
SELECT range AS number, range % $2 AS service_number,
  $4::TIMESTAMP + to_seconds(((range + even('t' || range)) * $3 * 86400 / $1)::BIGINT) AS made_at
FROM range($1)
"""
_ID = "substr(md5('recording ' || number), 1, 32)"
_ROWS = f"""
WITH varied AS (
  SELECT bases.*, number, service_number AS own, wanted.made_at AS own_time,
    'host-' || ((service_number * 4 + hash('h' || number) % 4) % 200) AS own_host,
    exp({CALL_NOISE} * about('c' || number)) AS noise,
    date_diff('day', $7::DATE, wanted.made_at::DATE) AS day
  FROM wanted JOIN bases ON bases.base = service_number % (SELECT count(*) FROM bases)
), scaled AS (
  SELECT *, noise * CASE WHEN list_contains($5::VARCHAR[], own_host) THEN 1.5 ELSE 1 END AS scale,
    CASE WHEN own % 3 = 0 THEN NULL ELSE round(exp(10 + 5 * even('s' || own))) END AS rate
  FROM varied
), timed AS (
  SELECT *, list_transform(phases, lambda p: {{
      'site': p.site, 'phase': p.phase,
      'self_ns': (p.self_ns * scale * exp({PHASE_NOISE} * about(p.phase || number))
        * CASE WHEN p.phase = $1 AND list_contains($2::BIGINT[], own) AND own_time >= $3::DATE THEN $4 ELSE 1 END)::BIGINT,
      'share': p.share, 'count_per_call': p.count_per_call}}) AS own_phases
  FROM scaled
), summed AS (
  SELECT *, list_sum(list_transform(own_phases, lambda p: p.self_ns))::BIGINT AS call_ns FROM timed
)
SELECT * EXCLUDE (base, number, own, own_time, own_host, noise, day, scale, rate, own_phases, call_ns) REPLACE (
  {_ID} AS id, printf('service-%03d', own) AS service, 'v' || (1 + day * 6 // $6) AS version, own_host AS host,
  own_time AS made_at, own_time::DATE AS date, 'recording-' || number AS recording, rate AS calls_a_day, call_ns AS median_ns,
  (call_ns * 1.2)::BIGINT AS p95_ns, own_phases AS phases,
  list_transform(call_sites, lambda s: struct_update(s, calls_a_day := rate, median_ns := call_ns,
    total_ns := call_ns * s.calls, p95_ns := (call_ns * 1.2)::BIGINT)) AS call_sites,
  list_transform(findings, lambda f: struct_update(f, title := f.title || ' ' || number,
    cost_ns_per_call := (f.cost_ns_per_call * scale)::BIGINT)) AS findings,
  list_transform(internals, lambda i: struct_update(i,
    total_ns := (i.total_ns * scale * exp({PHASE_NOISE} * about(i.qualname || number)))::BIGINT,
    self_ns := (i.self_ns * scale * exp({PHASE_NOISE} * about(i.qualname || number)))::BIGINT)) AS internals,
  list_transform(comparisons, lambda c: struct_update(c, before_ns := (c.before_ns * scale)::BIGINT,
    after_ns := (c.after_ns * scale)::BIGINT)) AS comparisons,
  list_transform(measured_calls, lambda c: {{'site': c.site, 'number': c.number,
    'wall_ns': (c.wall_ns * scale * exp(0.1 * about('w' || number || '-' || c.number)))::BIGINT}}) AS measured_calls
)
FROM summed
"""
