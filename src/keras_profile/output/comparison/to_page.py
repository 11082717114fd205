"""The page of a comparison: differences of phases as bars, both call trees as one flame graph.

A document without a script, of the style of other pages; nothing is loaded. What chooses the colours is a
pair of radio buttons.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from ...analysis.attribution.vocabulary import PHASES
from ...analysis.differences.headline import signed
from ...model.comparison import ComparisonContent
from ...number_words import milliseconds
from ..html.palette import style_sheet
from ..markup import Child, Markup, element
from ..plain_page import bullets, document, table
from ..words import environment_words
from . import bars, flame, words


def render(content: ComparisonContent) -> bytes:
    """The page."""
    facts = content.after.environment
    return document(
        f"{content.before.label} and {content.after.label}",
        style(),
        "comparison",
        environment_words.machine(facts.facts) if facts.as_recorded else None,
        [_summary(content), *call_sections(content)],
    )


@cache
def style() -> str:
    """The style of the pages of comparisons."""
    own = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    phases = "".join(f".both-trees .phase-{name} {{ fill: var(--phase-{name}); }}\n" for name in PHASES)
    return style_sheet() + own + phases + flame.colour_rules()


def call_sections(content: ComparisonContent, number: int = 1) -> list[Child]:
    """What differs in a call; ``number`` is that of the call on the page."""
    return [
        bars.of_phases(content),
        _changes(content),
        flame.section(content, number),
        _counts(content),
        _internals(content),
    ]


def _summary(content: ComparisonContent) -> Markup:
    return element(
        "section",
        {},
        element("h1", {}, content.headline),
        _sides(content),
        element("p", {}, words.outputs(content.outputs)),
        bullets("changed", content.notes),
    )


def _sides(content: ComparisonContent) -> Markup:
    total = content.total
    rows = [
        [
            word,
            side.label,
            environment_words.release(side.environment.facts),
            milliseconds(ns),
            f"{side.calls:,}",
        ]
        for word, side, ns in (
            ("before", content.before, total.before_ns),
            ("after", content.after, total.after_ns),
        )
    ]
    return table("The two sides", ["", "what", "release", "ms a call", "calls"], "lllrr", rows)


def _changes(content: ComparisonContent) -> Markup | None:
    lines = [words.finding(one) for one in content.findings]
    lines += [
        f"{one.title} gains {one.after_speedup:.3g}×, it gained {one.before_speedup:.3g}×"
        for one in content.recipes
        if one.after_speedup and one.before_speedup
    ]
    if not lines:
        return None
    return element("section", {}, element("h2", {}, "Causes that changed"), bullets("changed", lines))


def _counts(content: ComparisonContent) -> Markup | None:
    rows = [
        [one.title, *words.before_and_after(one)]
        for one in content.counts
        if (one.before, one.after) != (None, None)
    ]
    if not rows:
        return None
    shown = table("Counts", ["what is counted", "before", "after"], "lrr", rows)
    return element("section", {}, element("h2", {}, "Counts"), shown)


def _internals(content: ComparisonContent) -> Markup | None:
    if not content.internals:
        return None
    rows = [
        [one.qualname, one.phase, words.internal(one), signed(one.difference_ns)] for one in content.internals
    ]
    heading = "Internals that run more or less often"
    shown = table(heading, ["internal", "phase", "calls", "time"], "llrr", rows)
    return element("section", {}, element("h2", {}, heading), shown)
