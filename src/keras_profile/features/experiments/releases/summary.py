"""One call over several releases or commits, for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ....analysis.differences.headline import signed
from ....number_words import milliseconds, multiple, percent
from ....output.markdown import escape, table
from ....output.terminal import figures_table, plain, wrapped
from ....output.words import environment_words, report_words
from ....output.words.printable import beginning, printable
from .history import CallCost, History, Release, Step
from .shown_phases import OTHER, divided, folded, measured, model_phases, shown_phases

_HEADER = ("release", "Python", "ms per call (95% CI)", "calls", "fixed", "per batch", "model", "traced")
#: Where a title may be broken in a terminal: the figures below it are short.
_BREAKS = {"ms per call (95% CI)": "ms per call\n(95% CI)", "per batch": "per\nbatch"}
_LEGEND = (
    "fixed: the call without execution, the phase in which the model runs.",
    "per batch: the cost of each further batch, from calls of many batches; < if that may be zero.",
    "model: the share of execution. traced: functions traced into graphs in each call.",
)
#: What a reader must know before comparing the rows.
_ABOUT = (
    (
        "If batch_fetching is zero, the traced function reads the input itself: execution then includes the "
        "wait for input, and fixed is too low by that wait."
    ),
)
#: The same about rows that were measured one after the other.
_ABOUT_ROWS = (
    "Rows were measured one after the other, and the machine changes in the meantime: two rows can differ by "
    "10 to 20% by chance. Steps were measured in turn."
)
_ABOUT_RELEASES = "Releases need different Pythons, which differ in speed too."
_STEPS_TITLE = "Where it stepped"
_ABOUT_STEPS = (
    "Each {unit} was measured in turn with the one before it. What seemed to differ was measured again, in "
    "new processes, and is a step only if both times agree."
)
#: How a difference that is no step is called.
_VERDICTS = {
    "slower": "slower",
    "faster": "faster",
    "no_difference": "no difference",
    "cannot_tell": "not known",
    "indication": "an indication",
}
_PHASES_TITLE = "Where it goes, ms per call"
#: The most letters of a commit beside figures.
_NAME_LETTERS = 34
#: The fewest phases that a terminal shows, and the width of the gap between two columns of a table.
_LEAST_PHASES, _GAP = 2, 3


def title(content: History) -> str:
    """Returns the title: what is shown, of releases or commits."""
    unit = _unit(content)
    return f"The fixed cost of {content.workload.facts.entry_point}, {unit} by {unit}"


def state_name(release: Release) -> str:
    """Returns what a row is called: the releases, or the commit with its subject."""
    return release.commit or environment_words.release(release.environment.facts)


def headline(content: History) -> str:
    """Returns what was measured, in one line."""
    workload = content.workload.facts
    return (
        f"{workload.entry_point}() of a model of {workload.parameters} parameters on "
        f"{report_words.inputs_words(workload.inputs)}"
    )


def print_history(content: History, console: Console) -> None:
    """Prints the releases to ``console``, which decides about colour and width."""
    console.print(plain(title(content), "bold"))
    console.print(plain(headline(content)), end="\n\n")
    console.print(_releases_table(content, console.width))
    console.print()
    if divided(content):
        console.print(Text(_PHASES_TITLE, "bold"), end="\n\n")
        console.print(_phases_table(content, console.width))
        console.print()
    _print_steps(content, console)
    for line in _about(content):
        console.print(Text(line, "dim"))
    for line in _not_measured(content):
        console.print(plain(line, "red"))
    for note in content.notes:
        console.print(plain(f"note: {note}", "yellow"))


def render_history(content: History) -> str:
    """Returns the same as Markdown, with the figure and every phase."""
    named = [one.phase for one in content.phases]
    parted = divided(content)
    parts = [
        f"# {escape(title(content))}",
        escape(headline(content)) + ".",
        "![A bar for each release: milliseconds per call, by phase](history.svg)",
        "## Releases",
        table(
            (_unit(content), *_HEADER[1:], "95% CI per batch", "recording"),
            "llrrrrrrrl",
            [
                [*_cells(release, call), _batch_interval(release), call.recording]
                for release, call in measured(content)
            ],
        ),
        "\n".join(f"- {line}" for line in _about(content)),
    ]
    if content.steps:
        parts += _steps_parts(content)
    failed = _not_measured(content)
    if failed:
        parts.append("\n".join(f"- {escape(line)}" for line in failed))
    if parted:
        parts += [
            "## Phases",
            "Milliseconds per call; each column sums to the call.",
            table(
                [
                    "phase",
                    *(escape(state_name(release)) for release, _ in parted),
                    "meaning",
                ],
                "l" + "r" * len(parted) + "l",
                [
                    [
                        phase.phase,
                        *(milliseconds(folded(division, named)[row]) for _, division in parted),
                        phase.meaning,
                    ]
                    for row, phase in enumerate(content.phases)
                ],
            ),
        ]
    if content.notes:
        parts += ["## Notes", "\n".join(f"- {escape(note)}" for note in content.notes)]
    return "\n\n".join(parts) + "\n"


def _unit(content: History) -> str:
    return "commit" if any(release.commit for release in content.releases) else "release"


def _about(content: History) -> list[str]:
    """What a reader must know of the figures."""
    has_batches = any(release.batches for release in content.releases)
    legend = [line for line in _LEGEND if has_batches or not line.startswith("per batch")]
    return [*legend, *_ABOUT, _ABOUT_ROWS, *([] if _unit(content) == "commit" else [_ABOUT_RELEASES])]


def _print_steps(content: History, console: Console) -> None:
    if not content.steps:
        return
    console.print(Text(_STEPS_TITLE, "bold"))
    console.print()
    steps = [one for one in content.steps if _is_step(one)]
    for one in steps:
        wrapped(console, f"since {one.after}: {one.words}", "red" if one.difference_ns > 0 else "green")
    others = [f"{one.after} ({_ratio_words(one)})" for one in content.steps if not _is_step(one)]
    if others:
        wrapped(console, f"no step: {', '.join(others)}")
    console.print(Text(_ABOUT_STEPS.format(unit=_unit(content)), "dim"))
    console.print()


def _steps_parts(content: History) -> list[str]:
    unit = _unit(content)
    rows = [
        [
            escape(one.after),
            _ratio_words(one),
            _VERDICTS[one.verdict],
            ", ".join(f"{phase.phase} {signed(phase.difference_ns)}" for phase in one.phases),
            escape(one.words),
            escape(one.comparison),
        ]
        for one in content.steps
    ]
    header = (unit, "against the one before", "call", "phases that stepped", "in words", "comparison")
    return [f"## {_STEPS_TITLE}", _ABOUT_STEPS.format(unit=unit), table(header, "lrllll", rows)]


def _is_step(step: Step) -> bool:
    """Whether the call or a phase surely stepped."""
    return step.verdict in ("slower", "faster") or bool(step.phases)


def _ratio_words(step: Step) -> str:
    return multiple(step.ratio, step.ratio_ci99, ", ")


def _releases_table(content: History, width: int) -> Table:
    """Returns the table of releases; if ``width`` is too small, without the number of calls, in two lines.

    Columns in which no row has anything are omitted.
    """
    rows = [[printable(cell) for cell in _cells(release, call)] for release, call in measured(content)]
    kept = [column for column in range(len(_HEADER)) if any(row[column] for row in rows)]
    names = [_HEADER[column] for column in kept]
    cells = [[row[column] for column in kept] for row in rows]
    cells = [
        [beginning(row[0], _NAME_LETTERS) if _unit(content) == "commit" else row[0], *row[1:]]
        for row in cells
    ]
    header = [_BREAKS.get(name, name) for name in (_unit(content), *names[1:])]
    if _table_width(header, cells) > width:
        calls = names.index("calls")
        cells = [[row[0].replace(", ", ",\n"), *row[1:calls], *row[calls + 1 :]] for row in cells]
        header = header[:calls] + header[calls + 1 :]
    releases = figures_table(header)
    for row in cells:
        releases.add_row(*map(Text, row))
    return releases


def _phases_table(content: History, width: int) -> Table:
    """Returns the table with as many phases by name as fit into ``width``, and the others together."""
    model = model_phases(content)
    rows = [
        (printable(beginning(state_name(release), _NAME_LETTERS)), division)
        for release, division in divided(content)
    ]
    for most in range(len(content.phases), _LEAST_PHASES - 1, -1):
        shown = [*shown_phases(content, most), *model]
        header = [_unit(content), *(phase.replace("_", "\n", 1) for phase in shown), OTHER]
        cells = [[name, *map(milliseconds, folded(division, shown))] for name, division in rows]
        if _table_width(header, cells) <= width:
            break
    phases = figures_table(header)
    for row in cells:
        phases.add_row(*map(Text, row))
    return phases


def _table_width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Returns the width of a table in a terminal if nothing in it is wrapped."""
    columns = zip([title.split("\n") for title in header], zip(*rows))
    return sum(max(map(cell_len, (*title, *cells))) + _GAP for title, cells in columns) - _GAP


def _not_measured(content: History) -> list[str]:
    return [
        f"not measured: {release.interpreter}: {release.reason}"
        for release in content.releases
        if release.call is None
    ]


def _cells(release: Release, call: CallCost) -> list[str]:
    division = call.division
    low, high = (milliseconds(bound) for bound in call.median_ci95_ns)
    return [
        state_name(release),
        "" if release.commit else release.environment.facts.python or "",
        f"{milliseconds(call.median_ns)} ({low}–{high})",
        str(call.calls),
        "" if division is None else milliseconds(division.fixed_ns),
        _batch(release),
        "" if division is None else percent(division.model_share),
        "" if division is None else f"{division.graphs_traced:.3g}",
    ]


def _batch(release: Release) -> str:
    """Returns what a further batch adds, or what it adds at most if the interval contains 0."""
    if release.batches is None:
        return ""
    low, high = release.batches.batch_ci95_ns
    return milliseconds(release.batches.batch_ns) if low > 0 else f"<{milliseconds(high)}"


def _batch_interval(release: Release) -> str:
    if release.batches is None:
        return ""
    return "–".join(milliseconds(bound) for bound in release.batches.batch_ci95_ns)
