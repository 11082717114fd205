"""The answers of a store: the fixed questions together, and a question of the user's own in SQL."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from ...errors import KerasProfileError
from ...launch.recorder_process import Listener
from ...model.fleet import (
    FLEET_ROWS_SCHEMA,
    FLEET_SCHEMA,
    FleetColumn,
    FleetContent,
    FleetRows,
    FleetScope,
)
from ...number_words import plural
from ...recorder.protocol import events
from .change_points import FALSE_DISCOVERIES, LEAST_CHANGE, LEAST_SIDE, find_changes
from .duck import first_line
from .fleet_database import FleetDatabase, fleet_database
from .fleet_series import FleetSeries, fleet_series
from .heat_maps import heat_maps
from .host_outliers import slow_hosts
from .questions import Costs, Overview, costs, overview

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

#: The most heat maps.
MOST_MAPS = 6
#: The most rows of an answer in SQL, unless the user wants another number.
MOST_ROWS = 200


def fleet_answer(
    place: str, since: datetime.date | None, release: str | None, listener: Listener
) -> FleetContent:
    """The answers to all fixed questions. Raises :class:`KerasProfileError`."""
    with fleet_database(place) as database:
        listener(events.Stage("reading the store"))
        seen = database.read(lambda: overview(database))
        listener(events.Stage("adding up costs"))
        paid = database.read(lambda: costs(database))
        listener(events.Stage("looking for changes"))
        fleet = database.read(lambda: fleet_series(database))
        notes = database.notes
    return _content(place, seen, paid, fleet, since, release, notes)


def _content(
    place: str,
    seen: Overview,
    paid: Costs,
    fleet: FleetSeries,
    since: datetime.date | None,
    release: str | None,
    notes: list[str],
) -> FleetContent:
    found = find_changes(fleet, since, release)
    slow = slow_hosts(fleet)
    changed = [service.service for change in found.changes for service in change.services]
    costly = [cost.service for cost in paid.costs]
    if not found.series:
        notes = [*notes, _why_no_series(release)]
    if not seen.hosts:
        notes = [*notes, "no recording names its host, so hosts cannot be compared: docs/fleet.md#labels"]
    return FleetContent(
        schema=FLEET_SCHEMA,
        store=place,
        recordings=seen.recordings,
        services=seen.services,
        hosts=seen.hosts,
        first=seen.first,
        last=seen.last,
        scope=FleetScope(
            None if since is None else since.isoformat(),
            release,
            found.series,
            FALSE_DISCOVERIES,
            LEAST_CHANGE,
        ),
        lines=paid.lines,
        lines_with_rate=paid.lines_with_rate,
        core_hours_a_day=paid.core_hours_a_day,
        saved_core_hours_a_day=paid.saved_core_hours_a_day,
        causes=paid.causes,
        costs=paid.costs,
        savings=paid.savings,
        changes=found.changes,
        slow_hosts=slow,
        heat_maps=heat_maps(fleet, [*changed, *costly], MOST_MAPS),
        notes=notes,
    )


def _why_no_series(release: str | None) -> str:
    needed = plural(LEAST_SIDE, "recording")
    if release is not None:
        return f"no line has {needed} with {release} and {needed} before it: its changes are not known"
    return f"no line has {plural(2 * LEAST_SIDE, 'recording')}: changes over time are not known yet"


def sql_answer(place: str, query: str, most: int = MOST_ROWS) -> FleetRows:
    """The answer to one SELECT statement, which can read the tables of the store and nothing else.

    Raises :class:`KerasProfileError` for any other statement, and for one that DuckDB refuses.
    """
    import duckdb

    with fleet_database(place) as database:
        database.lock()
        _refuse_other_statements(database.connection, query)
        try:
            return database.read(lambda: _ask(database, query, most))
        except duckdb.PermissionException as error:
            raise KerasProfileError(
                f"--sql can read the tables of the store and nothing else: {first_line(error)}",
                "see the tables: docs/fleet-sql.md",
            ) from error
        except duckdb.OutOfMemoryException:
            raise  # said with what to do, by the database
        except duckdb.Error as error:
            raise KerasProfileError(
                f"--sql: {first_line(error)}", "see tables and examples: docs/fleet-sql.md"
            ) from error


def _refuse_other_statements(connection: Connection, query: str) -> None:
    import duckdb

    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise KerasProfileError(
            f"--sql: {first_line(error)}", "see tables and examples: docs/fleet-sql.md"
        ) from error
    kinds = [statement.type for statement in statements]
    if kinds != [duckdb.StatementType.SELECT]:
        found = ", ".join(kind.name for kind in kinds) or "nothing"
        raise KerasProfileError(
            f"--sql: expected one SELECT statement, found {found}",
            "a store is only read: see examples in docs/fleet-sql.md",
        )


def _ask(database: FleetDatabase, query: str, most: int) -> FleetRows:
    answer = database.connection.execute(query)
    columns = [FleetColumn(str(one[0]), str(one[1])) for one in answer.description]
    rows = answer.fetchmany(most + 1)
    return FleetRows(
        schema=FLEET_ROWS_SCHEMA,
        columns=columns,
        rows=[[_plain(value) for value in row] for row in rows[:most]],
        complete=len(rows) <= most,
        notes=database.notes,
    )


def _plain(value: Any) -> bool | int | float | str | None:
    """A value as JSON has it: what it lacks is text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return str(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
