"""A recording that is open: each of its parts is read once, when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from ..model.call_graph import CallGraph
from ..model.recording import CaptureOutcome, Recording, RecordingFile
from ..model.samples import Samples
from ..model.timeline import Timeline
from ..model.trace import Trace
from ..model.trials import Trials
from ..recorder.protocol import FILES
from .json_files import read_recording, read_trials
from .readers.cprofile import read_cprofile
from .readers.local_trace import read_local_trace
from .readers.pyinstrument import read_pyinstrument
from .readers.spans import read_spans
from .readers.trace_json import read_trace_json
from .readers.xspace import read_xspace

#: Every format that TensorFlow has written traces in, the richest first.
TRACE_FORMATS = (
    ("*.xplane.pb", read_xspace),
    ("*.trace.json.gz", read_trace_json),
    ("local.trace", read_local_trace),
)


class OpenedRecording:
    """The recording in a folder, and what its captures gave.

    The report, the page and the exports of a recording share one of these. Every property
    raises :class:`RecordingError` where its file cannot be read.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording

    @property
    def folder(self) -> Path:
        return self.recording.folder

    @property
    def content(self) -> RecordingFile:
        return self.recording.content

    @cached_property
    def outcomes(self) -> dict[str, CaptureOutcome]:
        """How each capture went, by its name."""
        return {outcome.name: outcome for outcome in self.content.captures}

    def has(self, capture: str) -> bool:
        """Whether the capture was made: not every one that was made left a file."""
        return capture in self.outcomes and self.outcomes[capture].status != "skipped"

    @cached_property
    def timelines(self) -> tuple[Timeline, Timeline]:
        """The cold and the warm calls under spans."""
        calls = self.content.calls
        timeline = read_spans(self.folder / FILES["spans"])
        cold = np.array(
            [is_cold for name, is_cold in zip(calls.capture, calls.cold) if name == "spans"], dtype=bool
        )
        # Ctrl-C may fall between a call's end and its row in the table: the call is left out.
        unknown = max(0, timeline.calls - len(cold))
        return (
            timeline.select(np.append(cold, np.zeros(unknown, dtype=bool))),
            timeline.select(np.append(~cold, np.zeros(unknown, dtype=bool))),
        )

    @cached_property
    def samples(self) -> Samples | None:
        """pyinstrument's samples, None where there are none."""
        path = self.folder / FILES["pyinstrument"]
        return read_pyinstrument(path) if self.has("pyinstrument") and path.exists() else None

    @cached_property
    def call_graph(self) -> CallGraph | None:
        """cProfile's counts and edges, None where there are none."""
        path = self.folder / FILES["cprofile_table"]
        return read_cprofile(path) if self.has("cprofile") and path.exists() else None

    @cached_property
    def traces(self) -> list[Trace]:
        """TensorFlow's traces in the order they were taken; none where the capture was not made."""
        if not self.has("tensorflow"):
            return []
        return [trace for run in self.runs for trace in read_run(run)]

    @cached_property
    def trials(self) -> Trials | None:
        """The trials of recipes, None where none were made."""
        return read_trials(self.folder)

    @property
    def runs(self) -> list[Path]:
        """The folders of TensorFlow's traces, one for each round."""
        return sorted((self.folder / FILES["tensorflow"]).glob("*/plugins/profile/*"))


def open_recording(folder: Path) -> OpenedRecording:
    """Opens the recording in ``folder``. Raises :class:`RecordingError` where it is none."""
    return OpenedRecording(read_recording(folder))


def read_run(run: Path) -> list[Trace]:
    """The traces in the folder of one run, from the richest format that it was written in."""
    for pattern, read in TRACE_FORMATS:
        paths = sorted(run.glob(pattern))
        if paths:
            return [read(path) for path in paths]
    return []
