"""The user's lines that make the batches of a call."""

from __future__ import annotations

from ....model.file_names import file_name
from ....model.workload import InputLine
from ....number_words import percent
from ..evidence_view import View

#: With fewer samples, a line's share says nothing.
_LEAST_SAMPLES = 5
#: Lines in a smaller share of the samples are not named.
_LEAST_SHARE = 0.1
#: A line in this share of the samples takes most of the time.
_MOST = 0.5


def busiest_lines(evidence: View) -> list[InputLine]:
    """The lines that take most of the time while batches are made, busiest first."""
    found = evidence.workload("input_lines") if evidence.has("workload.input_lines") else None
    if found is None or found.samples < _LEAST_SAMPLES:
        return []
    return [line for line in found.lines if line.samples >= _LEAST_SHARE * found.samples]


def place_of(lines: list[InputLine]) -> str:
    """The place of the busiest line; empty if there is none."""
    return lines[0].where if lines else ""


def in_title(evidence: View, lines: list[InputLine]) -> str:
    """The line that takes most of the time, for a title; empty if there is none."""
    return f", most of it at {file_name(lines[0].where)}" if _has_most(evidence, lines) else ""


def advice_about(evidence: View, lines: list[InputLine], otherwise: str) -> str:
    """What to do if one line takes most of the time, before ``otherwise``; empty if none does."""
    if not _has_most(evidence, lines):
        return ""
    return (
        f"make the line at {file_name(lines[0].where)} faster: it should read and compute only what its "
        f"batch needs; or {otherwise}"
    )


def _has_most(evidence: View, lines: list[InputLine]) -> bool:
    return bool(lines) and lines[0].samples >= _MOST * evidence.workload("input_lines").samples


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
