"""The facts that a list shows for recordings of any kind."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..errors import RecordingError
from ..model.environment import RecordedEnvironment
from ..model.listing import ListedRecording, ListedState
from ..model.program import ProgramRecording
from ..model.recording import Recording
from ..recordings.finding import time_made
from ..recordings.json_files import read_recording
from ..recordings.names import is_program
from ..recordings.program_groups import read_program
from .call_figures import bare_median_ns
from .program_time import program_inference_ns, program_wall_ns


def listed(name: str, folder: Path) -> ListedRecording:
    """The entry of the recording in ``folder``, listed as ``name``."""
    made = datetime.fromtimestamp(time_made(folder)).astimezone().isoformat(timespec="seconds")
    try:
        if is_program(folder):
            return of_program(name, made, read_program(folder))
        return of_recording(name, made, read_recording(folder))
    except RecordingError as error:
        # The list already has the path.
        reason = error.message.removeprefix(f"{folder}/").removeprefix(f"{folder}: ")
        return ListedRecording(name, made, "unreadable", reason)


def of_recording(name: str, made: str, recording: Recording) -> ListedRecording:
    """The entry of a recording of a model's calls."""
    content = recording.content
    state: ListedState = "complete"
    if content.interrupted:
        state = "interrupted"
    elif not content.complete:
        state = "cut short"
    facts = content.environment.facts
    call_ns = bare_median_ns(recording)
    return ListedRecording(
        name,
        made,
        state,
        call_ns=None if call_ns is None else round(call_ns),
        tensorflow=facts.tensorflow or "",
        keras=facts.keras or "",
    )


def of_program(name: str, made: str, program: ProgramRecording) -> ListedRecording:
    """The entry of a program; if something else started it, of all its processes so far."""
    processes, content = program.processes, program.content
    known = (one.environment for one in processes if one.environment.as_recorded)
    facts = next(known, RecordedEnvironment({})).facts
    has_ended = content.complete or (bool(processes) and all(one.ended_ns is not None for one in processes))
    state: ListedState = "complete" if has_ended else "not ended"
    took_ns = program_wall_ns(program) if processes else 0
    inference = program_inference_ns(program, took_ns) if processes else 0
    return ListedRecording(
        name,
        made,
        "interrupted" if content.interrupted else state,
        calls=sum(len(one.calls) for one in processes),
        wall_ns=took_ns,
        inference_share=round(inference / max(took_ns, 1), 6),
        tensorflow=facts.tensorflow or "",
        keras=facts.keras or "",
    )
