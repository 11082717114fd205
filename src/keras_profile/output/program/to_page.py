"""The page of a program: its groups of calls, what each finds, and links to their own pages.

A document without a script, of the style of the pages that it links to; nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from ...analysis.attribution.vocabulary import PHASES
from ...analysis.comparisons.verdicts import best_of
from ...analysis.program_gains import keeps_no_model
from ...model.program_report import GroupReport, ProgramReport
from ...model.report import ReportContent
from ...number_words import duration, milliseconds, percent
from ..html.palette import style_sheet
from ..markup import Child, Markup, element, join, prose
from ..plain_page import bullets, document, table
from ..words import environment_words, finding_words, program_words, recipe_words, report_words
from . import program_flame, program_strip

#: Phases of a group that are named below its bar.
MOST_PHASES = 4


def render(report: ProgramReport, pages: Sequence[str | None]) -> bytes:
    """The page; ``pages`` has the address of each group's own page, None where it has none."""
    return document(
        program_words.title(report),
        _style(),
        report.recording,
        environment_words.machine(report.environment.facts) if report.environment.as_recorded else None,
        _parts(report, pages),
    )


@cache
def _style() -> str:
    own = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    phases = "".join(f".shares .phase-{name} {{ fill: var(--phase-{name}); }}\n" for name in PHASES)
    return style_sheet() + own + phases


def _parts(report: ProgramReport, pages: Sequence[str | None]) -> list[Child]:
    program = report.program
    parts: list[Child] = [
        element(
            "section",
            {},
            element("h1", {}, program_words.answer(report)),
            element("p", {"class": "quiet"}, program_words.counts(report)),
            [element("p", {}, line) for line in program.unfinished],
            *_whole(report),
        ),
        *([_causes(report)] if report.causes else []),
        program_strip.section(report),
        *([program_flame.section(report.whole, _has_threads(report))] if report.whole is not None else []),
        element(
            "section",
            {},
            element("h2", {}, "Calls"),
            element(
                "p",
                {"class": "quiet narrow"},
                "This table scrolls sideways. The cards below show everything.",
            ),
            table(
                "Calls",
                ["", "call", "at", "calls", "median", "took", "of the program", "what to know"],
                "rllrrrrw",
                (
                    _row(report, number, group, page)
                    for number, (group, page) in enumerate(zip(report.groups, pages), 1)
                ),
            ),
        ),
        element(
            "div",
            {"class": "cards"},
            (
                _group(report, group, number, page)
                for number, (group, page) in enumerate(zip(report.groups, pages), 1)
            ),
        ),
    ]
    if len(program.processes) > 1:
        parts.append(
            _section(
                "Processes",
                ["process", "program", "took", "calls", "inference"],
                "llrrr",
                program_words.process_rows(program),
            )
        )
    last = element("p", {"class": "quiet"}, program_words.overhead_line(program))
    parts.append(element("section", {}, last, bullets("notes", report.notes)))
    return parts


def _has_threads(report: ProgramReport) -> bool:
    """Whether another thread than the main one did something of Keras."""
    timeline = report.timeline
    return timeline is not None and any(row.spans and not row.is_main for row in timeline.rows)


def _whole(report: ProgramReport) -> list[Child]:
    """Where the time goes, as a bar and a table, and what it comes to."""
    rows = program_words.part_rows(report)
    if not rows:
        return []
    lines: list[list[Child]] = [[_key(row), row.name, row.took, row.of_program] for row in rows]
    return [
        _bar(
            ((f"kind-{row.kind}", row.share, f"{row.name}: {row.took}, {row.of_program}") for row in rows),
            program_words.headline(report),
        ),
        table("Where the time goes", ["", "where the time goes", "took", "share"], "lwrr", lines),
        element("p", {"class": "quiet"}, program_words.whole_line(report)),
        bullets("conclusions", report.conclusions),
    ]


def _bar(parts: Iterable[tuple[str, float, str]], about: str, kind: str = "shares") -> Markup:
    """A bar of parts, each with the class of its colour, its share and its figures."""
    boxes: list[Child] = []
    place = 0.0
    for colour, share, figures in parts:
        width = 1000 * share
        boxes.append(element("g", {"class": colour}, _box(place, width), element("title", {}, figures)))
        place += width
    attributes = {
        "class": kind,
        "viewBox": "0 0 1000 20",
        "preserveAspectRatio": "none",
        "role": "img",
        "aria-label": about,
    }
    return element("svg", attributes, boxes)


def _key(row: program_words.PartRow) -> Markup:
    """The colour of a row in the bar."""
    box = element("rect", {"width": "12", "height": "12"})
    attributes = {"class": "key", "width": "12", "height": "12", "aria-hidden": "true"}
    return element("svg", attributes, element("g", {"class": f"kind-{row.kind}"}, box))


def _box(place: float, width: float) -> Markup:
    return element("rect", {"x": f"{place:.2f}", "y": "0", "width": f"{width:.2f}", "height": "20"})


def _causes(report: ProgramReport) -> Markup:
    """What takes the time outside of the calls, and what to do about it."""
    cards = (
        element(
            "section",
            {"class": "card group"},
            element("h3", {}, prose(program_words.cause_line(cause))),
            bullets("evidence", cause.evidence),
            element("p", {}, "What helps: ", prose(cause.advice)),
        )
        for cause in report.causes
    )
    return element(
        "section", {}, element("h2", {}, "Outside the calls"), element("div", {"class": "cards"}, cards)
    )


def _row(report: ProgramReport, number: int, group: GroupReport, page: str | None) -> list[Child]:
    causes = [one.title for one in group.findings if one.verdict == "found"][:1]
    best = program_words.best_line(group)
    known = [prose(line) for line in [*causes, *([best] if best else [])]]
    name = program_words.entry(group)
    return [
        str(number),
        name if page is None else element("a", {"href": page}, name),
        program_words.place(report, group),
        f"{group.count:,}",
        "" if group.regularity is None else duration(group.regularity.median_ns),
        duration(program_words.took_ns(group)),
        percent(group.share_of_wall),
        join(known, element("br", {})),
    ]


def _group(report: ProgramReport, group: GroupReport, number: int, page: str | None) -> Markup:
    parts: list[Child] = [
        element("h2", {}, f"{number}. {program_words.group_name(report, group)}"),
        element("p", {}, program_words.group_figures(group)),
        _code(group.site.source) if group.site.source else None,
        bullets("evidence", program_words.group_details(group)),
    ]
    usual = report.of_group(group)
    if usual is None:
        parts.append(element("p", {"class": "quiet"}, "No warm call was timed."))
        return element("section", {"class": "card group"}, parts)
    if page is not None:
        parts.append(element("p", {}, element("a", {"href": page}, "Phases, flame graphs and single calls")))
    if report_words.is_attributed(usual):
        parts += _phases(usual)
    causes = [f"{one.title} [{one.rule}]" for one in finding_words.found(usual)]
    if causes:
        parts += [element("h3", {}, "Why"), bullets("evidence", causes)]
    advice = finding_words.advice_without_change(usual)
    if advice:
        parts.append(element("p", {}, "What helps: ", prose(advice)))
    best = best_of(group.comparisons)
    if best is not None:
        parts += [
            element("h3", {}, "Then change it to" if keeps_no_model(group) else "Change it to"),
            _code(best.code),
            element("p", {}, program_words.gain(report, group, best)),
        ]
        others = recipe_words.others(group.comparisons)
        parts.append(element("p", {"class": "quiet"}, others) if others else None)
    return element("section", {"class": "card group"}, parts)


def _phases(usual: ReportContent) -> list[Child]:
    """The phases of a call as a bar, and the largest in words."""
    phases = [one for one in usual.attribution.phases if one.self_ns]
    named = ", ".join(f"{one.phase} {percent(one.share)}" for one in phases[:MOST_PHASES])
    parts = (
        (
            f"phase-{one.phase}",
            one.share,
            f"{one.phase}: {milliseconds(one.self_ns)} ms, {percent(one.share)}",
        )
        for one in phases
    )
    bar = _bar(parts, f"The phases of a call: {named}", "shares small")
    return [bar, element("p", {"class": "quiet"}, f"a call: {named}")]


def _section(title: str, header: Sequence[str], alignment: str, rows: Iterable[Sequence[Child]]) -> Markup:
    return element("section", {}, element("h2", {}, title), table(title, header, alignment, rows))


def _code(code: str) -> Markup:
    return element("pre", {"class": "code"}, code)
