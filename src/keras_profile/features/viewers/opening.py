"""Finds what a user wants to look at, and opens it: pages, files for viewers, viewers themselves."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path

from ...analysis import program_report
from ...analysis.report import make_report
from ...errors import KerasProfileError
from ...model.report import ReportContent
from ...output import exporting, report_files
from ...output.tensorboard import write_tensorboard
from ...recordings.finding import find_program, find_recording
from ...recordings.folders import new_folder
from ...recordings.json_files import is_program_report, read_program_report, read_report
from ...recordings.names import REPORTS, TRACES, name_in_traces
from ...recordings.opened import OpenedProgram, open_recording
from ...recordings.writing import unused_name, write_files, write_new
from . import servers


def find_page(what: str, base: Path) -> Path:
    """The page that a path or a name means: a report's, or the newest of a recording's.

    A recording or a report without a page gets one: a recording in a new report, a report
    in its own folder where its recording is still there. Raises
    :class:`KerasProfileError`.
    """
    for place in (Path(what), base / REPORTS / what):
        if place.is_file() and place.name in (report_files.HTML_FILE, *report_files.REPORT_FILES):
            place = place.parent
        if (place / report_files.HTML_FILE).is_file():
            return place / report_files.HTML_FILE
    for place in (Path(what), base / REPORTS / what):
        if (place / "report.json").is_file() or place.name == "report.json":
            return _page_for_report(place if place.is_dir() else place.parent, base)
    program_folder = find_program(what, base / TRACES)
    recording = program_folder or find_recording(what, base / TRACES)
    name = name_in_traces(recording)
    reports = [
        place
        for place in (base / REPORTS).glob("**/" + report_files.HTML_FILE)
        if _is_of(place.parent, base / REPORTS / name)
    ]
    if reports:
        return max(reports, key=lambda page: page.stat().st_mtime)
    place = base / REPORTS / name
    folder = new_folder(place.parent, place.name)
    if program_folder is not None:
        program = OpenedProgram(program_folder)
        report_files.write_program_report(program_report.make_program_report(program), folder, program)
        return folder / report_files.HTML_FILE
    opened = open_recording(recording)
    written = report_files.write_report(make_report(opened), folder, opened)
    return next(path for path in written if path.name == report_files.HTML_FILE)


def recording_to_show(what: str, base: Path) -> Path:
    """The recording that a path or a name means, or that the report is of that it means."""
    for place in (Path(what), base / REPORTS / what):
        folder = place.parent if place.is_file() else place
        if (folder / "report.json").is_file():
            report = folder / "report.json"
            is_program = is_program_report(report)
            what = (read_program_report if is_program else read_report)(report).recording
            break
    return find_recording(what, base / TRACES)


def find_pyinstrument_page(what: str, base: Path) -> Path:
    """pyinstrument's own page, in the report of what is meant; it is made where it is not there."""
    place = find_page(what, base).parent / "pyinstrument.html"
    if not place.is_file():
        recording = recording_to_show(what, base)
        if report_files.write_pyinstrument(recording, place.parent) is None:
            raise _lacking(recording, "pyinstrument")
    return place


def export(recording: Path, name: str, output: Path | None) -> tuple[Path, list[str]]:
    """Writes a recording in the format ``name``: the file, and notes of what is not in it.

    Without ``output`` the file is in the working folder, named like the recording.
    """
    data, notes = exporting.export(open_recording(recording), name)
    if output is None:
        stem = name_in_traces(recording).replace("/", "-")
        output = unused_name(Path(), stem, exporting.export_format(name).suffix)
    return write_new(output, data), notes


def open_in_browser(address: str) -> bool:
    """Opens ``address`` in the default browser; False where there is none that starts."""
    try:
        return webbrowser.open(address)
    except (OSError, webbrowser.Error):
        return False


def show(recording: Path, name: str, started: Callable[[str, str], None]) -> None:
    """Shows a recording in a viewer that is a server, until it is interrupted.

    The viewer gets copies, which are removed in the end: TensorBoard writes caches beside
    what it opens. snakeviz loads marshal: it gets one made of the recording's table, not
    the recording's own, which may be anybody's.
    """
    with tempfile.TemporaryDirectory(prefix="keras-profile-") as scratch:
        place = Path(scratch)
        if name == "tensorboard":
            path = write_tensorboard(open_recording(recording), place)
            if path is None:
                raise _lacking(recording, "tensorflow")
        else:
            data, _ = exporting.export(open_recording(recording), "pstats")
            path = write_new(place / f"{recording.name}.prof", data)
        servers.run(servers.VIEWERS[name], path, place, started)


def _lacking(recording: Path, capture: str) -> KerasProfileError:
    return KerasProfileError(
        f"{recording}: expected what the capture {capture} records, found none",
        f"record again with: keras-profile profile TARGET --captures bare,spans,{capture}",
    )


def _is_of(folder: Path, place: Path) -> bool:
    """Whether a report's folder is ``place``, or that with the number of a later one."""
    number = folder.name.removeprefix(f"{place.name}-")
    return folder.parent == place.parent and (
        folder.name == place.name or (number != folder.name and number.isdigit())
    )


def _page_for_report(folder: Path, base: Path) -> Path:
    report = folder / "report.json"
    program = read_program_report(report) if is_program_report(report) else None
    content = program or read_report(report)
    try:
        recording = (
            None if program is None else find_program(program.recording, base / TRACES)
        ) or find_recording(content.recording, base / TRACES)
    except KerasProfileError as error:
        raise KerasProfileError(
            f"{folder}: has no {report_files.HTML_FILE}, and the recording {content.recording} that one "
            f"could be made from is not in {base / TRACES}",
            "run it in the folder that has traces/, or give that with --output",
        ) from error
    if isinstance(content, ReportContent):
        return write_files(
            folder, [(report_files.HTML_FILE, report_files.render_page(content, open_recording(recording)))]
        )[0]
    report_files.write_program_report(content, folder, OpenedProgram(recording))
    return folder / report_files.HTML_FILE
