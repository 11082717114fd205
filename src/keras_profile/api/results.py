"""What profiling returns: the report of a model's calls, and that of a whole program."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from ..errors import KerasProfileError
from ..model.program_report import ProgramFigures, ProgramReport
from ..model.report import Attribution, CallFigures, CaptureFigures, Comparison, Finding, ReportContent
from ..output import report_files
from ..output.notebook_output import render_notebook, render_program_notebook
from ..output.program_terminal import program_text
from ..output.terminal import report_text
from ..recordings.folders import empty_folder
from ..recordings.opened import OpenedProgram, OpenedRecording
from .saving import save_report


class Report:
    """A report. Its attributes are the keys of ``report.json``; it prints itself.

    ``content`` is the whole as one frozen value, ``opened`` its recording, None where it was read
    from a file. With its recording it can write its page too.
    """

    def __init__(
        self,
        content: ReportContent,
        opened: OpenedRecording | None = None,
        page: Path | None = None,
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

    @property
    def environment(self) -> dict[str, Any]:
        """The profiled interpreter: versions, machine, settings."""
        return self.content.environment

    @property
    def workload(self) -> dict[str, Any]:
        """What was called, with which inputs."""
        return self.content.workload

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
        """Why it is slow, dearest first."""
        return self.content.findings

    @property
    def comparisons(self) -> list[Comparison]:
        """What changes gain, best first."""
        return self.content.comparisons

    def save(self, folder: str | Path) -> list[Path]:
        """Writes the report's files into ``folder``, which is made; their paths.

        They are what the command line writes: with the recording the page is among them, and
        pyinstrument's page and the folder for TensorBoard where the recording has what they show.
        Warns of a page that cannot be made. Raises :class:`KerasProfileError` where the folder
        exists and holds a report, or cannot be written.
        """
        saved = save_report(self.content, empty_folder(Path(folder)), self.opened, tell=_warn)
        self._page = next((path for path in saved.files if path.name == report_files.HTML_FILE), None)
        return [*saved.files, *([] if saved.log_folder is None else [saved.log_folder])]

    def __repr__(self) -> str:
        return report_text(self.content)

    def _repr_html_(self) -> str:
        return render_notebook(self.content, self._page)


class Program:
    """The report of a whole program. It prints itself.

    ``content`` is the whole as one frozen value, ``opened`` its recording, None where it was read
    from a file.
    """

    def __init__(
        self,
        content: ProgramReport,
        opened: OpenedProgram | None = None,
        page: Path | None = None,
    ) -> None:
        self.content = content
        self.opened = opened
        self._page = page

    @property
    def recording(self) -> str:
        """The name of the recording that the report is of."""
        return self.content.recording

    @property
    def program(self) -> ProgramFigures:
        """The program's time, its processes, and what it did between calls."""
        return self.content.program

    @property
    def notes(self) -> list[str]:
        """What a reader of the figures must know about how they came to be."""
        return self.content.notes

    @property
    def groups(self) -> list[Report]:
        """The report of each group of calls that has warm ones, dearest first."""
        found = []
        for group in self.content.groups:
            report = self.content.of_group(group)
            if report is not None:
                whole = self.opened
                opened = None if whole is None else whole.open_member(whole.folder / group.recording)
                found.append(Report(report, opened))
        return found

    def save(self, folder: str | Path) -> list[Path]:
        """Writes the report's files into ``folder``, which is made; the paths of the program's own.

        Raises :class:`KerasProfileError` where the folder exists and holds something, or where
        the recording that the groups' reports are made of is not known.
        """
        if self.opened is None:
            raise KerasProfileError(
                "expected a report with its recording, found one that was read from a file",
                "load the recording's folder, and save that",
            )
        written = report_files.write_program_report(self.content, empty_folder(Path(folder)), self.opened)
        self._page = next((path for path in written if path.name == report_files.HTML_FILE), None)
        return written

    def __repr__(self) -> str:
        return program_text(self.content)

    def _repr_html_(self) -> str:
        return render_program_notebook(self.content, self._page)


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=4)
