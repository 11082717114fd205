"""What a store of recordings says about a fleet: the content of ``fleet.json``, and of ``collect --json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from .described import says
from .recording import Schema

#: Name and version of what ``fleet --json`` prints.
#:
#: History: 1 is the first. Keys may be added without a new version.
FLEET_SCHEMA = Schema("keras_profile.fleet", 1)
#: Name and version of what ``fleet --sql --json`` prints.
#:
#: History: 1 is the first. Keys may be added without a new version.
FLEET_ROWS_SCHEMA = Schema("keras_profile.fleet_rows", 1)
#: Name and version of what ``collect --json`` prints.
#:
#: History: 1 is the first. Keys may be added without a new version.
COLLECTION_SCHEMA = Schema("keras_profile.collection", 1)


@dataclass(frozen=True)
class NotCollected:
    """A recording or a report that could not be collected."""

    path: Annotated[str, says("where it is")]
    reason: Annotated[str, says("why, in words")]


@dataclass(frozen=True)
class Collection:
    """What `collect` did."""

    schema: Annotated[Schema, says("of this output")]
    store: Annotated[str, says("the store, as given")]
    added: Annotated[int, says("recordings that were added")]
    known: Annotated[int, says("recordings that were in the store already")]
    failed: Annotated[list[NotCollected], says("what could not be collected")]
    merged: Annotated[int, says("files that were merged into larger ones")]
    notes: Annotated[list[str], says("files that were not merged, and why")] = field(default_factory=list)


@dataclass(frozen=True)
class FleetCause:
    """What a cause costs the fleet: each service's latest recordings, those of 7 days."""

    rule: Annotated[str, says("id of the rule, see [rules](rules.md)")]
    title: Annotated[str, says("the cause in plain words, without figures")]
    services: Annotated[int, says("services that have it")]
    lines: Annotated[int, says("lines of them")]
    core_hours_a_day: Annotated[
        float, says("cost in a day, of one core each, on lines whose calls a day are known")
    ]
    unknown_lines: Annotated[int, says("lines whose calls a day are not known")]
    ns_per_1000_calls: Annotated[
        int, says("cost of 1000 calls of each of these: the sum over them; 0 without one")
    ]


@dataclass(frozen=True)
class FleetCost:
    """What a cause costs on one line of a service, in its latest recordings, those of 7 days."""

    service: Annotated[str, says("the service")]
    place: Annotated[str, says("the line, as `file:function`")]
    entry: Annotated[str, says("entry point")]
    rule: Annotated[str, says("id of the rule, see [rules](rules.md)")]
    title: Annotated[str, says("the cause in plain words, without figures")]
    hosts: Annotated[int, says("hosts with recordings; 1 where no host is known")]
    recordings: Annotated[int, says("recordings in these days")]
    ns_per_call: Annotated[int, says("mean cost in a call, 0 in recordings without it")]
    share: Annotated[float, says("the same as a share of the mean call")]
    calls_a_day: Annotated[float | None, says("calls a day on all these hosts; null if unknown")]
    core_hours_a_day: Annotated[
        float | None, says("cost in a day on all these hosts, of one core each; null as before")
    ]


@dataclass(frozen=True)
class FleetSaving:
    """What the change that reports recommend for a line would save, as measured there."""

    service: Annotated[str, says("the service")]
    place: Annotated[str, says("the line, as `file:function`")]
    entry: Annotated[str, says("entry point")]
    recipe: Annotated[str, says("id of the recipe, see [recipes](recipes.md)")]
    title: Annotated[str, says("the change, in words")]
    speedup: Annotated[float, says("mean of the measured speed-ups, geometric")]
    measured: Annotated[int, says("recordings in which it was measured and recommended")]
    outputs_equal: Annotated[bool, says("whether outputs were equal bit for bit in all of them")]
    condition: Annotated[str, says("a condition on all calls; empty if there is none")]
    saved_ns_per_call: Annotated[int, says("time that the mean call would save, by that speed-up")]
    calls_a_day: Annotated[float | None, says("calls a day on all hosts; null if unknown")]
    core_hours_a_day: Annotated[float | None, says("what it would save in a day; null as before")]


@dataclass(frozen=True)
class ChangedService:
    """A line of a service in which a phase changed."""

    service: Annotated[str, says("the service")]
    place: Annotated[str, says("the line, as `file:function`")]
    entry: Annotated[str, says("entry point")]
    date: Annotated[str, says("day of the first recording after the change")]
    before_ns: Annotated[int, says("median of the phase in a call before")]
    after_ns: Annotated[int, says("the same after")]
    call_before_ns: Annotated[int, says("median of the whole call before")]
    call_after_ns: Annotated[int, says("the same after")]
    recordings_before: Annotated[int, says("recordings before")]
    recordings_after: Annotated[int, says("recordings after")]
    version_before: Annotated[str, says("version of the last recording before; may be empty")]
    version_after: Annotated[str, says("version of the first recording after; may be empty")]
    q: Annotated[float, says("false discovery rate at which it is found (Benjamini–Hochberg)")]


@dataclass(frozen=True)
class FleetChange:
    """A phase that got slower, or faster, in some services at about the same time."""

    direction: Annotated[Literal["slower", "faster"], says("of the phase")]
    phase: Annotated[str, says("the phase, see [phases](phases.md)")]
    date: Annotated[str, says("day on which it changed first")]
    ratio: Annotated[float, says("median over the services of after divided by before")]
    difference_ns: Annotated[int, says("median over the services of the difference in a call")]
    services: Annotated[list[ChangedService], says("where it changed")]


@dataclass(frozen=True)
class SlowHost:
    """A host on which a service is slower than the same version on other hosts."""

    host: Annotated[str, says("the host")]
    service: Annotated[str, says("the service")]
    version: Annotated[str, says("version of its latest recording there; may be empty")]
    place: Annotated[str, says("the line, as `file:function`")]
    ratio: Annotated[float, says("its calls divided by those of other hosts at the same time")]
    recordings: Annotated[int, says("its recordings")]
    others: Annotated[int, says("recordings of other hosts")]
    q: Annotated[float, says("false discovery rate at which it is found")]


@dataclass(frozen=True)
class HeatMapRow:
    """A version of a service."""

    version: Annotated[str, says("the version; `TensorFlow … Keras …` where services have none")]
    first: Annotated[str, says("day of its first recording")]
    recordings: Annotated[int, says("its recordings")]
    call_ns: Annotated[int, says("median of its call medians")]
    phase_ns: Annotated[list[int | None], says("median of each phase in a call; null without the phase")]


@dataclass(frozen=True)
class HeatMap:
    """Versions × phases of a service's line with most time."""

    service: Annotated[str, says("the service")]
    place: Annotated[str, says("the line, as `file:function`")]
    entry: Annotated[str, says("entry point")]
    phases: Annotated[list[str], says("the phases that take most time")]
    rows: Annotated[list[HeatMapRow], says("versions, oldest first")]


@dataclass(frozen=True)
class FleetScope:
    """What changes were looked for, and how."""

    since: Annotated[str | None, says("changes from this day on; null for all days")]
    release: Annotated[str | None, says("changes with this release; null if none was given")]
    series: Annotated[int, says("series that were tested: phases of lines of services")]
    false_discovery_rate: Annotated[float, says("at most this share of what is found is chance")]
    least_change: Annotated[float, says("smaller relative changes of a phase are not reported")]


@dataclass(frozen=True)
class FleetContent:
    """What `fleet --json` prints."""

    schema: Annotated[Schema, says("of this output")]
    store: Annotated[str, says("the store, as given")]
    recordings: Annotated[int, says("recordings in it")]
    services: Annotated[int, says("services")]
    hosts: Annotated[int, says("hosts that are known by name")]
    first: Annotated[str, says("day of the oldest recording")]
    last: Annotated[str, says("day of the newest recording")]
    scope: Annotated[FleetScope, says("what changes were looked for")]
    lines: Annotated[int, says("lines of services in their latest recordings")]
    lines_with_rate: Annotated[int, says("those of them whose calls a day are known")]
    core_hours_a_day: Annotated[float, says("time of all calls of these in a day, of one core each")]
    saved_core_hours_a_day: Annotated[float, says("what the changes in `savings` would save of it")]
    causes: Annotated[list[FleetCause], says("most core-hours first, then most time of 1000 calls")]
    costs: Annotated[list[FleetCost], says("most core-hours first, then most time in a call; 100 at most")]
    savings: Annotated[list[FleetSaving], says("most core-hours first, then most time; 100 at most")]
    changes: Annotated[list[FleetChange], says("what got slower, then what got faster")]
    slow_hosts: Annotated[list[SlowHost], says("slowest first")]
    heat_maps: Annotated[
        list[HeatMap], says("of services that changed, then of those that cost most; 6 at most")
    ]
    notes: Annotated[list[str], says("what cannot be read, and what is not known, in sentences")] = field(
        default_factory=list
    )


@dataclass(frozen=True)
class FleetColumn:
    """A column of an answer."""

    name: Annotated[str, says("its name")]
    type: Annotated[str, says("DuckDB's type of its values")]


@dataclass(frozen=True)
class FleetRows:
    """What `fleet --sql --json` prints."""

    schema: Annotated[Schema, says("of this output")]
    columns: Annotated[list[FleetColumn], says("the columns")]
    rows: Annotated[
        list[list[bool | int | float | str | None]],
        says("the rows; values that JSON lacks, such as dates and lists, as text"),
    ]
    complete: Annotated[bool, says("false if there are more rows than were asked for")]
    notes: Annotated[list[str], says("what cannot be read, in sentences")] = field(default_factory=list)
