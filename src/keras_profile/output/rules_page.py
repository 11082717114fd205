"""Rules in words: the list for a terminal, one rule, and the page of the documentation."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding

from ..model.rules import RuleText
from .terminal import figures_table, plain

_INTRODUCTION = """\
# Rules

A rule looks for one cause of slowness. It gives one of three answers: found, not found, or cannot \
tell, with what is missing. This page is generated from the rules, in the order in which they claim \
time.

## How causes share the call

A found cause claims the time of phases that would be gone without it. Each nanosecond is claimed \
once: rules claim in the order of this page, from specific to general, and each gets what is left of \
its phases. So all findings together never cost more than the call. A finding says so if other rules \
claimed most of its time.

A cost is the time that the cause is involved in, by the shares of the `spans` capture. It does not \
promise a gain: recipes measure what a change gains. The confidence in a cost comes from the intervals \
of its phases.

## All rules"""


def print_rules(rules: Sequence[RuleText], console: Console) -> None:
    """Prints a row for each rule: its id, and what it looks for."""
    table = figures_table(["rule"])
    table.add_column("looks for", overflow="fold")
    for rule in rules:
        table.add_row(plain(rule.id), plain(rule.title))
    console.print(table)
    console.print()
    console.print(plain("keras-profile rules RULE explains one", "dim"))


def print_rule(rule: RuleText, console: Console) -> None:
    """Prints everything about a rule."""
    console.print(plain(f"{rule.id}: {rule.title}", "bold"), end="\n\n")
    console.print(plain(rule.meaning), end="\n\n")
    for heading, lines in _parts(rule):
        console.print(plain(heading, "bold"))
        for line in lines:
            # Addresses must be copyable and stay whole.
            whole = heading == "Sources"
            console.print(
                plain(f"  {line}") if whole else Padding(plain(line), (0, 0, 0, 2), expand=False),
                soft_wrap=whole,
            )
        console.print()


def render_rules_page(rules: Sequence[RuleText]) -> str:
    """The page of all rules as Markdown."""
    parts = [_INTRODUCTION]
    for rule in rules:
        parts += [f"### {rule.id}", f"**{rule.title}.** {rule.meaning}"]
        for heading, lines in _parts(rule):
            if heading == "Example":
                parts.append("```python\n" + "\n".join(lines) + "\n```")
            else:
                parts.append(f"{heading}:\n\n" + "\n".join(f"- {_escaped(line)}" for line in lines))
    return "\n\n".join(parts) + "\n"


def _parts(rule: RuleText) -> list[tuple[str, list[str]]]:
    """The lists of a rule with their headings, without empty ones."""
    found = [
        ("What helps", [rule.advice]),
        ("Recognised by", [_with_values(rule)]),
        ("Thresholds", [f"{one.name} = {one.value:g}: {one.reason}" for one in rule.thresholds]),
        ("Cannot tell without", rule.needs),
        ("Says more with", rule.uses),
        ("Example", rule.example.splitlines()),
        ("Fixed by", rule.recipes),
        ("Sources", rule.sources),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def _with_values(rule: RuleText) -> str:
    """How a rule recognises its cause, with shares in percent in place of the names of thresholds."""
    text = rule.recognised
    for one in rule.thresholds:
        if 0 < one.value < 1:
            text = text.replace(one.name, f"{one.value:.0%}")
    return text


def _escaped(line: str) -> str:
    r"""The line without emphasis by accident; addresses and code are as they are.

    >>> _escaped("remove `run_eagerly=True` and max_threads")
    'remove `run_eagerly=True` and max\\_threads'
    """
    if "://" in line:
        return line
    parts = line.split("`")
    parts[::2] = [part.replace("_", "\\_").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)
