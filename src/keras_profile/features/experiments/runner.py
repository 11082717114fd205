"""What experiments with several workloads share: one workload after another, each reported.

Each workload is recorded in its own process, and becomes a recording and a report like any
other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ...analysis.attribution.internals import internals_for_recorder
from ...analysis.reports import make_report
from ...errors import KerasProfileError, RecordingError
from ...launch import recorder_process
from ...model.recording import Recording
from ...model.report import ReportContent
from ...output.reports import write_report
from ...recorder.protocol import FILES
from ...recorder.protocol.frameworks import GRAPH_BUILDER
from ...recorder.protocol.requests import RecordRequest
from ...recordings.folders import new_folder, remove_if_empty, rename_folder
from ...recordings.json_files import read_recording
from ...recordings.opened import OpenedRecording
from ...recordings.writing import write_files
from .compile_question.reproduction import Spans
from .occurrences import names, occurrences

#: The captures of a workload that is divided into phases, and of one that is only timed.
ATTRIBUTED = ("bare", "spans", "cprofile", "pyinstrument")
TIMED = ("bare", "spans")

#: The kind of error if a workload was interrupted before there was something to report.
INTERRUPTED = "interrupted"

_Content = TypeVar("_Content")


@dataclass(frozen=True)
class Measured:
    """A workload that was recorded, and its report."""

    recording: Recording
    report: ReportContent

    @property
    def interrupted(self) -> bool:
        """Whether the user asked to stop in the meantime: then nothing more is measured."""
        return self.recording.content.interrupted

    @property
    def wall(self) -> list[int]:
        """Wall times of the warm ``bare`` calls, in ns."""
        return self.recording.content.calls.wall("bare")


def make_request(
    target: str,
    entry: str,
    seconds: float,
    captures: tuple[str, ...],
    folder: Path,
    extra_path: str | None = None,
) -> RecordRequest:
    """Makes the request to record a workload as it is, into the existing ``folder``.

    ``extra_path`` is a folder with a pyinstrument for an interpreter that has none.
    """
    return RecordRequest(
        folder=str(folder.resolve()),
        target=target,
        entry=entry,
        seconds=seconds,
        captures=list(captures),
        internals=internals_for_recorder(),
        extra_path=extra_path,
    )


def measure(
    request: RecordRequest,
    python: str,
    reports: Path,
    listener: recorder_process.Listener,
    name: Callable[[Recording], str] | None = None,
) -> Measured:
    """Records ``request`` and writes its report into a new folder of ``reports``.

    ``name`` returns the name of the recording's folder, which is known only afterwards. Raises
    :class:`KerasProfileError`, and leaves no folder if nothing was recorded.
    """
    folder = Path(request.folder)
    try:
        recorder_process.record_in_process(request, python, listener)
        recording = read_recording(folder)
    except BaseException:
        remove_if_empty(folder)
        raise
    if name is not None:
        recording = Recording(rename_folder(folder, name(recording)), recording.content)
    try:
        report = make_report(OpenedRecording(recording))
    except RecordingError as error:
        kind = INTERRUPTED if recording.content.interrupted else error.kind
        raise KerasProfileError(error.message, error.advice, kind=kind) from error
    write_report(report, new_folder(reports, recording.name))
    return Measured(recording, report)


def spans_seen(measured: Measured) -> Spans | None:
    """Returns what the probes saw, or None if there are no warm calls under them."""
    recording = measured.recording
    calls = recording.content.calls
    if not calls.wall("spans") or not (recording.folder / FILES["spans"]).exists():
        return None
    cold_calls, warm_calls = OpenedRecording(recording).timelines
    warm = occurrences(warm_calls, recording.content.internals)
    return Spans(
        model_share=measured.report.attribution.model_share,
        traced_per_call=sum(one.count_per_call for one in warm if one.qualname == GRAPH_BUILDER[1]),
        warm=warm,
        cold=names(cold_calls, recording.content.internals),
    )


def remove_if_unused(traces: Path) -> None:
    """Removes the experiment's folder of recordings if there are none."""
    with suppress(OSError):  # it may contain other things
        traces.rmdir()


def write_summary(
    content: _Content,
    folder: Path,
    formats: Mapping[str, Callable[[_Content], bytes]],
) -> list[Path]:
    """Writes the summary into ``folder``, made if necessary. Returns the paths.

    ``formats`` has the files' names and the functions that make their content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return write_files(folder, [(name, encode(content)) for name, encode in formats.items()])
