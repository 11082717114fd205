"""What a gate found as Markdown, for the summary of a step in CI."""

from __future__ import annotations

from ...model.gate import GateContent
from ...number_words import milliseconds, multiple
from ..markdown import escape, table
from .to_terminal import WORDS, title

_MARKS = {"passed": "✅", "regressed": "❌", "inconclusive": "⚠️", "unsteady": "⚠️", "failed": "❌"}


def render(content: GateContent) -> str:
    """The whole answer."""
    rows = []
    for one in content.results:
        time = one.time
        times = ["", "", ""]
        if time is not None and time.before_ns is not None and time.after_ns is not None:
            times = [f"{milliseconds(time.before_ns)} ms", f"{milliseconds(time.after_ns)} ms"]
            times.append("" if time.ratio is None else multiple(time.ratio, time.interval))
        rows.append([f"{_MARKS[one.answer]} {WORDS[one.answer]}", one.name, *times, one.headline])
    parts = [
        f"## {escape(title(content))}",
        table(("", "call", "base", "now", "ratio", "why"), "llrrrl", rows),
    ]
    for one in content.results:
        if one.counts is not None and (one.counts.more or one.counts.fewer or one.counts.notes):
            lines = [f"- more: {escape(line)}" for line in one.counts.more]
            lines += [f"- fewer: {escape(line)}" for line in one.counts.fewer]
            lines += [f"- {escape(line)}" for line in one.counts.notes]
            parts += [f"### {escape(one.name)}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"
