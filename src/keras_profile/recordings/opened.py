"""Recordings that are open: each of their parts is read once, when it is first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ..errors import RecordingError
from ..model.call_graph import CallGraph
from ..model.program import ProgramRecording
from ..model.recording import CaptureOutcome, Recording, RecordingFile
from ..model.samples import Samples
from ..model.timeline import Timeline
from ..model.trace import Trace
from ..model.trials import Trials
from ..recorder.protocol import CAPTURE_OF, FILES, captures_in_time
from . import readers
from .json_files import read_recording, read_trials
from .names import is_program, name_in_traces, program_of
from .program_groups import Folded, fold, read_program, recording_of, rows_and_spans
from .readers.local_trace import read_local_trace
from .readers.spans import pair_events, read_spans
from .readers.trace_json import read_trace_json
from .readers.xspace import read_xspace
from .replays import joined, replay_of, taken_from

#: Every format that TensorFlow has written traces in, the richest first.
TRACE_FORMATS = (
    ("*.xplane.pb", read_xspace),
    ("*.trace.json.gz", read_trace_json),
    ("local.trace", read_local_trace),
)


class OpenedRecording:
    """The recording in a folder, and what its captures gave.

    The report, the page and the exports of a recording share one of these. Every property
    raises :class:`RecordingError` where its file cannot be read. ``spans`` gives the spans
    of a recording that has no file of them. What the captures in ``elsewhere`` gave lies in the folder
    that is named there, and trials in the folder ``trials``, if not in the recording's own.
    """

    def __init__(
        self,
        recording: Recording,
        spans: Callable[[], Timeline] | None = None,
        *,
        elsewhere: Mapping[str, Path] = MappingProxyType({}),
        trials: Path | None = None,
    ) -> None:
        self.recording = recording
        self._spans = spans
        self._elsewhere = elsewhere
        self._trials = trials or recording.folder

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

    def gave(self, capture: str) -> bool:
        """Whether the capture was made and left what can be shown of it."""
        if capture == "spans" and self._spans is not None:
            return self.has(capture)
        return self.has(capture) and self.path_of(capture).exists()

    def path_of(self, capture: str) -> Path:
        """Where the file lies, or the folder, that is read of a capture: it need not be there."""
        return self._elsewhere.get(capture, self.folder) / CAPTURE_OF[capture].files[0].name

    def read(self, capture: str) -> Any:
        """What a capture gave, by ``READ`` of the reader that is named for it; None where it gave nothing."""
        if not self.gave(capture):
            return None
        reader = importlib.import_module(f"{readers.__name__}.{capture}")
        return reader.READ(self.path_of(capture))

    @cached_property
    def further_samples(self) -> dict[str, Samples]:
        """The samples of captures that are known by their row and their reader alone."""
        further = {
            spec.name: self.read(spec.name)
            for spec in captures_in_time()
            if spec.name not in ("spans", "tensorflow", "pyinstrument")
        }
        return {name: found for name, found in further.items() if isinstance(found, Samples)}

    @cached_property
    def timelines(self) -> tuple[Timeline, Timeline]:
        """The cold and the warm calls under spans."""
        calls = self.content.calls
        timeline = read_spans(self.path_of("spans")) if self._spans is None else self._spans()
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
        samples: Samples | None = self.read("pyinstrument")
        return samples

    @cached_property
    def call_graph(self) -> CallGraph | None:
        """cProfile's counts and edges, None where there are none."""
        graph: CallGraph | None = self.read("cprofile")
        return graph

    @cached_property
    def traces(self) -> list[Trace]:
        """TensorFlow's traces in the order they were taken; none where the capture was not made."""
        if not self.has("tensorflow"):
            return []
        return [trace for run in self.runs for trace in read_run(run)]

    @cached_property
    def trials(self) -> Trials | None:
        """The trials of recipes, None where none were made."""
        return read_trials(self._trials)

    @property
    def runs(self) -> list[Path]:
        """The folders of TensorFlow's traces, one for each round."""
        return sorted(self.path_of("tensorflow").glob("*/plugins/profile/*"))


class OpenedProgram:
    """The recording of a program in a folder, and the recordings of its groups of calls.

    A group's recording is made of the program's own files, in memory: nothing is written.
    Raises :class:`RecordingError` where the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        self.recording: ProgramRecording = read_program(folder)
        #: All groups that a report is of, of all processes.
        self.groups: list[Folded] = fold(self.recording.processes)
        self._opened: dict[Path, OpenedRecording] = {}

    @property
    def folder(self) -> Path:
        return self.recording.folder

    @property
    def members(self) -> list[Path]:
        """The folders that the groups with a recording are named for."""
        return sorted(group.folder for group in self.groups if group.has_recording)

    def open_group(self, group: Folded) -> OpenedRecording:
        """The recording of a group, which must have one."""
        opened = self._opened.get(group.folder)
        if opened is None:
            opened = self._opened[group.folder] = self._open(group)
        return opened

    def _open(self, group: Folded) -> OpenedRecording:
        rows, codes, times = rows_and_spans(group)
        own = recording_of(self.recording, group, rows)
        spans = (lambda: pair_events(codes, times)) if len(codes) else None
        tried = next((one for one in group.folders if (one / FILES["trials"]).is_file()), None)
        folder = replay_of(group.folders)
        if folder is None:
            return OpenedRecording(own, spans, trials=tried)
        replay = read_recording(folder).content
        taken = taken_from(own.content, replay)
        content = joined(own.content, replay, taken)
        return OpenedRecording(
            replace(own, content=content),
            None if "spans" in taken else spans,
            elsewhere={
                one.name: folder
                for one in content.captures
                if one.name in taken or one.name not in {mine.name for mine in own.content.captures}
            },
            trials=tried,
        )

    def open_member(self, folder: Path) -> OpenedRecording:
        """The recording of the group that is named for ``folder``.

        Raises :class:`RecordingError` where there is none.
        """
        wanted = folder.absolute()
        for group in self.groups:
            if group.has_recording and any(one.absolute() == wanted for one in group.folders):
                return self.open_group(group)
        raise RecordingError(
            f"{folder}: expected a group of calls of which a warm one was timed, found none",
            "groups of this program: " + ", ".join(name_in_traces(one) for one in self.members)
            if self.members
            else "no warm call of this program was timed",
        )


def open_recording(folder: Path) -> OpenedRecording:
    """Opens the recording in ``folder``, or that of the group of a program which it names.

    Raises :class:`RecordingError` where it is none.
    """
    program = program_of(folder)
    if program is not None:
        return OpenedProgram(program).open_member(folder)
    return OpenedRecording(read_recording(folder))


def open_any(folder: Path) -> OpenedRecording | OpenedProgram:
    """Opens the recording in ``folder``, of a workload or a program.

    Raises :class:`RecordingError` where it is none.
    """
    if is_program(folder):
        return OpenedProgram(folder)
    return open_recording(folder)


def read_run(run: Path) -> list[Trace]:
    """The traces in the folder of one run, from the richest format that it was written in."""
    for pattern, read in TRACE_FORMATS:
        paths = sorted(run.glob(pattern))
        if paths:
            return [read(path) for path in paths]
    return []
