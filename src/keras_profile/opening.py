"""Finds what a user wants to look at, and opens it: a page in a browser, a profile in snakeviz."""
from __future__ import annotations

import importlib.util
import subprocess
import sys
import webbrowser
from pathlib import Path

from . import pipeline, store
from .errors import KerasProfileError
from .recorder.protocol import FILES


def find_page(what: str, base: Path) -> Path:
    """The page that a path or a name means: a report's, or the newest of a recording's.

    A recording or a report without a page gets one: a recording in a new report, a report
    in its own folder where its recording is still there. Raises
    :class:`KerasProfileError`.
    """
    for place in (Path(what), base / store.REPORTS / what):
        if place.is_file() and place.name in (pipeline.HTML_FILE, *pipeline.REPORT_FILES):
            place = place.parent
        if (place / pipeline.HTML_FILE).is_file():
            return place / pipeline.HTML_FILE
    for place in (Path(what), base / store.REPORTS / what):
        if (place / "report.json").is_file() or place.name == "report.json":
            return _page_for_report(place if place.is_dir() else place.parent, base)
    recording = store.find_recording(what, base / store.TRACES)
    name = store.name_in_traces(recording)
    reports = [place for place in (base / store.REPORTS).glob("**/" + pipeline.HTML_FILE)
               if _is_of(place.parent, base / store.REPORTS / name)]
    if reports:
        return max(reports, key=lambda page: page.stat().st_mtime)
    place = base / store.REPORTS / name
    folder = store.new_folder(place.parent, place.name)
    written = pipeline.write_report(pipeline.make_report(recording), folder, recording)
    return next(path for path in written if path.name == pipeline.HTML_FILE)


def find_prof(what: str, base: Path) -> Path:
    """The ``.prof`` file of a recording, or of the recording that a report is of."""
    for place in (Path(what), base / store.REPORTS / what):
        if (place / "report.json").is_file():
            what = store.read_report(place / "report.json").recording
            break
    recording = store.find_recording(what, base / store.TRACES)
    prof = recording / FILES["cprofile"]
    if not prof.is_file():
        raise KerasProfileError(
            f"{recording}: expected {prof.name}, found none",
            "record with the cprofile capture: keras-profile run TARGET --captures bare,spans,cprofile")
    return prof


def export(recording: Path, name: str, output: Path | None) -> tuple[Path, list[str]]:
    """Writes a recording in the format ``name``: the file, and notes of what is not in it.

    Without ``output`` the file is in the working folder, named like the recording.
    """
    data, notes = pipeline.export(recording, name)
    if output is None:
        stem = store.name_in_traces(recording).replace("/", "-")
        output = store.unused_name(Path(), stem, pipeline.EXPORT_FORMATS[name].suffix)
    return store.write_new(output, data), notes


def open_in_browser(page: Path) -> bool:
    """Opens ``page`` in the default browser; False where there is none that starts."""
    try:
        return webbrowser.open(page.resolve().as_uri())
    except (OSError, webbrowser.Error):
        return False


def open_in_snakeviz(prof: Path) -> int:
    """Runs snakeviz on ``prof`` until it is stopped; its exit code."""
    if importlib.util.find_spec("snakeviz") is None:
        raise KerasProfileError(
            "snakeviz is not installed in this environment", f"{sys.executable} -m pip install snakeviz")
    return subprocess.run([sys.executable, "-m", "snakeviz", str(prof)], check=False).returncode


def _is_of(folder: Path, place: Path) -> bool:
    """Whether a report's folder is ``place``, or that with the number of a later one."""
    number = folder.name.removeprefix(f"{place.name}-")
    return folder.parent == place.parent and (folder.name == place.name or (
        number != folder.name and number.isdigit()))


def _page_for_report(folder: Path, base: Path) -> Path:
    content = store.read_report(folder / "report.json")
    try:
        recording = store.find_recording(content.recording, base / store.TRACES)
    except KerasProfileError as error:
        raise KerasProfileError(
            f"{folder}: has no {pipeline.HTML_FILE}, and the recording {content.recording} that one could be "
            f"made from is not in {base / store.TRACES}",
            "run it in the folder that has traces/, or give that with --output") from error
    return store.write_files(folder, [(pipeline.HTML_FILE, pipeline.render_page(content, recording))])[0]
