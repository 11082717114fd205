"""The user's lines that make the batches of a call."""

from __future__ import annotations

from ....model.workload import InputLine
from ....number_words import percent
from ..evidence_view import View

#: With fewer samples, a line's share says nothing.
_LEAST_SAMPLES = 5
#: Lines in a smaller share of the samples are not named.
_LEAST_SHARE = 0.1


def busiest_lines(evidence: View) -> list[InputLine]:
    """The lines that take most of the time while batches are made, busiest first."""
    found = evidence.workload("input_lines") if evidence.has("workload.input_lines") else None
    if found is None or found.samples < _LEAST_SAMPLES:
        return []
    return [line for line in found.lines if line.samples >= _LEAST_SHARE * found.samples]


def place_of(lines: list[InputLine]) -> str:
    """The place of the busiest line; empty if there is none."""
    return lines[0].where if lines else ""


def line_texts(evidence: View, lines: list[InputLine]) -> list[str]:
    """A sentence for each line: how much of the time a thread is there."""
    if not lines:
        return []
    samples = evidence.workload("input_lines").samples
    return [
        f"{percent(min(line.samples / samples, 1.0))} of the time a thread is at {line.where}"
        + (f": {line.source}" if line.source else "")
        for line in lines[:3]
    ]
