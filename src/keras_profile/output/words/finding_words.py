"""Wording of findings."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.comparisons.verdicts import best_of
from ...model.report import Comparison, Finding, ReportContent
from ...number_words import duration, milliseconds, percent
from ...recipes.catalogue import RECIPES
from . import recipe_words, report_words


def found(report: ReportContent) -> list[Finding]:
    """The causes found, the most expensive first."""
    return [one for one in report.findings if one.verdict == "found"]


def why(report: ReportContent) -> str:
    """The first finding in one line, empty if there is none."""
    causes = found(report)
    return f"why  {causes[0].title}" if causes else ""


def nothing_found(report: ReportContent) -> str:
    """The sentence if no cause was found."""
    if report_words.is_undivided(report):
        return "no cause can be found on this backend: only the time of whole calls is known"
    text = "no known cause of slowness was found"
    trial = next((one.needs for one in report.findings if one.needs.startswith("a trial ")), None)
    return text if trial is None else f"{text}; one was not checked, because it needs {trial}"


def cost_text(finding: Finding) -> str:
    """The cost of a finding per call, or in the first call; empty if it costs no time."""
    if finding.cost_in_program_ns:
        return f"{milliseconds(finding.cost_in_program_ns)} ms a call in the program"
    if not finding.cost_ns_per_call:
        once = finding.cost_once_ns
        return f"{duration(once)} of the first call, once" if once else ""
    return f"{milliseconds(finding.cost_ns_per_call)} ms a call, {percent(finding.share)} of it"


def advice_without_change(report: ReportContent) -> str:
    """What to do about the main cause, if none of the changes that fix it is recommended; else empty."""
    causes = found(report)
    best = best_of(report.comparisons)
    if not causes or (best is not None and best.recipe in causes[0].recipes):
        return ""
    return causes[0].advice


def fixes_text(finding: Finding, comparisons: Sequence[Comparison]) -> str:
    """The changes that may fix it, with their measured gain if it is known."""
    measured = {one.recipe: one for one in comparisons}
    return "; ".join(_fix(recipe, measured.get(recipe)) for recipe in finding.recipes)


def title_of(recipe: str) -> str:
    """A recipe in words; its id if this version has no such recipe."""
    return next((one.title for one in RECIPES if one.id == recipe), recipe)


def _fix(recipe: str, comparison: Comparison | None) -> str:
    if comparison is None or comparison.speedup is None or comparison.verdict == "not_applicable":
        return title_of(recipe)
    return f"{comparison.title}, {recipe_words.speedup(comparison)} here"


def not_found_text(report: ReportContent) -> str:
    """The causes ruled out, in one line."""
    names = [one.rule for one in report.findings if one.verdict == "not_found"]
    return f"ruled out: {', '.join(names)}" if names else ""


def cannot_tell_lines(report: ReportContent) -> list[str]:
    """The causes that cannot be judged, a line for each missing piece of data."""
    by_need: dict[str, list[str]] = {}
    for one in report.findings:
        if one.verdict == "cannot_tell":
            by_need.setdefault(one.needs, []).append(one.rule)
    return [f"cannot tell without {need}: {', '.join(rules)}" for need, rules in by_need.items()]
