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
from .rules.catalogue import RULES

#: Causes that do not depend on how fast a machine is: they are counted, or read from settings.
CERTAIN = (
    "data_debug_mode",
    "debugger_left_on",
    "model_loaded",
    "recorded_by_tape",
    "retraced",
    "run_eagerly",
    "second_iterator",
    "strategy_in_use",
    "switches_left_on",
)
#: The causes that no call may have unless others are given: those of a user's own code.
USUAL = tuple(rule for rule in CERTAIN if rule != "second_iterator")
_ADVICE = {rule.id: rule.advice for rule in RULES}
_UNITS = {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


@dataclass(frozen=True)
class Limits:
    """What calls may do.

    - ``no``: ids of rules whose causes no line may have.
    - ``max_traces``: graphs that a line may trace after its first call, without those of ``tf.data``.
    - ``max_ms``: the longest median of a line's warm calls.
    - ``max_growth``: how much memory a call may leave behind, such as ``"1 kB"``, or a number of bytes.

    Raises :class:`KerasProfileError` for values that make no sense.
    """

    no: Sequence[str] = USUAL
    max_traces: int | None = None
    max_ms: float | None = None
    max_growth: str | float | None = None

    def __post_init__(self) -> None:
        known = {rule.id for rule in RULES}
        unknown = [rule for rule in self.no if rule not in known]
        if isinstance(self.no, str) or unknown:
            found = self.no if isinstance(self.no, str) else unknown[0]
            raise KerasProfileError(
                f"no: expected a list of rules, found {found!r}", "keras-profile rules lists them"
            )
        if self.max_growth is not None:
            bytes_of(self.max_growth)


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
    traces = traces_after_first(opened)
    for group in report.groups:
        where = f"{PurePath(group.site.file).name}:{group.site.line} ({group.entry})"
        found += [Excess(where, *one) for one in _exceeded_by(group, limits, traces)]
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
            traced = _warm_traces(group)
            if group.base in first:
                traced += _cold_traces(group)
            first.add(group.base)
            found[key] = found.get(key, 0) + traced
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
    group: GroupReport, limits: Limits, traces: dict[tuple[str, int, str], int]
) -> list[tuple[str, str]]:
    rules = {
        one.rule: one
        for one in group.findings
        if one.rule in limits.no and one.verdict in ("found", "included")
    }
    found = [(f"{one.rule}: {one.title}", one.advice) for one in rules.values()]
    # The rule asks whether that costs much; on the small inputs of a test it may not.
    if "run_eagerly" in limits.no and _runs_eagerly(group) and "run_eagerly" not in rules:
        found.append(("run_eagerly: the model is set to run eagerly", _ADVICE["run_eagerly"]))
    traced = traces.get((group.site.file, group.site.line, group.entry), 0)
    if limits.max_traces is not None and traced > limits.max_traces:
        words = plural(traced, "graph")
        found.append((f"{words} traced after the first call, {limits.max_traces} allowed", ""))
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


def _runs_eagerly(group: GroupReport) -> bool:
    facts = group.workload.facts
    return facts.run_eagerly or facts.functions_run_eagerly is True


def _not_judged(what: str, group: GroupReport) -> str:
    return f"the {what} is not known after {plural(group.count, 'call')}: make more calls of this line"


def _warm_traces(group: Group) -> int:
    traced = group.workload.facts.traced
    return 0 if traced is UNSET else sum(not one.pipeline for call in traced for one in call)


def _cold_traces(group: Group) -> int:
    graphs = group.workload.facts.cold_traces
    return 0 if graphs is UNSET else sum(not one.pipeline for one in graphs)
