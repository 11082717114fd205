"""Checks the calls of a program, or of a part of it, against limits: what a test of a user asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from msgspec import UNSET

from ..errors import KerasProfileError
from ..model.program import Group
from ..model.program_report import GroupReport, ProgramReport
from ..number_words import milliseconds, plural
from ..recordings.opened import OpenedProgram
from .certain_causes import CERTAIN, certain_causes, warm_traces
from .rules.catalogue import RULES

_RULES = {rule.id: rule for rule in RULES}
_UNITS = {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


@dataclass(frozen=True)
class Limits:
    """What calls may do.

    - ``no``: ids of rules whose causes no line may have; unless given, those that need no clock.
    - ``max_traces``: graphs that a line may trace after its first call, without those of ``tf.data``.
    - ``max_ms``: the longest median of a line's warm calls.
    - ``max_growth``: how much memory a call may leave behind, such as ``"1 kB"``, or a number of bytes.

    Raises :class:`KerasProfileError` for values that make no sense.
    """

    no: Sequence[str] = CERTAIN
    max_traces: int | None = None
    max_ms: float | None = None
    max_growth: str | float | None = None

    def __post_init__(self) -> None:
        unknown = [rule for rule in self.no if rule not in _RULES]
        if isinstance(self.no, str) or unknown:
            found = self.no if isinstance(self.no, str) else unknown[0]
            raise KerasProfileError(
                f"no: expected a list of rules, found {found!r}", "keras-profile rules lists them"
            )
        if self.max_growth is not None:
            bytes_of(self.max_growth)
        if self.max_traces is not None and self.judges_by_spans:
            # A call under spans is not watched for traces.
            others = [rule for rule in self.no if rule not in CERTAIN]
            raise KerasProfileError(
                f"max_traces and {others[0]} cannot be checked in one test", "check them in two tests"
            )

    @property
    def judges_by_spans(self) -> bool:
        """Whether one of the rules needs to see into the calls."""
        return any(rule not in CERTAIN for rule in self.no)


@dataclass(frozen=True)
class Excess:
    """A limit that a line's calls exceed, and what helps."""

    where: str
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"\n  what helps: {self.advice}" if self.advice else "")


def exceeded(limits: Limits, report: ProgramReport, opened: OpenedProgram) -> list[Excess]:
    """What exceeds the limits, line by line. What cannot be judged exceeds them too."""
    found = []
    traces, unwatched = traces_after_first(opened), unwatched_calls(opened)
    for group in report.groups:
        where = f"{PurePath(group.site.file).name}:{group.site.line} ({group.entry})"
        found += [Excess(where, *one) for one in _exceeded_by(group, limits, traces, unwatched)]
    return found


def traces_after_first(opened: OpenedProgram) -> dict[tuple[str, int, str], int]:
    """Graphs traced after a line's first call, by file, line and entry point.

    Those that tf.data asks for are left out. Each new shape of the input may trace its own.
    """
    found: dict[tuple[str, int, str], int] = {}
    for process in opened.recording.processes:
        first: set[int] = set()
        for _, group in sorted(process.groups.items()):
            site = process.sites[group.site]
            key = (site.file, site.line, group.entry)
            traced = len(warm_traces(group.workload.facts))
            if group.base in first:
                traced += _cold_traces(group)
            first.add(group.base)
            found[key] = found.get(key, 0) + traced
    return found


def unwatched_calls(opened: OpenedProgram) -> dict[tuple[str, int, str], int]:
    """Calls that were not watched for graphs, since another thread's call was, by line and entry point."""
    found: dict[tuple[str, int, str], int] = {}
    for process in opened.recording.processes:
        for group in process.groups.values():
            site, count = process.sites[group.site], group.workload.facts.unwatched
            if count is not UNSET and count:
                key = (site.file, site.line, group.entry)
                found[key] = found.get(key, 0) + count
    return found


def bytes_of(size: str | float) -> float:
    """A size in bytes. Raises :class:`KerasProfileError` if it is none.

    >>> bytes_of("1 kB"), bytes_of("2MiB"), bytes_of(10)
    (1000.0, 2097152.0, 10.0)
    """
    if isinstance(size, int | float):
        return float(size)
    found = re.fullmatch(r"\s*([\d.]+)\s*([a-zA-Z]*)\s*", size)
    if found is None or found[2].lower() not in _UNITS:
        raise KerasProfileError(f"expected a size, found {size!r}", 'for example: "1 kB", "2 MiB"')
    return float(found[1]) * _UNITS[found[2].lower()]


def _exceeded_by(
    group: GroupReport,
    limits: Limits,
    traces: dict[tuple[str, int, str], int],
    unwatched: dict[tuple[str, int, str], int],
) -> list[tuple[str, str]]:
    certain = certain_causes(group.workload.facts)
    found = [(f"{rule}: {_title(group, rule)}", _RULES[rule].advice) for rule in limits.no if rule in certain]
    for one in group.findings:
        if one.rule in limits.no and one.rule not in CERTAIN:
            if one.verdict in ("found", "included"):
                found.append((f"{one.rule}: {one.title}", one.advice))
            elif one.verdict == "cannot_tell":
                found.append((f"{one.rule} cannot be judged: {one.needs}", ""))
    line = (group.site.file, group.site.line, group.entry)
    traced, overlapped = traces.get(line, 0), unwatched.get(line, 0)
    if limits.max_traces is not None and traced > limits.max_traces:
        words = plural(traced, "graph")
        found.append((f"{words} traced after the first call, {limits.max_traces} allowed", ""))
    if overlapped and (limits.max_traces is not None or "retraced" in limits.no):
        words = plural(overlapped, "call")
        found.append(
            (
                f"it is not known whether {words} traced graphs, which overlapped calls of other threads",
                "make the calls of this test one after the other, or leave out max_traces and retraced",
            )
        )
    warm = group.calls.warm
    if limits.max_ms is not None:
        if warm is None:
            found.append((_not_judged("time", group), ""))
        elif warm.median_ns > limits.max_ms * 1e6:
            found.append((f"a call takes {milliseconds(warm.median_ns)} ms, {limits.max_ms:g} allowed", ""))
    if limits.max_growth is not None:
        growth = None if warm is None else warm.rss_growth_bytes_per_call
        if growth is None:
            found.append((_not_judged("growth of memory", group), ""))
        elif growth > bytes_of(limits.max_growth):
            found.append((f"each call leaves {growth:,.0f} bytes behind, {limits.max_growth} allowed", ""))
    return found


def _title(group: GroupReport, rule: str) -> str:
    """What a cause is in words: with its figures, if the rule found it too."""
    found = [one.title for one in group.findings if one.rule == rule and one.verdict in ("found", "included")]
    if not found and rule == "retraced":
        again = warm_traces(group.workload.facts)[0]
        return f"{again.function} is traced again for {', '.join(again.arguments)}"
    return found[0] if found else _RULES[rule].title


def _not_judged(what: str, group: GroupReport) -> str:
    return f"the {what} is not known after {plural(group.count, 'call')}: make more calls of this line"


def _cold_traces(group: Group) -> int:
    graphs = group.workload.facts.cold_traces
    return 0 if graphs is UNSET else sum(not one.pipeline for one in graphs)
