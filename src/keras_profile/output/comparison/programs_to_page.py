"""The page of two programs: the differences of their lines, and below them what differs in a call of each."""

from __future__ import annotations

from ...analysis.differences.headline import signed
from ...model.comparison import ComparedLine, ProgramComparisonContent
from ...number_words import duration
from ..markup import Child, Markup, element, prose
from ..plain_page import bullets, document, table
from ..words import environment_words
from . import bars, to_page
from .programs_to_text import HEADER, cells, only_in_one


def render(content: ProgramComparisonContent) -> bytes:
    """The page."""
    compared = [one.comparison for one in content.lines if one.comparison is not None]
    facts = compared[0].after.environment if compared else None
    return document(
        " and ".join(content.labels),
        to_page.style(),
        "comparison of two programs",
        environment_words.machine(facts.facts) if facts is not None and facts.as_recorded else None,
        [_summary(content), bars.of_lines(content), _lines(content), *_calls(content)],
    )


def _summary(content: ProgramComparisonContent) -> Markup:
    rows = [
        [word, label, duration(wall_ns), duration(inference_ns)]
        for word, label, wall_ns, inference_ns in (
            ("before", content.labels[0], content.before_wall_ns, content.before_inference_ns),
            ("after", content.labels[1], content.after_wall_ns, content.after_inference_ns),
        )
    ]
    return element(
        "section",
        {},
        element("h1", {}, content.headline),
        table("The two programs", ["", "what", "in all", "in calls of models"], "llrr", rows),
        bullets("changed", content.notes),
    )


def _lines(content: ProgramComparisonContent) -> Markup:
    rows: list[list[Child]] = []
    for number, one in enumerate(content.lines, 1):
        name, *others = cells(one)
        linked = name if one.comparison is None else element("a", {"href": f"#line-{number}"}, name)
        rows.append([linked, *others])
    return element(
        "section",
        {},
        element("h2", {}, "Lines that call a model"),
        table("Lines that call a model", HEADER, "lrrrr", rows),
        bullets("changed", only_in_one(content)),
    )


def _calls(content: ProgramComparisonContent) -> list[Child]:
    """What differs in a call of each line; the first, whose time differs most, is shown at once."""
    found: list[Child] = []
    for number, one in enumerate(content.lines, 1):
        if one.comparison is None:
            continue
        found.append(
            element(
                "details",
                {"class": "of-line", "open": None if found else ""},
                element("summary", {}, _title(one)),
                # A link to what is within opens it.
                element(
                    "div",
                    {"id": f"line-{number}"},
                    element("p", {}, prose(one.comparison.headline)),
                    *to_page.call_sections(one.comparison, number),
                ),
            )
        )
    return found


def _title(one: ComparedLine) -> str:
    return f"{one.name}: {signed(one.after_ns - one.before_ns)} in all"
