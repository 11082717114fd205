"""Asks every rule, and divides the call's time among the causes found.

Each nanosecond is claimed once: a found cause claims ns of phases; rules are served in the order of
the list, and each gets what is left of the phases it claims. So all findings together cost at most
the call. The list goes from specific to general causes, and causes that explain a call come before
those that multiply it.

One cause is one finding. If others have most of a rule's claim and hardly anything of the call is
left to it, the rule gets no finding of its own: it is included in the finding that has most of its
claim.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from ...errors import KerasProfileError
from ...model.evidence import Evidence
from ...model.report import Finding, FindingVerdict
from ...number_words import milliseconds, percent, plural
from ..intervals import LEAST_FOR_INTERVAL
from .evidence_view import View, is_there, missing_because
from .rule import Answer, CannotTell, Found, NotFound, Rule
from .shared.thresholds import LEAST_SHARE

_ORDER: tuple[FindingVerdict, ...] = get_args(FindingVerdict)

#: A cause with a smaller share of its claim left says that others have the rest.
_MOSTLY_TAKEN = 0.5
#: One with a smaller share left is included in the cause that has the rest, whatever its cost.
_ALMOST_ALL_TAKEN = 0.2


@dataclass
class _Cause:
    """A rule that found its cause, the ns granted to it, and the causes that its finding includes."""

    rule: Rule
    answer: Found
    granted: Mapping[str, float]
    included: list[_Cause] = field(default_factory=list)

    @property
    def claimed_ns(self) -> float:
        return sum(self.answer.claims.values())

    @property
    def cost_ns(self) -> int:
        return int(sum(self.granted.values()))

    @property
    def is_mostly_taken(self) -> bool:
        return self.claimed_ns > 0 and self.cost_ns < _MOSTLY_TAKEN * self.claimed_ns

    def has_of(self, claims: Mapping[str, float]) -> float:
        """How many ns of these claims it is granted. Teardown says little about a cause."""
        return sum(
            min(ns, self.granted.get(phase, 0.0)) for phase, ns in claims.items() if phase != "teardown"
        )


def judge_all(evidence: Evidence, rules: Sequence[Rule]) -> list[Finding]:
    """Every rule's answer: found ones, most expensive first, then those included in others,
    cannot_tell and not_found."""
    left: dict[str, float] = {phase: float(share.self_ns) for phase, share in (evidence.phases or {}).items()}
    causes: list[_Cause] = []
    findings = []
    for rule in rules:
        answer = judge(evidence, rule)
        if not isinstance(answer, Found):
            findings.append(_without_cost(rule, answer))
            continue
        claims = _beyond(answer.claims, causes) if rule.multiplies else answer.claims
        cause = _Cause(rule, answer, _grant(claims, left))
        if rule.residual and cause.is_mostly_taken:
            findings.append(_without_cost(rule, NotFound("other findings account for its time")))
            continue
        host = _host(cause, causes, evidence)
        if host is None:
            causes.append(cause)
        else:
            host.included.append(cause)
            for phase, ns in cause.granted.items():
                left[phase] = left.get(phase, 0.0) + ns
            findings.append(_included(cause, host))
    findings += [_found(cause, evidence) for cause in causes]
    return sorted(findings, key=lambda finding: (_ORDER.index(finding.verdict), -finding.cost_ns_per_call))


def judge(evidence: Evidence, rule: Rule) -> Answer:
    """One rule's answer; CannotTell if evidence that it needs is missing."""
    missing = list(
        dict.fromkeys(missing_because(evidence, name) for name in rule.needs if not is_there(evidence, name))
    )
    if missing:
        return CannotTell(", ".join(missing))
    return rule.judge(View(evidence, (*rule.needs, *rule.uses)))


def chosen(rules: Sequence[Rule], select: Collection[str], ignore: Collection[str]) -> list[Rule]:
    """The rules of ``select``, or all if it is empty, without those of ``ignore``.

    Raises :class:`KerasProfileError` for an id that no rule has.
    """
    known = {rule.id for rule in rules}
    unknown = [name for name in [*select, *ignore] if name not in known]
    if unknown:
        raise KerasProfileError(
            f"there is no rule {', '.join(map(repr, unknown))}", "keras-profile rules lists all rules"
        )
    return [rule for rule in rules if (not select or rule.id in select) and rule.id not in ignore]


def _grant(claims: Mapping[str, float], left: dict[str, float]) -> dict[str, float]:
    granted = {phase: min(max(ns, 0.0), left.get(phase, 0.0)) for phase, ns in claims.items()}
    for phase, ns in granted.items():
        left[phase] = left.get(phase, 0.0) - ns
    return granted


def _beyond(claims: Mapping[str, float], causes: Sequence[_Cause]) -> dict[str, float]:
    """The part of these claims in each phase that is not granted to ``causes``."""
    return {
        phase: max(ns - sum(cause.granted.get(phase, 0.0) for cause in causes), 0.0)
        for phase, ns in claims.items()
    }


def _host(cause: _Cause, before: Sequence[_Cause], evidence: Evidence) -> _Cause | None:
    """The cause whose finding includes this one; None if it is worth its own finding."""
    least_ns = LEAST_SHARE * evidence.calls.warm.median_ns
    if not cause.is_mostly_taken:
        return None
    if cause.cost_ns >= max(least_ns, _ALMOST_ALL_TAKEN * cause.claimed_ns):
        return None
    host = max(before, key=lambda one: one.has_of(cause.answer.claims), default=None)
    return host if host is not None and host.has_of(cause.answer.claims) > 0 else None


def _found(cause: _Cause, evidence: Evidence) -> Finding:
    rule, answer, granted = cause.rule, cause.answer, cause.granted
    cost, claimed = cause.cost_ns, cause.claimed_ns
    text = list(answer.evidence)
    if cause.is_mostly_taken:
        text.append(
            f"it affects {milliseconds(claimed)} ms a call, of which {milliseconds(claimed - cost)} ms are "
            "counted in other findings"
        )
    for other in cause.included:
        text += _lines_of(other)
    total = evidence.calls.warm.median_ns
    clauses = [one.answer.addition.clause for one in cause.included if one.answer.addition is not None]
    return Finding(
        rule=rule.id,
        verdict="found",
        title="; ".join([_title(answer, cost), *clauses]),
        phase=max(granted, key=lambda phase: granted[phase]) if granted else "",
        cost_ns_per_call=cost,
        evidence=text,
        recipes=list(dict.fromkeys(recipe for one in (cause, *cause.included) for recipe in _recipes(one))),
        share=round(cost / total, 6) if total else 0.0,
        sure=answer.sure or _sure(granted, evidence),
        where=next((one.answer.where for one in (cause, *cause.included) if one.answer.where), ""),
        cost_once_ns=round(answer.once_ns),
        advice=answer.advice or rule.advice,
        cost_in_program_ns=round(answer.in_program_ns),
    )


def _included(cause: _Cause, host: _Cause) -> Finding:
    """A rule's finding that is included in that of ``host``. Its cost is in that of others."""
    return Finding(
        rule=cause.rule.id,
        verdict="included",
        title=_title(cause.answer, cause.claimed_ns),
        phase="",
        cost_ns_per_call=0,
        evidence=list(cause.answer.evidence),
        recipes=_recipes(cause),
        where=cause.answer.where,
        within=host.rule.id,
    )


def _lines_of(included: _Cause) -> list[str]:
    """The evidence lines of an included finding."""
    if included.answer.addition is not None:
        return included.answer.addition.lines
    return [f"{_title(included.answer, included.claimed_ns)} [{included.rule.id}]"]


def _title(answer: Found, ns: float) -> str:
    return answer.title.replace("{cost}", milliseconds(ns))


def _recipes(cause: _Cause) -> list[str]:
    return list(cause.rule.recipes if cause.answer.recipes is None else cause.answer.recipes)


def _sure(granted: Mapping[str, float], evidence: Evidence) -> str:
    """The confidence interval of the granted time, from those of its phases."""
    low = high = 0.0
    for phase, ns in granted.items():
        share = (evidence.phases or {}).get(phase)
        if share is not None and share.share:
            low += ns * share.share_ci95[0] / share.share
            high += ns * share.share_ci95[1] / share.share
    total = evidence.calls.warm.median_ns
    if not high or not total:
        return ""
    calls = "" if evidence.spans is None else f", from {plural(evidence.spans.calls, 'call')} under spans"
    if evidence.spans is not None and evidence.spans.calls == 1:
        return f"{percent(min(high / total, 1.0))} of the call{calls}, so that no interval is known"
    few = evidence.spans is not None and evidence.spans.calls < LEAST_FOR_INTERVAL
    level = "" if few else " (95% CI)"
    return f"{percent(low / total)}–{percent(min(high / total, 1.0))} of the call{level}{calls}"


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
