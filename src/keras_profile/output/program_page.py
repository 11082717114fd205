"""The page of a program: its groups of calls, what each finds, and links to their own pages.

A document without a script: names are escaped, nothing is loaded.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape

from ..model.program_report import GroupReport, ProgramReport
from . import findings, program_words, recipe_words, words

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: #666; }
@media (prefers-color-scheme: dark) { :root { --quiet: #a0a0a0; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem;
  overflow-wrap: anywhere; background: Canvas; color: CanvasText; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .3rem; }
svg { display: block; width: 100%; height: 1.4rem; border-radius: 3px; }
.wide { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; overflow-wrap: normal; }
th, td { padding: .15rem .8rem .15rem 0; text-align: left; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: normal; }
td.w { min-width: 16rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { padding: .6rem; border: 1px solid var(--line); border-radius: 3px; overflow-x: auto; }
.quiet { color: var(--quiet); }
ul { padding-left: 1.2rem; }
"""

#: The colour of the groups in the bar, the dearest the strongest, and of what is beside them. It is
#: no phase's: a group has many.
_GROUPS, _STRENGTHS, _OTHER = "#2f6db5", (1.0, 0.75, 0.55, 0.4, 0.3), "#8886"

#: The class of a column's cells.
_KINDS = {"l": "", "r": ' class="n"', "w": ' class="w"'}


def render_program_page(report: ProgramReport, pages: Sequence[str | None]) -> bytes:
    """The page; ``pages`` has the address of each group's own page, None where it has none."""
    style = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    program = report.program
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        (
            f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            f"style-src '{style}'; base-uri 'none'; form-action 'none'\">"
        ),
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(program_words.title(report))} – keras_profile</title>",
        f"<style>{_STYLE}</style></head><body><main>",
        f"<h1>{_text(program_words.headline(report))}</h1>",
        f'<p class="quiet">{_text(program_words.counts(report))}</p>',
        _bar(report),
        _table(
            "Calls",
            ["", "call", "at", "calls", "median", "took", "of the program", "what to know"],
            "rllrrrrw",
            [
                _row(report, number, group, page)
                for number, (group, page) in enumerate(zip(report.groups, pages), 1)
            ],
        ),
    ]
    for number, (group, page) in enumerate(zip(report.groups, pages), 1):
        parts += _group(report, group, number, page)
    between = program_words.between_rows(program)
    if between:
        parts += _section("Beside inference", ["kind", "what", "times", "took"], "llrr", between)
    samples = program_words.sample_rows(program)
    if samples:
        parts += _section("Between the calls", ["line", "share"], "lr", samples)
    if len(program.processes) > 1:
        parts += _section(
            "Processes",
            ["process", "program", "took", "calls", "inference"],
            "llrrr",
            program_words.process_rows(program),
        )
    parts.append(f'<p class="quiet">{_text(program_words.overhead_line(program))}</p>')
    if report.environment.as_recorded:
        parts.append(f'<p class="quiet">{_text(words.environment_words(report.environment.facts))}</p>')
    if report.notes:
        parts.append(_list(report.notes))
    parts.append("</main></body></html>\n")
    return "\n".join(parts).encode("utf-8", "replace")


def _bar(report: ProgramReport) -> str:
    """The program as a bar: its groups by their share, and what is left."""
    boxes, place = [], 0.0
    for number, group in enumerate(report.groups):
        # Calls that ran at the same time have more than the program together.
        width = 1000 * min(group.share_of_wall, max(1.0 - place / 1000, 0.0))
        boxes.append(
            f'<rect x="{place:.2f}" y="0" width="{width:.2f}" height="20" '
            f'fill="{_GROUPS}" fill-opacity="{_STRENGTHS[min(number, len(_STRENGTHS) - 1)]}">'
            f"<title>{_text(program_words.group_line(report, group))}</title></rect>"
        )
        place += width
    boxes.append(
        f'<rect x="{place:.2f}" y="0" width="{max(1000 - place, 0):.2f}" height="20" '
        f'fill="{_OTHER}"><title>everything else</title></rect>'
    )
    return (
        '<svg viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" '
        f'aria-label="{_text(program_words.headline(report))}">{"".join(boxes)}</svg>'
    )


def _row(report: ProgramReport, number: int, group: GroupReport, page: str | None) -> list[str]:
    causes = [one.title for one in group.findings if one.verdict == "found"][:1]
    best = program_words.best_line(group)
    known = "<br>".join(_prose(line) for line in [*causes, *([best] if best else [])])
    name = _text(program_words.entry(group))
    link = name if page is None else f'<a href="{escape(page)}">{name}</a>'
    median = "" if group.regularity is None else program_words.duration(group.regularity.median_ns)
    return [
        str(number),
        link,
        _text(program_words.place(report, group)),
        f"{group.count:,}",
        median,
        program_words.duration(group.total_ns),
        words.percent(group.share_of_wall),
        known,
    ]


def _group(report: ProgramReport, group: GroupReport, number: int, page: str | None) -> list[str]:
    parts = [
        f"<h2>{number}. {_text(program_words.group_name(report, group))}</h2>",
        f"<p>{_text(program_words.group_figures(group))}</p>",
    ]
    if group.site.source:
        parts.append(f"<pre>{_text(group.site.source)}</pre>")
    if program_words.group_details(group):
        parts.append(_list(program_words.group_details(group)))
    usual = report.of_group(group)
    if usual is None:
        return [*parts, '<p class="quiet">No warm call of it was timed.</p>']
    if page is not None:
        parts.append(f'<p><a href="{escape(page)}">Phases, flame graphs and single calls</a></p>')
    causes = [f"{one.title} [{one.rule}]" for one in findings.found(usual)]
    if causes:
        parts += ["<p>Why:</p>", _list(causes)]
    best = recipe_words.best(group.comparisons)
    if best is not None:
        code = "\n".join(words.printable(line) for line in best.code.splitlines())
        parts += [
            f"<p>{_text(f'{best.title}: {recipe_words.speedup(best)}')}</p>",
            f"<pre>{escape(code)}</pre>",
        ]
    return parts


def _section(title: str, header: Sequence[str], alignment: str, rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"<h2>{title}</h2>",
        _table(title, header, alignment, ([_text(cell) for cell in row] for row in rows)),
    ]


def _table(name: str, header: Sequence[str], alignment: str, rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; keys scroll it where it is wider than the page.

    ``alignment`` has a letter a column: to the left, to the right as numbers, wide for sentences.
    """
    kinds = [_KINDS[letter] for letter in alignment]
    head = "".join(f"<th{kind}>{title}</th>" for kind, title in zip(kinds, header))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row)) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide" role="region" aria-label="{name}" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{_prose(line)}</li>" for line in lines) + "</ul>"


def _prose(text: str) -> str:
    """A sentence, in which what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _text(text))


def _text(text: str) -> str:
    return escape(words.printable(text))
