"""Writes all files of a report: the same from the command line and from Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import RecordingError
from ..model.report import ReportContent
from ..output import report_files
from ..output.tensorboard import write_tensorboard
from ..recordings.opened import OpenedRecording


@dataclass(frozen=True)
class SavedReport:
    """The files of a report that was written, and the folder that TensorBoard opens, if there is one."""

    files: list[Path]
    log_folder: Path | None


def save_report(
    content: ReportContent,
    folder: Path,
    opened: OpenedRecording | None,
    *,
    tell: Callable[[str], None],
    html: bool = True,
) -> SavedReport:
    """Writes the report of the recording ``opened`` into ``folder``, which must exist.

    Without its recording a report has no pages, and ``html`` decides whether it has them with it.
    ``tell`` is told of pyinstrument's page where that cannot be made: the report is whole without it.
    """
    files = report_files.write_report(content, folder, opened if html else None)
    if opened is None:
        return SavedReport(files, None)
    if html:
        try:
            page = report_files.write_pyinstrument(opened.folder, folder)
        except RecordingError as error:
            tell(f"no pyinstrument.html: {error.message}")
        else:
            files += [] if page is None else [page]
    return SavedReport(files, write_tensorboard(opened, folder))
