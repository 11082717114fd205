"""The identity of a recording: the same for a recording and its report, whatever they are called.

It is a digest of what was measured. Conclusions are left out, since a later version may draw others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from ...analysis.call_figures import call_figures
from ...model.program import ProgramRecording
from ...model.program_report import ProgramReport
from ...model.recorded import to_json
from ...model.recording import Recording
from ...model.report import ReportContent

#: Characters of an identity: 128 bits, so that no two recordings of a fleet share one by chance.
LENGTH = 32


def of_report(report: ReportContent | ProgramReport) -> str:
    """The identity of what a report is of."""
    if isinstance(report, ProgramReport):
        program = report.program
        processes = [(one.pid, one.wall_ns, one.calls) for one in program.processes]
        return _digest(["program", report.environment.as_recorded, program.command, processes])
    # Phases of cold calls are conclusions.
    cold = (report.calls.cold.count, report.calls.cold.total_ns)
    return _of_model(report.environment.as_recorded, report.workload.as_recorded, cold, report.calls.warm)


def of_recording(recording: Recording) -> str:
    """The identity of a recording of a model's calls. Raises :class:`RecordingError` without a warm one."""
    content = recording.content
    figures = call_figures(recording)
    cold = (figures.cold.count, figures.cold.total_ns)
    return _of_model(content.environment.as_recorded, content.workload.as_recorded, cold, figures.warm)


def of_program(program: ProgramRecording) -> str:
    """The identity of a program's recording."""
    first = next((one for one in program.processes if len(one.calls)), program.processes[0])
    processes = [(one.pid, one.last_ns - one.began_ns, len(one.calls)) for one in program.processes]
    return _digest(["program", first.environment.as_recorded, program.content.command, processes])


def _of_model(environment: object, workload: object, cold: tuple[int, int], warm: object) -> str:
    return _digest(["model", environment, workload, cold, warm])


def _digest(parts: Sequence[object]) -> str:
    # Keys in one order, since a copy of a report may have them in another.
    data = msgspec.json.encode(parts, enc_hook=to_json, order="sorted")
    return hashlib.sha256(data).hexdigest()[:LENGTH]
