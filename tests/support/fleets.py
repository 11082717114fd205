"""Makes stores of many recordings from the real ones in ``traces/``, varied as those of a fleet vary.

A recording of a service is one of the real ones with its times made longer or shorter: by the call, by the
phase, by the host, and from a day on in one phase of a few services. Since no change was tried on the real
ones, two are made up.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from keras_profile.features.fleet.duck import connection
from keras_profile.features.fleet.sources import Read, Source
from keras_profile.features.fleet.store_layout import encoded_types
from keras_profile.features.fleet.store_of_recordings import (
    FILES_TO_MERGE,
    MOST_LEVELS,
    Store,
    encoded,
    merged_name,
)
from keras_profile.model.store import ComparisonRow

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
#: Changes that were not measured: id, title, whether it is recommended, speed-up, whether outputs are equal.
MADE_UP = (
    ("predict_on_batch", "predict_on_batch", True, 20.0, True),
    ("concrete_function", "the concrete function", False, 32.0, False),
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
    """A fleet: each service has its release of Keras, some versions in the time, and 4 hosts.

    ``slow_hosts`` are slower by the half. Two of three services know their calls a day. If ``merged``, the
    store has a file for each month; else those that it has if recordings come one by one. ``phases_only``
    leaves out internals and calls, of which there are most.
    """

    recordings: int
    services: int = 300
    days: int = 300
    planted: Planted | None = field(default_factory=Planted)
    slow_hosts: Sequence[str] = ()
    merged: bool = False
    versions: int = 6
    phases_only: bool = False
    bases: tuple[str, ...] = BASES


def service_name(number: int) -> str:
    return f"service-{number:03}"


@cache
def bases(names: tuple[str, ...]) -> tuple[str, ...]:
    """The real recordings as rows in JSON."""
    found = []
    for name in names:
        row = Read(Source(ROOT / "traces" / name, "recording")).row({})
        assert row.median_ns is not None
        changes = [
            ComparisonRow(
                site=0,
                recipe=recipe,
                title=title,
                verdict="faster",
                recommended=recommended,
                before_ns=row.median_ns,
                after_ns=round(row.median_ns / speedup),
                speedup=speedup,
                outputs_equal=equal,
                max_abs_error=0.0 if equal else 1e-6,
                condition="",
            )
            for recipe, title, recommended, speedup, equal in MADE_UP
        ]
        found.append(encoded(replace(row, comparisons=changes)))
    return tuple(found)


def make_store(folder: Path, fleet: Fleet) -> None:
    """Writes a store as ``collect`` leaves it after so many recordings, one by one."""
    with connection() as made:
        store = Store(str(folder), made)
        store.check_or_make()
        made.execute(
            "CREATE TABLE bases AS SELECT (row_number() OVER ()) - 1 AS base, unnest(one) FROM "
            "(SELECT from_json(text::JSON, $2) AS one FROM (SELECT unnest($1) AS text))",
            [list(bases(fleet.bases)), encoded_types()],
        )
        for macro in _MACROS:
            made.execute(macro)
        planted = fleet.planted or Planted(services=())
        made.execute(_TIMES, [fleet.recordings, fleet.services, fleet.days, START])
        made.execute(
            "CREATE TABLE months AS SELECT *, strftime(made_at, '%Y-%m') AS month, "
            "(row_number() OVER (PARTITION BY month ORDER BY made_at, number)) - 1 AS place FROM times"
        )
        counts = made.execute("SELECT month, count(*) FROM months GROUP BY month ORDER BY month").fetchall()
        for month, count in counts:
            first = 0
            for level, size in [(MOST_LEVELS, count)] if fleet.merged else _sizes(count):
                name = merged_name(f"recordings/month={month}", level, [f"{first}"])
                if level == 0:
                    ((own,),) = made.execute(
                        f"SELECT {_ID} FROM months WHERE month = $1 AND place = $2", [month, first]
                    ).fetchall()
                    name = f"recordings/month={month}/{own}.parquet"
                made.execute(
                    "CREATE OR REPLACE TEMP TABLE wanted AS SELECT number, service_number, made_at "
                    "FROM months WHERE month = $1 AND place >= $2 AND place < $3",
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
                        fleet.versions,
                        fleet.phases_only,
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
    """CREATE MACRO about(key) AS 1.73 * (
      even(key || 'a') + even(key || 'b') + even(key || 'c') + even(key || 'd') - 2
    )""",
    "CREATE MACRO times(ns, factor) AS (ns * factor)::BIGINT",
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
    CASE WHEN own % 3 = 0 THEN NULL ELSE round(exp(10 + 5 * even('s' || own))) END AS rate,
    CASE WHEN list_contains($2::BIGINT[], own) AND own_time >= $3::DATE THEN $4 ELSE 1 END AS planted
  FROM varied
), timed AS (
  SELECT *, list_transform(phases, lambda p: struct_update(p, self_ns := times(p.self_ns,
      scale * exp({PHASE_NOISE} * about(p.phase || number)) * CASE WHEN p.phase = $1 THEN planted ELSE 1 END
    ))) AS own_phases
  FROM scaled
), summed AS (
  SELECT *, list_sum(list_transform(own_phases, lambda p: p.self_ns))::BIGINT AS call_ns FROM timed
)
SELECT * EXCLUDE (
  base, number, own, own_time, own_host, noise, day, scale, rate, planted, own_phases, call_ns
) REPLACE (
  {_ID} AS id, printf('service-%03d', own) AS service, 'v' || (1 + day * $8 // $6) AS version,
  own_host AS host, own_time AS made_at, own_time::DATE AS date, 'recording-' || number AS recording,
  rate AS calls_a_day, call_ns AS median_ns, times(call_ns, 1.2) AS p95_ns, own_phases AS phases,
  MAP {{'service': printf('service-%03d', own), 'host': own_host, 'team': 'team-' || own % 7}} AS labels,
  list_transform(call_sites, lambda s: struct_update(s, calls_a_day := rate, median_ns := call_ns,
    total_ns := call_ns * s.calls, p95_ns := times(call_ns, 1.2))) AS call_sites,
  list_transform(findings, lambda f: struct_update(f, title := f.title || ' ' || number,
    cost_ns_per_call := times(f.cost_ns_per_call, scale))) AS findings,
  list_transform(CASE WHEN $9 THEN [] ELSE internals END, lambda i: struct_update(i,
    total_ns := times(i.total_ns, scale * exp({PHASE_NOISE} * about(i.qualname || number))),
    self_ns := times(i.self_ns, scale * exp({PHASE_NOISE} * about(i.qualname || number))),
    count_per_call := i.count_per_call + CASE WHEN day > 200 AND own % 50 = 0 THEN 1 ELSE 0 END
  )) AS internals,
  list_transform(comparisons, lambda c: struct_update(c, before_ns := times(c.before_ns, scale),
    after_ns := times(c.after_ns, scale), speedup := c.speedup * exp(0.1 * about(c.recipe || number))
  )) AS comparisons,
  list_transform(CASE WHEN $9 THEN [] ELSE measured_calls END, lambda c: struct_update(c,
    wall_ns := times(c.wall_ns, scale * exp(0.1 * about('w' || number || '-' || c.number)))
  )) AS measured_calls
)
FROM summed
"""
