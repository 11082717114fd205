"""The experiment of the compile() question, for a terminal and as Markdown."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ....number_words import milliseconds, percent
from ....output.markdown import escape, table
from ....output.terminal import figures_table
from ....output.words import environment_words
from ....output.words.printable import printable
from .reproduction import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, ClaimVerdict, Reproduction, WorkloadFacts

_VERDICTS: dict[ClaimVerdict, str] = {
    HOLDS: "holds",
    DOES_NOT_HOLD: "does not hold",
    CANNOT_TELL: "cannot tell",
}
_STYLES: dict[ClaimVerdict, str] = {HOLDS: "green", DOES_NOT_HOLD: "red", CANNOT_TELL: "yellow"}
_CLAIMS_TITLE = "The answer's claims and the measurements here"
_ABOUT = (
    "Each workload ran in its own process; intervals are 95% over its calls. Two processes can differ by "
    "10 to 20% by chance."
)
_HEADER = ("workload", "ms per call (95% CI)", "calls", "speed-up", "model", "traced")
_LEGEND = (
    "speed-up: against predict of the compiled model of the same size. model: the share of a call in which "
    "the model runs. traced: functions traced into graphs in each warm call."
)


def print_reproduction(content: Reproduction, console: Console) -> None:
    """Prints the workloads and the claims to ``console``."""
    workloads = figures_table(_HEADER)
    for one in content.workloads:
        workloads.add_row(*(Text(printable(cell)) for cell in _workload_cells(one)))
    console.print(workloads)
    console.print()
    console.print(Text(f"{_LEGEND} {_ABOUT}", "dim"), end="\n\n")
    console.print(Text(_CLAIMS_TITLE, "bold"), end="\n\n")
    claims = Table.grid(padding=(0, 2))
    claims.add_column(no_wrap=True)
    claims.add_column(overflow="fold")
    for claim in content.claims:
        claims.add_row(
            Text(_VERDICTS[claim.verdict], _STYLES[claim.verdict]),
            Text.assemble(
                f"{claim.text}: ", (f"claimed {claim.claimed}; here ", "dim"), printable(claim.measured)
            ),
        )
    console.print(claims)
    console.print()
    console.print(Text(printable(environment_words.machine(content.environment.facts)), "dim"))
    for note in content.notes:
        console.print(Text(printable(f"note: {note}"), "yellow"))


def render_reproduction(content: Reproduction) -> str:
    """Returns the same as Markdown, and when each claim would hold."""
    parts = [
        "# The compile() question, reproduced",
        escape(environment_words.machine(content.environment.facts)),
        "## Workloads",
        table(
            (*_HEADER, "95% CI of the speed-up"),
            "lrrrrrr",
            [[*_workload_cells(one), _speedup_interval(one)] for one in content.workloads],
        ),
        f"{_LEGEND} {_ABOUT}",
        f"## {_CLAIMS_TITLE}",
        table(
            ["verdict", "claim", "claimed", "measured here", "it holds if"],
            "lllll",
            [
                [_VERDICTS[claim.verdict], claim.text, claim.claimed, claim.measured, claim.rule]
                for claim in content.claims
            ],
        ),
    ]
    if content.notes:
        parts += ["## Notes", "\n".join(f"- {escape(note)}" for note in content.notes)]
    return "\n\n".join(parts) + "\n"


def _workload_cells(one: WorkloadFacts) -> list[str]:
    timing, spans = one.timing, one.spans
    if timing is None:
        return [f"{one.title}: {one.reason}", "", "", "", "", ""]
    low, high = (milliseconds(bound) for bound in timing.median_ci95_ns)
    return [
        one.title,
        f"{milliseconds(timing.median_ns)} ({low}–{high})",
        str(timing.calls),
        "" if timing.speedup is None else f"{timing.speedup:.3g}×",
        "" if spans is None else percent(spans.model_share),
        "" if spans is None else f"{spans.traced_per_call:.3g}",
    ]


def _speedup_interval(one: WorkloadFacts) -> str:
    if one.timing is None or one.timing.speedup_ci95 is None:
        return ""
    low, high = one.timing.speedup_ci95
    return f"{low:.3g}–{high:.3g}"
