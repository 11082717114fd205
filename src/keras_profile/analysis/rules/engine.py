"""Asks every rule, and shares the call's time among what they find.

Each nanosecond is claimed once: a found cause claims ns of phases; rules are served in
the order of the list, which goes from the particular to the general, and each gets what
is left of the phases it claims. So the costs of all findings together are at most the
call. Where a general cause finds its time taken, its evidence says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from ...errors import KerasProfileError
from ...model.evidence import Evidence
from ...model.report import Finding, FindingVerdict
from ...number_words import milliseconds, percent
from .evidence_view import View, is_there, missing_text
from .rule import Answer, CannotTell, Found, NotFound, Rule

_ORDER: tuple[FindingVerdict, ...] = get_args(FindingVerdict)

#: A cause of whose claim less than this is left says that others have it.
_MOSTLY_TAKEN = 0.5


def judge_all(evidence: Evidence, rules: Sequence[Rule]) -> list[Finding]:
    """Every rule's answer: found ones, most expensive first, then cannot_tell, then not_found."""
    left: dict[str, float] = {phase: float(share.self_ns) for phase, share in (evidence.phases or {}).items()}
    findings = []
    for rule in rules:
        answer = judge(evidence, rule)
        if isinstance(answer, Found):
            granted = _grant(answer.claims, left)
            if rule.residual and sum(granted.values()) < _MOSTLY_TAKEN * sum(answer.claims.values()):
                findings.append(_without_cost(rule, NotFound("other findings account for its time")))
            else:
                findings.append(_found(rule, answer, granted, evidence))
        else:
            findings.append(_without_cost(rule, answer))
    return sorted(findings, key=lambda finding: (_ORDER.index(finding.verdict), -finding.cost_ns_per_call))


def judge(evidence: Evidence, rule: Rule) -> Answer:
    """One rule's answer; what it cannot do without and is missing decides for it."""
    missing = list(dict.fromkeys(missing_text(name) for name in rule.needs if not is_there(evidence, name)))
    if missing:
        return CannotTell(", ".join(missing))
    return rule.judge(View(evidence, (*rule.needs, *rule.uses)))


def chosen(rules: Sequence[Rule], select: Collection[str], ignore: Collection[str]) -> list[Rule]:
    """The rules of ``select``, or all where it is empty, without those of ``ignore``.

    Raises :class:`KerasProfileError` for an id that no rule has.
    """
    known = {rule.id for rule in rules}
    unknown = [name for name in [*select, *ignore] if name not in known]
    if unknown:
        raise KerasProfileError(
            f"there is no rule {', '.join(map(repr, unknown))}", "keras-profile rules lists all"
        )
    return [rule for rule in rules if (not select or rule.id in select) and rule.id not in ignore]


def _grant(claims: Mapping[str, float], left: dict[str, float]) -> dict[str, float]:
    granted = {phase: min(max(ns, 0.0), left.get(phase, 0.0)) for phase, ns in claims.items()}
    for phase, ns in granted.items():
        left[phase] = left.get(phase, 0.0) - ns
    return granted


def _found(rule: Rule, answer: Found, granted: Mapping[str, float], evidence: Evidence) -> Finding:
    cost = int(sum(granted.values()))
    claimed = sum(answer.claims.values())
    text = list(answer.evidence)
    if claimed and cost < _MOSTLY_TAKEN * claimed:
        text.append(
            f"{milliseconds(claimed - cost)} ms of the {milliseconds(claimed)} ms that it has to do with are "
            "counted for other findings"
        )
    total = evidence.calls.warm.median_ns
    return Finding(
        rule=rule.id,
        verdict="found",
        title=answer.title.replace("{cost}", milliseconds(cost)),
        phase=max(granted, key=lambda phase: granted[phase]) if granted else "",
        cost_ns_per_call=cost,
        evidence=text,
        recipes=list(rule.recipes if answer.recipes is None else answer.recipes),
        share=round(cost / total, 6) if total else 0.0,
        sure=answer.sure or _sure(granted, evidence),
        where=answer.where,
    )


def _sure(granted: Mapping[str, float], evidence: Evidence) -> str:
    """The interval of what was granted, by those of the phases that it lies in."""
    low = high = 0.0
    for phase, ns in granted.items():
        share = (evidence.phases or {}).get(phase)
        if share is not None and share.share:
            low += ns * share.share_ci95[0] / share.share
            high += ns * share.share_ci95[1] / share.share
    total = evidence.calls.warm.median_ns
    if not high or not total:
        return ""
    calls = "" if evidence.spans is None else f" by {evidence.spans.calls} calls under spans"
    return f"{percent(low / total)}–{percent(min(high / total, 1.0))} of the call (95% CI){calls}"


def _without_cost(rule: Rule, answer: NotFound | CannotTell) -> Finding:
    if isinstance(answer, CannotTell):
        return Finding(
            rule=rule.id,
            verdict="cannot_tell",
            title=rule.title,
            phase="",
            cost_ns_per_call=0,
            evidence=[],
            recipes=[],
            needs=answer.missing,
        )
    return Finding(
        rule=rule.id,
        verdict="not_found",
        title=rule.title,
        phase="",
        cost_ns_per_call=0,
        evidence=[answer.because],
        recipes=[],
    )
