"""Open recordings: each part is read once, when it is first needed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

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
from .regular_files import is_there
from .replays import joined, replay_of, taken_from
from .spans_of_calls import cold_and_warm

_Found = TypeVar("_Found")

#: Every format in which TensorFlow has written traces, the richest first.
TRACE_FORMATS = (
    ("*.xplane.pb", read_xspace),
    ("*.trace.json.gz", read_trace_json),
    ("local.trace", read_local_trace),
)


class OpenedRecording:
    """The recording in a folder, and the data of its captures.

    The report, the page and the exports of a recording share one of these. Captured data that
    cannot be read are left out, and ``damage`` says so. ``spans`` has the spans of a recording
    without a file of them. The data of the captures in ``elsewhere`` are in the folders given there, and
    the trials in the folder ``trials``, if they are not in the recording's own folder.
    """

    def __init__(
        self,
        recording: Recording,
        spans: Callable[[], Timeline] | None = None,
        *,
        elsewhere: Mapping[str, Path] = MappingProxyType({}),
        trials: Path | None = None,
        damage: Sequence[str] = (),
    ) -> None:
        self.recording = recording
        #: Sentences about what could not be read, among what was requested.
        self.damage = list(damage)
        self._damaged: set[str] = set()
        self._read: dict[str, Any] = {}
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
        """Whether the capture was made. Not every capture that was made left a file."""
        return capture in self.outcomes and self.outcomes[capture].status != "skipped"

    def gave(self, capture: str) -> bool:
        """Whether the capture was made and left data that can be read."""
        if not self.has(capture):
            return False
        if capture == "spans":
            found = self._timelines
            return found is not None and (self._spans is None or any(one.calls for one in found))
        if not is_there(self.path_of(capture)):
            return False
        if capture != "tensorflow":
            self.read(capture)
            return capture not in self._damaged
        return bool(self.traces) or capture not in self._damaged

    def path_of(self, capture: str) -> Path:
        """Returns the path of the file or folder that is read for a capture. It need not exist."""
        return self._elsewhere.get(capture, self.folder) / CAPTURE_OF[capture].files[0].name

    def read(self, capture: str) -> Any:
        """Reads what a capture gave, with ``READ`` of the reader of its name; None if it gave nothing."""
        if capture not in self._read:
            path = self.path_of(capture)
            found = None
            if self.has(capture) and is_there(path):
                reader = importlib.import_module(f"{readers.__name__}.{capture}")
                found = self._unless_damaged(capture, lambda: reader.READ(path))
            self._read[capture] = found
        return self._read[capture]

    def _unless_damaged(self, capture: str, read: Callable[[], _Found]) -> _Found | None:
        """Returns the data of a capture from ``read``; None, with a note, if it cannot be read."""
        try:
            return read()
        except RecordingError as error:
            self._damaged.add(capture)
            self.damage.append(f"damaged and left out: {error.message}")
            return None

    @cached_property
    def further_samples(self) -> dict[str, Samples]:
        """The samples of captures that are known only by their row and their reader."""
        further = {
            spec.name: self.read(spec.name)
            for spec in captures_in_time()
            if spec.name not in ("spans", "tensorflow", "pyinstrument")
        }
        return {name: found for name, found in further.items() if isinstance(found, Samples)}

    @cached_property
    def timelines(self) -> tuple[Timeline, Timeline]:
        """The cold and the warm calls under spans. Raises :class:`RecordingError` if there are none."""
        if self._timelines is None:
            raise RecordingError(
                f"{self.folder}: expected calls under spans, found none",
                "record again with: keras-profile profile TARGET",
            )
        return self._timelines

    @cached_property
    def _timelines(self) -> tuple[Timeline, Timeline] | None:
        if not self.has("spans"):
            return None
        whole = self._unless_damaged("spans", self._spans or (lambda: read_spans(self.path_of("spans"))))
        if whole is None:
            return None
        cold, warm, damage = cold_and_warm(whole, self.content)
        self.damage += [f"damaged and left out: {one}" for one in damage]
        return cold, warm

    @cached_property
    def samples(self) -> Samples | None:
        """pyinstrument's samples, None if there are none."""
        samples: Samples | None = self.read("pyinstrument")
        return samples

    @cached_property
    def call_graph(self) -> CallGraph | None:
        """cProfile's counts and edges, None if there are none."""
        graph: CallGraph | None = self.read("cprofile")
        return graph

    @cached_property
    def traces(self) -> list[Trace]:
        """TensorFlow's traces in the order they were taken; none if the capture was not made."""
        return [trace for _, trace in self.traces_by_run]

    @cached_property
    def traces_by_run(self) -> list[tuple[Path, Trace]]:
        """The same, each with the folder of its run."""
        found = []
        for run in self.runs if self.has("tensorflow") else []:
            for read, path in traces_of(run):
                trace = self._unless_damaged("tensorflow", partial(read, path))
                if trace is not None:
                    found.append((run, trace))
        return found

    @cached_property
    def trials(self) -> Trials | None:
        """The trials of recipes, None if none were made."""
        return self._unless_damaged("trials", lambda: read_trials(self._trials))

    @property
    def runs(self) -> list[Path]:
        """The folders of TensorFlow's traces, one for each round."""
        return sorted(self.path_of("tensorflow").glob("*/plugins/profile/*"))


class OpenedProgram:
    """The recording of a program in a folder, and the recordings of its groups of calls.

    A group's recording is made in memory from the program's own files: nothing is written.
    Raises :class:`RecordingError` if the folder has none.
    """

    def __init__(self, folder: Path) -> None:
        self.recording: ProgramRecording = read_program(folder)
        #: All groups that a report covers, from all processes.
        self.groups: list[Folded] = fold(self.recording.processes)
        self._opened: dict[Path, OpenedRecording] = {}

    @property
    def folder(self) -> Path:
        return self.recording.folder

    @property
    def members(self) -> list[Path]:
        """The folders after which the groups with a recording are named."""
        return sorted(group.folder for group in self.groups if group.has_recording)

    @property
    def largest_member(self) -> Path | None:
        """The folder of the group with a recording whose calls took most time; None if there is none."""
        having = [group for group in self.groups if group.has_recording]
        return max(having, key=lambda one: int(one.rows["wall_ns"].sum())).folder if having else None

    def open_group(self, group: Folded) -> OpenedRecording:
        """Returns the recording of a group, which must have one."""
        opened = self._opened.get(group.folder)
        if opened is None:
            opened = self._opened[group.folder] = self._open(group)
        return opened

    def _open(self, group: Folded) -> OpenedRecording:
        chosen = rows_and_spans(group)
        own = recording_of(self.recording, group, chosen.rows)
        tried = next((one for one in group.folders if is_there(one / FILES["trials"])), None)
        damage = list(chosen.damage)
        folder = replay_of(group.folders)
        replay = None
        if folder is not None:
            try:
                replay = read_recording(folder).content
            except RecordingError as error:
                damage.append(f"replayed calls are left out: {error.message}")
        spans = partial(pair_events, chosen.codes, chosen.times)
        if folder is None or replay is None:
            return OpenedRecording(own, spans, trials=tried, damage=damage)
        taken = taken_from(own.content, replay)
        content = joined(own.content, replay, taken)
        elsewhere = {
            one.name: folder
            for one in content.captures
            if one.name in taken or one.name not in {mine.name for mine in own.content.captures}
        }
        return OpenedRecording(
            replace(own, content=content),
            None if "spans" in elsewhere else spans,
            elsewhere=elsewhere,
            trials=tried,
            damage=damage,
        )

    def open_member(self, folder: Path) -> OpenedRecording:
        """Returns the recording of the group that is named after ``folder``.

        Raises :class:`RecordingError` if there is none.
        """
        wanted = folder.absolute()
        for group in self.groups:
            if group.has_recording and any(one.absolute() == wanted for one in group.folders):
                return self.open_group(group)
        raise RecordingError(
            f"{folder}: expected a group with a timed warm call, found none",
            "groups of this program: " + ", ".join(name_in_traces(one) for one in self.members)
            if self.members
            else "no warm call of this program was timed",
        )


def read_run(run: Path) -> list[Trace]:
    """Reads the traces in the folder of one run. Raises :class:`RecordingError`."""
    return [read(path) for read, path in traces_of(run)]


def open_recording(folder: Path) -> OpenedRecording:
    """Opens the recording in ``folder``, or the recording of a program's group with that folder.

    Raises :class:`RecordingError` if it is none.
    """
    program = program_of(folder)
    if program is not None:
        return OpenedProgram(program).open_member(folder)
    return OpenedRecording(read_recording(folder))


def open_any(folder: Path) -> OpenedRecording | OpenedProgram:
    """Opens the recording in ``folder``, of a workload or a program.

    Raises :class:`RecordingError` if it is none.
    """
    if is_program(folder):
        return OpenedProgram(folder)
    return open_recording(folder)


def traces_of(run: Path) -> list[tuple[Callable[[Path], Trace], Path]]:
    """Returns the traces of one run in its richest format, each with its reader."""
    for pattern, read in TRACE_FORMATS:
        paths = sorted(run.glob(pattern))
        if paths:
            return [(read, path) for path in paths]
    return []
