"""Why a program takes its time: findings of its calls and causes outside them, in one order."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.program_report import GroupReport, ProgramCause, ProgramReason, SharedReason
from ..model.report import Finding
from .rules.catalogue import RULES

#: If two findings of a line are this close, the one that explains the other comes first, in the order of
#: the rules.
NEAR = 0.8
#: A finding of so many lines or more is put together, if it has this share of the program in all.
LEAST_LINES, LEAST_SHARED = 3, 0.05
_PLACE = {rule.id: place for place, rule in enumerate(RULES)}


def program_reasons(
    groups: Sequence[GroupReport], causes: Sequence[ProgramCause], wall_ns: int
) -> list[ProgramReason]:
    """All reasons, the most expensive first; before them those that keep the program from ending."""
    found = [
        (
            cause.total_ns,
            ProgramReason(
                reason=cause.cause,
                title=cause.title,
                where=f"{cause.file}:{cause.line}" if cause.file else "",
                total_ns=cause.total_ns,
                share=cause.share,
            ),
        )
        for cause in causes
    ]
    for place, group in enumerate(groups):
        found += _of_calls(place, group, wall_ns)
    found.sort(key=lambda one: (one[1].total_ns > 0 or one[1].group is not None, -one[0]))
    return [reason for _, reason in found]


def shared_reasons(reasons: Sequence[ProgramReason], wall_ns: int) -> list[SharedReason]:
    """The findings that several groups share: large together, and in none of them."""
    alike: dict[str, list[ProgramReason]] = {}
    for reason in reasons:
        if reason.group is not None and reason.total_ns:
            alike.setdefault(reason.reason, []).append(reason)
    found = []
    for name, of_lines in alike.items():
        total_ns = sum(one.total_ns for one in of_lines)
        share = min(total_ns / max(wall_ns, 1), 1.0)
        if len(of_lines) >= LEAST_LINES and share >= LEAST_SHARED and of_lines[0].share < LEAST_SHARED:
            found.append(SharedReason(name, of_lines[0].title, len(of_lines), total_ns, round(share, 6)))
    return found


def _of_calls(place: int, group: GroupReport, wall_ns: int) -> list[tuple[int, ProgramReason]]:
    """The findings of a group's calls, each with the ns by which it is ranked."""
    site = f"{group.site.file}:{group.site.line}" if group.site.file else ""
    return [
        (
            rank_ns,
            ProgramReason(
                reason=finding.rule,
                title=finding.title,
                where=finding.where or site,
                total_ns=ns,
                share=round(ns / max(wall_ns, 1), 6),
                group=place,
            ),
        )
        for finding, ns, rank_ns in _ranked(group, wall_ns)
    ]


def _ranked(group: GroupReport, wall_ns: int) -> list[tuple[Finding, int, int]]:
    """The causes found in a group's calls, each with its program time, and the ns by which it is ranked."""
    found = [
        (finding, program_ns(finding, group, wall_ns))
        for finding in group.findings
        if finding.verdict == "found"
    ]
    ranked = []
    for finding, ns in found:
        near = [
            other_ns for other, other_ns in found if _before(finding, other) and ns >= NEAR * other_ns > 0
        ]
        ranked.append((finding, ns, max([ns, *(other_ns + 1 for other_ns in near)])))
    return ranked


def by_the_program(group: GroupReport, wall_ns: int) -> list[Finding]:
    """A group's findings, of which found ones are in the order of the program's reasons.

    Some cost nothing but their first call, so what is most in a call is not always most in all calls.
    """
    ranked = sorted(_ranked(group, wall_ns), key=lambda one: -one[2])
    others = [finding for finding in group.findings if finding.verdict != "found"]
    return [*(finding for finding, _, _ in ranked), *others]


def _before(one: Finding, other: Finding) -> bool:
    return _PLACE.get(one.rule, 0) < _PLACE.get(other.rule, 0)


def program_ns(finding: Finding, group: GroupReport, wall_ns: int) -> int:
    """The program time of a finding: calls that ran at the same time count once."""
    at_once = min(group.share_of_wall * wall_ns / max(group.total_ns, 1), 1.0)
    of_a_call = finding.cost_ns_per_call + finding.cost_in_program_ns
    in_all = of_a_call * group.count + finding.cost_once_ns * group.calls.cold.count
    return int(min(in_all, group.total_ns) * at_once)
