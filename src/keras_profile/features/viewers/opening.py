"""Finds what a user wants to see, and opens it: pages, files for viewers, viewers themselves."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path

from ...analysis.reports import make_report
from ...errors import KerasProfileError
from ...output import exporting, reports
from ...output.comparison.comparison_files import HTML_FILE as COMPARISON_PAGE
from ...output.tensorboard import write_tensorboard
from ...recordings.finding import find_any, find_recording
from ...recordings.folders import new_report_folder, refuse_way_out
from ...recordings.json_files import read_report
from ...recordings.names import REPORTS, TRACES, name_in_traces
from ...recordings.opened import open_any, open_recording
from ...recordings.regular_files import is_folder, is_regular
from ...recordings.writing import write_new, write_once
from . import servers


def find_page(what: str, base: Path) -> Path:
    """Finds the page that a path or a name refers to: of a report, of a comparison, or a recording's newest.

    A recording or a report without a page gets one: a recording in a new report, a report
    in its own folder if its recording still exists. Raises :class:`KerasProfileError`.
    """
    for place in (Path(what), base / REPORTS / what):
        if is_regular(place / COMPARISON_PAGE):
            return place / COMPARISON_PAGE
        if is_regular(place) and place.name == COMPARISON_PAGE:
            return place
        if is_regular(place) and place.name in (reports.HTML_FILE, reports.JSON_FILE, reports.MARKDOWN_FILE):
            place = place.parent
        if is_regular(place / reports.HTML_FILE):
            return place / reports.HTML_FILE
    for place in (Path(what), base / REPORTS / what):
        if is_regular(place / "report.json") or place.name == "report.json":
            return _page_for_report(place if is_folder(place) else place.parent, base)
    recording = find_any(what, base / TRACES)
    place = base / REPORTS / name_in_traces(recording)
    made = [page for page in (base / REPORTS).glob("**/" + reports.HTML_FILE) if _is_of(page.parent, place)]
    if made:
        return max(made, key=lambda page: page.stat().st_mtime)
    opened = open_any(recording)
    content = make_report(opened)
    with new_report_folder(base, name_in_traces(recording)) as folder:
        reports.write_report(content, folder, opened)
        return folder / reports.HTML_FILE


def recording_to_show(what: str, base: Path) -> Path:
    """Finds the recording that a path or a name refers to, directly or as that of a report."""
    for place in (Path(what), base / REPORTS / what):
        folder = place.parent if is_regular(place) else place
        if is_regular(folder / "report.json"):
            what = read_report(folder / "report.json").recording
            break
    return find_recording(what, base / TRACES)


def find_pyinstrument_page(what: str, base: Path) -> Path:
    """Finds pyinstrument's own page, in the report of what is meant; makes it if it does not exist."""
    place = find_page(what, base).parent / "pyinstrument.html"
    if not is_regular(place):
        _refuse_link(place.parent)
        recording = recording_to_show(what, base)
        if reports.write_pyinstrument(open_recording(recording), place.parent) is None:
            raise _lacking(recording, "pyinstrument")
    return place


def export(recording: Path, name: str, output: Path | None) -> tuple[Path, list[str]]:
    """Writes a recording in the format ``name``. Returns the file, and notes about what is not in it.

    Without ``output`` the file is in the working folder, named like the recording.
    """
    data, notes = exporting.export(open_recording(recording), name)
    if output is not None:
        return write_new(output, data), notes
    stem = name_in_traces(recording).replace("/", "-")
    return write_once(Path(), stem, exporting.export_format(name).suffix, data), notes


def open_in_browser(address: str) -> bool:
    """Opens ``address`` in the default browser. Returns False if none starts."""
    try:
        return webbrowser.open(address)
    except (OSError, webbrowser.Error):
        return False


def show(recording: Path, name: str, started: Callable[[str, str], None]) -> None:
    """Shows a recording in a viewer that is a server, until it is interrupted.

    The viewer gets copies, which are removed in the end: TensorBoard writes caches next to
    what it opens. snakeviz loads marshal: it gets a file made from the recording's table, and
    not the recording's own file, which anybody may have made.
    """

    def prepare(place: Path) -> Path:
        if name == "tensorboard":
            path = write_tensorboard(open_recording(recording), place)
            if path is None:
                raise _lacking(recording, "tensorflow")
            return path
        data, _ = exporting.export(open_recording(recording), "pstats")
        return write_new(place / f"{recording.name}.prof", data)

    servers.run(servers.VIEWERS[name], prepare, started)


def _lacking(recording: Path, capture: str) -> KerasProfileError:
    return KerasProfileError(
        f"{recording}: expected data of the {capture} capture, found none",
        f"record again with: keras-profile profile TARGET --captures bare,spans,{capture}",
    )


def _is_of(folder: Path, place: Path) -> bool:
    """Whether a report's folder is ``place``, or ``place`` with the number of a later report."""
    number = folder.name.removeprefix(f"{place.name}-")
    return folder.parent == place.parent and (
        folder.name == place.name or (number != folder.name and number.isdigit())
    )


def _refuse_link(folder: Path) -> None:
    """Raises :class:`KerasProfileError` if a report's folder is a link that leads elsewhere."""
    refuse_way_out(folder, folder.parent)


def _page_for_report(folder: Path, base: Path) -> Path:
    content = read_report(folder / "report.json")
    try:
        recording = find_any(content.recording, base / TRACES)
    except KerasProfileError as error:
        raise KerasProfileError(
            f"{folder}: has no {reports.HTML_FILE}, and its recording {content.recording} is not in "
            f"{base / TRACES}",
            "run this in the folder that contains traces/, or give that folder with --output",
        ) from error
    _refuse_link(folder)
    reports.write_page(content, folder, open_any(recording))
    return folder / reports.HTML_FILE
