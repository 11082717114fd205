"""What profiling returns: the report of a model's calls, and that of a whole program."""

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
    """What the reports of a model and of a program have in common.

    ``content`` is the whole as one frozen value, ``opened`` its recording, None where it was read
    from a file, ``page`` its page where that was written.
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
        """The name of the recording that the report is of."""
        return self.content.recording

    @property
    def notes(self) -> list[str]:
        """What a reader of the figures must know about how they came to be."""
        return self.content.notes

    def save(self, folder: str | Path) -> list[Path]:
        """Writes the report's files into ``folder``, which is made; their paths.

        They are what the command line writes: with the recording the page is among them, and
        pyinstrument's page and the folder for TensorBoard where the recording has what they show. Of a
        program, whose recording must be known, they are in folders of the groups, which are not told.
        Warns of a page that cannot be made. Raises :class:`KerasProfileError` where the folder
        exists and holds something, or cannot be written.
        """
        saved = save_report(self.content, empty_folder(Path(folder)), self.opened, tell=_warn)
        self._page = next((path for path in saved.files if path.name == HTML_FILE), None)
        return [*saved.files, *([] if saved.log_folder is None else [saved.log_folder])]

    def __repr__(self) -> str:
        return report_text(self.content)

    def full(self) -> str:
        """All that is known, as ``--full`` prints it; the report prints its answer alone."""
        return report_text(self.content, full=True)

    def _repr_html_(self) -> str:
        return render_notebook(self.content, self._page)


class Report(_Reported):
    """A report. Its attributes are the keys of ``report.json``; it prints itself.

    ``content`` is the whole as one frozen value. With its recording it can write its page too.
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
        """That of a recording, with what ``rules`` find. Raises :class:`RecordingError`."""
        return cls(make_report(opened, rules), opened)

    @property
    def environment(self) -> dict[str, Any]:
        """The profiled interpreter: versions, machine, settings."""
        return self.content.environment.as_recorded

    @property
    def workload(self) -> dict[str, Any]:
        """What was called, with which inputs."""
        return self.content.workload.as_recorded

    @property
    def calls(self) -> CallFigures:
        """How long cold and warm calls took."""
        return self.content.calls

    @property
    def captures(self) -> list[CaptureFigures]:
        """What each capture gave and cost."""
        return self.content.captures

    @property
    def attribution(self) -> Attribution:
        """Which phases and internals the time goes to."""
        return self.content.attribution

    @property
    def findings(self) -> list[Finding]:
        """Why it is slow, the most expensive cause first."""
        return self.content.findings

    @property
    def comparisons(self) -> list[Comparison]:
        """What changes gain, best first."""
        return self.content.comparisons


class Program(_Reported):
    """The report of a whole program. ``content`` is the whole as one frozen value; it prints itself."""

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
        """That of a recording, with what ``rules`` find. Raises :class:`RecordingError`."""
        return cls(make_report(opened, rules), opened)

    @property
    def program(self) -> ProgramFigures:
        """The program's time, its processes, and what it did between calls."""
        return self.content.program

    @property
    def groups(self) -> list[Report]:
        """The report of each group of calls that has warm ones, the most expensive first."""
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
