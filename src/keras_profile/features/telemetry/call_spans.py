"""A recording's calls and their phases, with the time of day: what is sent as spans."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ...analysis.drilldown.assembly import views_of
from ...analysis.drilldown.tracks import captured
from ...analysis.reports import make_report
from ...errors import RecordingError
from ...model.drilldown import CallInTime
from ...model.workload import Workload
from ...number_words import plural
from ...output.encoding.boxes import call_phases
from ...output.words.printable import printable
from ...recordings.names import name_in_traces, program_of
from ...recordings.opened import OpenedProgram, OpenedRecording, open_recording

#: The most calls of a recording that are sent: its first ones.
MOST_CALLS = 500
#: A moment before which no recording was made, in ns since 1970: what is earlier is no time of day.
_FIRST_NS = 946_684_800_000_000_000

Attributes = dict[str, str | int | bool]


@dataclass(frozen=True)
class PhaseSpan:
    """A stretch of a call that is in one phase."""

    phase: str
    begin_ns: int
    end_ns: int


@dataclass(frozen=True)
class CallSpan:
    """A call. Its ``phases`` follow each other without gaps. Times are in ns since 1970."""

    entry: str
    begin_ns: int
    end_ns: int
    attributes: Attributes
    phases: list[PhaseSpan]


@dataclass(frozen=True)
class CallSpans:
    """The calls of a recording that are divided into phases; ``notes`` says what is left out."""

    calls: list[CallSpan]
    notes: list[str]

    @property
    def spans(self) -> int:
        """How many spans they are."""
        return sum(1 + len(call.phases) for call in self.calls)


def call_spans(folder: Path, most_calls: int = MOST_CALLS) -> CallSpans:
    """The calls under ``spans`` of the recording in ``folder``, in the order that they were made.

    Raises :class:`RecordingError` if there are none.
    """
    opened, shift_ns = _opened(folder)
    report = make_report(opened)
    views = views_of(opened, report, most_calls=sys.maxsize)
    made = sorted(
        [*captured(views, "spans", cold=True), *captured(views, "spans")], key=lambda call: call.begin_ns
    )
    if not made:
        raise RecordingError(
            f"{folder}: expected calls that are divided into phases, found none",
            "record again with: keras-profile profile TARGET",
        )
    notes = list(views.notes)
    if len(made) > most_calls:
        notes.append(f"only the first {most_calls:,} of {plural(len(made), 'call')} with phases are sent")
    if shift_ns is None:
        shift_ns = _created_ns(opened) - made[0].begin_ns
        notes.append("the recording has no time of day: its first call is put to when it was made")
    facts, name = opened.content.workload.facts, printable(name_in_traces(folder))
    calls = []
    for call in made[:most_calls]:
        begin_ns = call.begin_ns + shift_ns
        phases = [
            PhaseSpan(phase, begin_ns + begin, begin_ns + end)
            for begin, end, phase in call_phases(views, call)
        ]
        attributes = _attributes(facts, call, name)
        calls.append(CallSpan(facts.entry_point, begin_ns, begin_ns + call.wall_ns, attributes, phases))
    return CallSpans(calls, notes)


def _opened(folder: Path) -> tuple[OpenedRecording, int | None]:
    """The recording, and what its clock is behind the time of day, in ns; None if that is not known."""
    place = program_of(folder)
    if place is None:
        return open_recording(folder), None
    program = OpenedProgram(place)
    wanted = folder.absolute()
    for group in program.groups:
        if any(one.absolute() == wanted for one in group.folders):
            shift_ns = group.process.clock_ns
            return program.open_member(folder), shift_ns if shift_ns > _FIRST_NS else None
    return program.open_member(folder), None


def _created_ns(opened: OpenedRecording) -> int:
    """When a recording was made, in ns since 1970; the least such time if it does not say."""
    try:
        made_ns = round(datetime.fromisoformat(opened.content.created).timestamp() * 1e9)
    except (ValueError, OverflowError, OSError):
        return _FIRST_NS
    return max(made_ns, _FIRST_NS)


def _attributes(facts: Workload, call: CallInTime, name: str) -> Attributes:
    attributes: Attributes = {
        "keras_profile.recording": name,
        "keras_profile.entry": printable(facts.entry_point),
        "keras_profile.target": printable(facts.target),
        "keras_profile.cold": call.cold,
    }
    shape = facts.inputs[0].shape if facts.inputs else None
    if shape and shape[0] is not None:  # calls of several sizes are one recording: then it is not known
        attributes["keras_profile.rows"] = shape[0]
    return attributes
