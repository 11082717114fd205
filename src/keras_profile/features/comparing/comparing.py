"""Compares, from start to end: measures or reads both sides, compares them, writes everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ...analysis.differences.compared import compare
from ...analysis.differences.counts import Compared
from ...analysis.differences.programs_compared import ComparedProgram, compare_programs
from ...analysis.differences.turns import InTurn
from ...analysis.reports import make_report
from ...analysis.rules.catalogue import RULES
from ...analysis.rules.rule import Rule
from ...errors import KerasProfileError, RecordingError
from ...launch.recorder_process import Listener
from ...model.comparison import ComparisonContent, ProgramComparisonContent
from ...model.report import ReportContent
from ...output.comparison.comparison_files import write_comparison, write_program_comparison
from ...output.reports import write_report
from ...output.words import environment_words
from ...recordings.folders import new_folder, remove_if_empty
from ...recordings.names import REPORTS, TRACES, dated, name_in_traces
from ...recordings.opened import OpenedRecording
from .in_turn import Measured, Plan, SideToMeasure, measure_in_turn
from .pooled import pooled

#: The folders of the sides, in those of the comparison.
SIDES = ("before", "after")


@dataclass(frozen=True)
class Place:
    """Where a comparison is written: folders for recordings and for reports, and its name in both.

    Without a name, both folders are its own.
    """

    traces: Path
    reports: Path
    name: str = ""

    @classmethod
    def new(cls, output: Path) -> Place:
        """Folders of its own in the traces and the reports of ``output``."""
        traces = new_folder(output / TRACES, dated("compare", datetime.now()))
        return cls(traces, output / REPORTS / traces.name)

    def new_recording(self, side: str, pair: int) -> Path:
        """Makes the folder of a side's recording."""
        return new_folder(self.traces, "-".join(filter(None, (self.name, side, str(pair + 1)))))

    def new_report(self) -> Path:
        """Makes the folder of the comparison."""
        folder = self.reports / self.name
        return new_folder(folder.parent, folder.name)


@dataclass(frozen=True)
class Comparison:
    """A comparison that was written into ``folder``.

    If it was measured, also what was measured in turn, and the report of each side.
    """

    content: ComparisonContent
    folder: Path
    in_turn: InTurn | None = None
    interrupted: bool = False
    reports: tuple[ReportContent, ReportContent] | None = None


@dataclass(frozen=True)
class ProgramComparison:
    """A comparison of two programs that was written into ``folder``."""

    content: ProgramComparisonContent
    folder: Path


def compare_in_turn(
    sides: tuple[SideToMeasure, SideToMeasure],
    plan: Plan,
    place: Place,
    listener: Listener,
    *,
    rules: Sequence[Rule] = RULES,
    html: bool = True,
    is_enough: Callable[[InTurn], bool] = lambda so_far: False,
) -> Comparison:
    """Measures both sides in turn by the ``plan``, and writes recordings, reports and the comparison.

    After each pair of processes ``is_enough`` is asked whether to stop.
    Raises :class:`KerasProfileError`, and leaves no folder if nothing was measured.
    """
    try:
        measured = measure_in_turn(
            sides,
            plan,
            lambda pair, side: place.new_recording(SIDES[side], pair),
            listener,
            is_enough,
        )
    finally:
        for folder in place.traces.iterdir():
            remove_if_empty(folder)
        remove_if_empty(place.traces)
    return _written(measured, sides, place, rules, html)


def compare_stored(
    before: Compared | ComparedProgram, after: Compared | ComparedProgram, output: Path, *, html: bool = True
) -> Comparison | ProgramComparison:
    """Compares what was recorded before: calls, or programs line by line.

    Raises :class:`KerasProfileError` if the two cannot be compared.
    """
    labels = _releases(before, after) or (before.report.recording, after.report.recording)
    if isinstance(before, Compared) and isinstance(after, Compared):
        content = compare(before, after, labels)
        folder = new_folder(output / REPORTS, dated("compare", datetime.now()))
        write_comparison(content, folder, html)
        return Comparison(content, folder)
    if isinstance(before, ComparedProgram) and isinstance(after, ComparedProgram):
        lines = compare_programs(before, after, labels)
        folder = new_folder(output / REPORTS, dated("compare", datetime.now()))
        write_program_comparison(lines, folder, html)
        return ProgramComparison(lines, folder)
    raise KerasProfileError(
        "expected two recordings of one kind, found one of a program and one of a model",
        "give one line of the program: keras-profile list shows them",
    )


def _releases(
    before: Compared | ComparedProgram, after: Compared | ComparedProgram
) -> tuple[str, str] | None:
    """The releases of both sides, if they differ."""
    first, second = (environment_words.release(one.report.environment.facts) for one in (before, after))
    return None if first == second else (first, second)


def _written(
    measured: Measured,
    sides: tuple[SideToMeasure, SideToMeasure],
    place: Place,
    rules: Sequence[Rule],
    html: bool,
) -> Comparison:
    opened = [pooled(folders) for folders in measured.folders]
    first, second = (_compared(one, side, rules) for one, side in zip(opened, sides))
    labels = sides[0].label, sides[1].label
    if all(side.is_interpreter for side in sides):
        labels = _releases(first, second) or labels
    content = compare(first, second, labels, measured.in_turn, measured.outputs)
    names = [[name_in_traces(one) for one in folders] for folders in measured.folders]
    content = replace(
        content,
        before=replace(content.before, recordings=names[0]),
        after=replace(content.after, recordings=names[1]),
        notes=[
            *(["interrupted: it was measured for less time"] if measured.interrupted else []),
            *content.notes,
        ],
    )
    folder = place.new_report()
    for name, one in zip(SIDES, (first, second)):
        assert one.opened is not None
        write_report(one.report, new_folder(folder, name), one.opened, html)
    write_comparison(content, folder, html)
    return Comparison(content, folder, measured.in_turn, measured.interrupted, (first.report, second.report))


def _compared(opened: OpenedRecording, side: SideToMeasure, rules: Sequence[Rule]) -> Compared:
    try:
        return Compared(make_report(opened, rules), opened)
    except RecordingError as error:
        raise KerasProfileError(error.message, error.advice).of_side(side.label) from error
