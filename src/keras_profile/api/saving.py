"""Writes all files of a report, for the command line and for Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import RecordingError
from ..model.program_report import ProgramReport
from ..model.report import ReportContent
from ..output.reports import write_pyinstrument, write_report
from ..output.tensorboard import write_tensorboard
from ..recordings.opened import OpenedProgram, OpenedRecording


@dataclass(frozen=True)
class SavedReport:
    """The files of a written report, and its folder for TensorBoard if there is one."""

    files: list[Path]
    log_folder: Path | None

    def in_folder(self, folder: Path, instead_of: Path) -> SavedReport:
        """The same, if its files are in ``folder``."""
        places = [folder / path.relative_to(instead_of) for path in self.files]
        logs = self.log_folder
        return SavedReport(places, None if logs is None else folder / logs.relative_to(instead_of))


def save_report(
    content: ReportContent | ProgramReport,
    folder: Path,
    opened: OpenedRecording | OpenedProgram | None,
    *,
    tell: Callable[[str], None],
    html: bool = True,
) -> SavedReport:
    """Writes the report of the recording ``opened`` into ``folder``, which must exist.

    With its recording and ``html`` a report has pages. ``tell`` is called if pyinstrument's page cannot
    be made: the report is complete without it. Raises :class:`KerasProfileError`.
    """
    files = write_report(content, folder, opened, html)
    if not isinstance(opened, OpenedRecording):
        return SavedReport(files, None)
    if html:
        try:
            page = write_pyinstrument(opened, folder)
        except RecordingError as error:
            tell(f"no pyinstrument.html: {error.message}")
        else:
            files += [] if page is None else [page]
    return SavedReport(files, write_tensorboard(opened, folder))
