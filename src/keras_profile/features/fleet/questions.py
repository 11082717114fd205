"""The fixed questions to a store, in SQL: what the fleet is, what it pays for, what changes would save.

Costs are those of now: of each service's latest recordings, those of :data:`RECENT_DAYS`, since older ones
are of code that is gone. A cost in a call is the mean over these recordings, 0 in those without it. Calls a
day of a line are the mean over its recordings on a host, and the sum over hosts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...analysis.rules.catalogue import RULES
from ...model.fleet import FleetCause, FleetCost, FleetSaving
from .fleet_database import FleetDatabase

#: The days before a service's newest recording that count as now.
RECENT_DAYS = 7
#: The most lines that are listed.
MOST_LINES = 100
_HOUR_NS = 3_600 * 1_000_000_000
_TITLES = {rule.id: rule.title for rule in RULES}

_OVERVIEW = """
SELECT count(*), count(DISTINCT service), count(DISTINCT nullif(host, '')), min(date)::VARCHAR,
  max(date)::VARCHAR
FROM recordings
"""
_RECENT = f"""
CREATE OR REPLACE TEMP TABLE recent AS
SELECT id, site, service, place, entry, host, median_ns, calls_a_day FROM call_sites
QUALIFY made_at >= max(made_at) OVER (PARTITION BY service) - INTERVAL {RECENT_DAYS} DAY
"""
_RECENT_LINES = """
CREATE OR REPLACE TEMP TABLE recent_lines AS
SELECT service, place, entry, count(*) AS hosts, sum(recordings)::BIGINT AS recordings,
  sum(calls_a_day) AS calls_a_day, sum(median_ns * recordings) / sum(recordings) AS median_ns
FROM (
  SELECT service, place, entry, host, count(*) AS recordings, avg(calls_a_day) AS calls_a_day,
    coalesce(avg(median_ns), 0) AS median_ns
  FROM recent GROUP BY ALL
)
GROUP BY ALL
"""
_LINES = f"""
SELECT count(*), count(calls_a_day), coalesce(sum(calls_a_day * median_ns) / {_HOUR_NS}, 0) FROM recent_lines
"""
_COSTS = f"""
CREATE OR REPLACE TEMP TABLE costs AS
SELECT service, place, entry, rule, hosts, recordings, cost_ns / recordings AS ns_per_call,
  least(cost_ns / recordings / greatest(median_ns, 1), 1) AS share, calls_a_day,
  calls_a_day * cost_ns / recordings / {_HOUR_NS} AS core_hours
FROM (
  SELECT recent.service, recent.place, recent.entry, rule, sum(cost_ns_per_call) AS cost_ns
  FROM findings JOIN recent ON findings.id = recent.id AND findings.site = recent.site
  WHERE verdict = 'found' AND cost_ns_per_call > 0 GROUP BY ALL
)
JOIN recent_lines USING (service, place, entry)
"""
_COSTLY_LINES = """
SELECT service, place, entry, rule, hosts, recordings, ns_per_call, share, calls_a_day, core_hours
FROM costs ORDER BY core_hours DESC NULLS LAST, ns_per_call DESC, service, place, rule LIMIT $1
"""
_CAUSES = """
SELECT rule, count(DISTINCT service), count(*), coalesce(sum(core_hours), 0),
  count(*) FILTER (calls_a_day IS NULL),
  coalesce(sum(ns_per_call * 1000) FILTER (calls_a_day IS NULL), 0)
FROM costs GROUP BY rule ORDER BY 4 DESC, 6 DESC, rule
"""
_SAVINGS = f"""
CREATE OR REPLACE TEMP TABLE savings AS
SELECT service, place, entry, recipe, title, speedup, measured, outputs_equal, condition, calls_a_day,
  median_ns * (1 - 1 / speedup) AS saved_ns,
  calls_a_day * median_ns * (1 - 1 / speedup) / {_HOUR_NS} AS core_hours
FROM (
  SELECT recent.service, recent.place, recent.entry, recipe, min(title) AS title,
    exp(avg(ln(speedup))) AS speedup, count(*) AS measured,
    bool_and(coalesce(outputs_equal, false)) AS outputs_equal,
    max(condition) AS condition
  FROM comparisons JOIN recent ON comparisons.id = recent.id AND comparisons.site = recent.site
  WHERE recommended AND speedup > 1 AND after_ns IS NOT NULL GROUP BY ALL
)
JOIN recent_lines USING (service, place, entry)
QUALIFY row_number() OVER (
  PARTITION BY service, place, entry ORDER BY measured DESC, speedup DESC, recipe
) = 1
"""
_SAVING_LINES = """
SELECT service, place, entry, recipe, title, speedup, measured, outputs_equal, condition, saved_ns,
  calls_a_day, core_hours
FROM savings ORDER BY core_hours DESC NULLS LAST, saved_ns DESC, service, place LIMIT $1
"""
_SAVED = "SELECT coalesce(sum(core_hours), 0) FROM savings"


@dataclass(frozen=True)
class Overview:
    """What is in a store."""

    recordings: int
    services: int
    hosts: int
    first: str
    last: str


@dataclass(frozen=True)
class Costs:
    """What the fleet pays now, and what measured changes would save."""

    lines: int
    lines_with_rate: int
    core_hours_a_day: float
    saved_core_hours_a_day: float
    causes: list[FleetCause]
    costs: list[FleetCost]
    savings: list[FleetSaving]


def overview(database: FleetDatabase) -> Overview:
    """What is in the store."""
    ((recordings, services, hosts, first, last),) = _rows(database, _OVERVIEW)
    return Overview(recordings, services, hosts, first, last)


def costs(database: FleetDatabase) -> Costs:
    """What the fleet pays now."""
    for table in (_RECENT, _RECENT_LINES, _COSTS, _SAVINGS):
        database.connection.execute(table)
    ((lines, with_rate, core_hours),) = _rows(database, _LINES)
    ((saved,),) = _rows(database, _SAVED)
    return Costs(
        lines=lines,
        lines_with_rate=with_rate,
        core_hours_a_day=_three(core_hours),
        saved_core_hours_a_day=_three(saved),
        causes=[
            FleetCause(rule, title_of(rule), services, count, _three(hours), unknown, round(ns))
            for rule, services, count, hours, unknown, ns in _rows(database, _CAUSES)
        ],
        costs=[
            FleetCost(
                service=service,
                place=place,
                entry=entry,
                rule=rule,
                title=title_of(rule),
                hosts=hosts,
                recordings=recordings,
                ns_per_call=round(ns),
                share=round(share, 4),
                calls_a_day=calls,
                core_hours_a_day=None if hours is None else _three(hours),
            )
            for service, place, entry, rule, hosts, recordings, ns, share, calls, hours in _rows(
                database, _COSTLY_LINES, MOST_LINES
            )
        ],
        savings=[
            FleetSaving(
                service=service,
                place=place,
                entry=entry,
                recipe=recipe,
                title=title,
                speedup=_three(speedup),
                measured=measured,
                outputs_equal=equal,
                condition=condition,
                saved_ns_per_call=round(saved_ns),
                calls_a_day=calls,
                core_hours_a_day=None if hours is None else _three(hours),
            )
            for (
                service,
                place,
                entry,
                recipe,
                title,
                speedup,
                measured,
                equal,
                condition,
                saved_ns,
                calls,
                hours,
            ) in _rows(database, _SAVING_LINES, MOST_LINES)
        ],
    )


def title_of(rule: str) -> str:
    """A cause in plain words; its id where this version has no such rule."""
    return _TITLES.get(rule, rule)


def _rows(database: FleetDatabase, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return database.connection.execute(query, parameters).fetchall()


def _three(value: float) -> float:
    """A figure with three significant digits.

    >>> _three(1234.5), _three(0.01239)
    (1230.0, 0.0124)
    """
    return float(f"{value:.3g}")
