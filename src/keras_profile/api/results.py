"""The results of profiling: the report of a model's calls, and of a whole program."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..analysis.reports import make_report
from ..analysis.rules.catalogue import RULES
from ..analysis.rules.rule import Rule
from ..model.program_report import ProgramFigures, ProgramReport
from ..model.report import Attribution, CallFigures, CaptureFigures, Comparison, Finding, ReportContent
from ..output.reports import HTML_FILE, render_notebook, report_text
from ..recordings.folders import empty_folder
from ..recordings.opened import OpenedProgram, OpenedRecording
from .saving import save_report


class _Reported:
    """The common part of the reports of a model and of a program.

    ``content`` is the whole report as one frozen value, ``opened`` its recording (None if the report was
    read from a file), ``page`` its page if that was written.
    """

    def __init__(
        self,
        content: ReportContent | ProgramReport,
        opened: OpenedRecording | OpenedProgram | None,
        page: Path | None,
    ) -> None:
        self.content = content
        self.opened = opened
        self._page = page

    @property
    def recording(self) -> str:
        """The name of the report's recording."""
        return self.content.recording

    @property
    def notes(self) -> list[str]:
        """What a reader must know to understand the figures."""
        return self.content.notes

    def save(self, folder: str | Path) -> list[Path]:
        """Writes the report's files into ``folder``, which is made; returns their paths.

        They are the files that the command line writes. With the recording, there is the page, and also
        pyinstrument's page and the folder for TensorBoard if these were recorded. For a program, whose
        recording must be known, those are in folders of the groups, which are not returned. Warns if a
        page cannot be made. Raises :class:`KerasProfileError` if the folder is not empty or cannot be
        written.
        """
        saved = save_report(self.content, empty_folder(Path(folder)), self.opened, tell=_warn)
        self._page = next((path for path in saved.files if path.name == HTML_FILE), None)
        return [*saved.files, *([] if saved.log_folder is None else [saved.log_folder])]

    def __repr__(self) -> str:
        return report_text(self.content)

    def full(self) -> str:
        """The whole report, as ``--full`` prints it; printing the report shows only its answer."""
        return report_text(self.content, full=True)

    def _repr_html_(self) -> str:
        return render_notebook(self.content, self._page)


class Report(_Reported):
    """A report, which can be printed. Its attributes are the keys of ``report.json``.

    ``content`` is the whole report as one frozen value. With its recording it can write its page too.
    """

    content: ReportContent
    opened: OpenedRecording | None

    def __init__(
        self,
        content: ReportContent,
        opened: OpenedRecording | None = None,
        page: Path | None = None,
    ) -> None:
        super().__init__(content, opened, page)

    @classmethod
    def of(cls, opened: OpenedRecording, rules: Sequence[Rule] = RULES) -> Report:
        """The report of a recording, with the findings of ``rules``. Raises :class:`RecordingError`."""
        return cls(make_report(opened, rules), opened)

    @property
    def environment(self) -> dict[str, Any]:
        """The profiled interpreter: versions, machine, settings."""
        return self.content.environment.as_recorded

    @property
    def workload(self) -> dict[str, Any]:
        """The model, the call and its inputs."""
        return self.content.workload.as_recorded

    @property
    def calls(self) -> CallFigures:
        """How long cold and warm calls took."""
        return self.content.calls

    @property
    def captures(self) -> list[CaptureFigures]:
        """What each capture yielded and cost."""
        return self.content.captures

    @property
    def attribution(self) -> Attribution:
        """The phases and internals that take the time."""
        return self.content.attribution

    @property
    def findings(self) -> list[Finding]:
        """The causes of slow calls, most expensive first."""
        return self.content.findings

    @property
    def comparisons(self) -> list[Comparison]:
        """What recipes gain, best first."""
        return self.content.comparisons


class Program(_Reported):
    """The report of a whole program, which can be printed. ``content`` is all of it as one frozen value."""

    content: ProgramReport
    opened: OpenedProgram | None

    def __init__(
        self,
        content: ProgramReport,
        opened: OpenedProgram | None = None,
        page: Path | None = None,
    ) -> None:
        super().__init__(content, opened, page)

    @classmethod
    def of(cls, opened: OpenedProgram, rules: Sequence[Rule] = RULES) -> Program:
        """The report of a recording, with the findings of ``rules``. Raises :class:`RecordingError`."""
        return cls(make_report(opened, rules), opened)

    @property
    def program(self) -> ProgramFigures:
        """The program's time, its processes, and what it did between calls."""
        return self.content.program

    @property
    def groups(self) -> list[Report]:
        """The report of each group that has warm calls, most expensive first."""
        found = []
        for group in self.content.groups:
            report = self.content.of_group(group)
            if report is not None:
                whole = self.opened
                opened = None if whole is None else whole.open_member(whole.folder / group.recording)
                found.append(Report(report, opened))
        return found


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=4)  # where the user saves the report
