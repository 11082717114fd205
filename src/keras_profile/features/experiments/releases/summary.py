"""One workload over several releases, for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ....number_words import milliseconds, percent
from ....output.markdown import escape, table
from ....output.terminal import figures_table, plain
from ....output.words import environment_words, report_words
from ....output.words.printable import printable
from .history import CallCost, History, Release
from .shown_phases import OTHER, divided, folded, measured, model_phases, shown_phases

TITLE = "The fixed cost of predict, release by release"
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
    (
        "Each row ran in its own process. Two processes can differ by 10 to 20% by chance, and the Pythons "
        "differ too. Rows are ordered by Keras version."
    ),
)
_PHASES_TITLE = "Where it goes, ms per call"
#: The fewest phases that a terminal shows, and the width of the gap between two columns of a table.
_LEAST_PHASES, _GAP = 2, 3


def headline(content: History) -> str:
    """Returns what was measured, in one line."""
    workload = content.workload.facts
    return (
        f"{workload.entry_point}() of a model of {workload.parameters} parameters on "
        f"{report_words.inputs_words(workload.inputs)}"
    )


def print_history(content: History, console: Console) -> None:
    """Prints the releases to ``console``, which decides about colour and width."""
    console.print(Text(TITLE, "bold"))
    console.print(plain(headline(content)), end="\n\n")
    console.print(_releases_table(content, console.width))
    console.print()
    if divided(content):
        console.print(Text(_PHASES_TITLE, "bold"), end="\n\n")
        console.print(_phases_table(content, console.width))
        console.print()
    for line in (*_LEGEND, *_ABOUT):
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
        f"# {TITLE}",
        escape(headline(content)) + ".",
        "![A bar for each release: milliseconds per call, by phase](history.svg)",
        "## Releases",
        table(
            (*_HEADER, "95% CI per batch", "recording"),
            "llrrrrrrrl",
            [
                [*_cells(release, call), _batch_interval(release), call.recording]
                for release, call in measured(content)
            ],
        ),
        "\n".join(f"- {line}" for line in (*_LEGEND, *_ABOUT)),
    ]
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
                    *(escape(environment_words.release(release.environment.facts)) for release, _ in parted),
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


def _releases_table(content: History, width: int) -> Table:
    """Returns the table of releases; if ``width`` is too small, without the number of calls, in two lines."""
    header = [_BREAKS.get(title, title) for title in _HEADER]
    cells = [[printable(cell) for cell in _cells(release, call)] for release, call in measured(content)]
    if _table_width(header, cells) > width:
        calls = _HEADER.index("calls")
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
        (printable(environment_words.release(release.environment.facts)), division)
        for release, division in divided(content)
    ]
    for most in range(len(content.phases), _LEAST_PHASES - 1, -1):
        shown = [*shown_phases(content, most), *model]
        header = ["release", *(phase.replace("_", "\n", 1) for phase in shown), OTHER]
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
        environment_words.release(release.environment.facts),
        release.environment.facts.python or "",
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
