"""A comparison as Markdown: for its file, and for the summary of a step in CI."""

from __future__ import annotations

from ...analysis.differences.headline import signed
from ...model.comparison import ComparisonContent
from ...number_words import milliseconds
from ..markdown import escape, table
from . import words


def render(content: ComparisonContent) -> str:
    """The whole comparison."""
    parts = [f"# {escape(content.headline)}", "\n".join(f"- {escape(line)}" for line in words.sides(content))]
    if words.cpu(content):
        parts[-1] += f"\n- {words.cpu(content)}"
    parts[-1] += f"\n- {escape(words.outputs(content.outputs))}"
    if content.notes:
        parts.append("\n".join(f"- {escape(note)}" for note in content.notes))
    parts += ["## Phases", phase_table(content)]
    if content.findings:
        parts += ["## Findings", "\n".join(f"- {escape(words.finding(one))}" for one in content.findings)]
    counts = [one for one in content.counts if (one.before, one.after) != (None, None)]
    if counts:
        rows = [[one.title, *words.before_and_after(one)] for one in counts]
        parts += ["## Counts", table(("what", "before", "after"), "lrr", rows)]
    if content.internals:
        rows = [
            [one.qualname, one.phase, words.internal(one), signed(one.difference_ns)]
            for one in content.internals
        ]
        parts += [
            "## Internals that run more or less often",
            table(("internal", "phase", "calls", "time"), "llrr", rows),
        ]
    return "\n\n".join(parts) + "\n"


def phase_table(content: ComparisonContent) -> str:
    """The phases' differences, which sum to that of the call."""
    total = content.total
    rows = [
        [
            one.phase,
            f"{milliseconds(one.before_ns)} ms",
            f"{milliseconds(one.after_ns)} ms",
            signed(one.difference_ns),
            words.interval(one),
            words.VERDICTS[one.verdict],
        ]
        for one in content.phases
    ]
    rows.append(
        [
            "call",
            f"{milliseconds(total.before_ns)} ms",
            f"{milliseconds(total.after_ns)} ms",
            signed(total.difference_ns),
            "",
            words.VERDICTS[total.verdict],
        ]
    )
    return table(("phase", "before", "after", "difference", "99% CI, ms", ""), "lrrrrl", rows)
