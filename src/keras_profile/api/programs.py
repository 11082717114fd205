"""Records the calls of a program, of a part of it, or of processes that something else starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from ..analysis.attribution.internals import internals_for_recorder
from ..errors import KerasProfileError
from ..launch import program_process
from ..launch.recorder_process import Listener
from ..model.program import NotRecorded, ProgramFile
from ..recorder.protocol import RecorderError
from ..recorder.protocol.requests import RecorderOptions, WindowOptions
from ..recordings.folders import new_folder, remove_empty_program
from ..recordings.names import TRACES, recording_name
from .options import ProgramOptions


@dataclass(frozen=True)
class RanProgram:
    """A program that has ended: its exit code, and its recording, None if no model was called.

    ``not_recorded`` are its processes that could not be recorded. Processes that are ``going_on`` may
    still call models; their calls are recorded into the ``folder``.
    """

    exit_code: int
    recording: Path | None
    folder: Path
    not_recorded: Sequence[NotRecorded]
    going_on: Sequence[int]


def new_program(name: str, command: Sequence[str], python: str, output: Path) -> tuple[Path, ProgramFile]:
    """A new folder in ``output/traces/``, and the content of its ``program.json``."""
    folder = new_folder(output / TRACES, recording_name(name, "", datetime.now()))
    return folder, program_process.begun_program(command, python)


def recorder_options(
    options: ProgramOptions,
    extra_path: str | None = None,
    looks_closer: bool = True,
    windows: WindowOptions | None = None,
) -> RecorderOptions:
    """The recorder's options; if it ``looks_closer``, it replays calls and tries recipes at the end.

    With ``windows`` it records in these alone. Raises :class:`KerasProfileError` if they are impossible.
    """
    if windows is not None:
        try:
            windows.check()
        except RecorderError as error:
            raise KerasProfileError(error.message, "for example: --every 1h --for 60s") from error
    made = program_process.recorder_options(
        internals_for_recorder(),
        thorough=options.thorough,
        keep_inputs=options.keep_inputs,
        replay=options.replay and looks_closer,
        trials=options.trials(0.0) if looks_closer else None,
        seconds=options.seconds,
        captures=options.captures,
        extra_path=extra_path,
    )
    return replace(made, all_traces=options.all_traces, windows=windows)


def run_program(
    command: Sequence[str],
    options: ProgramOptions,
    *,
    python: str,
    extra_path: str | None,
    options_of_python: Sequence[str] = (),
    name: str,
    output: Path,
    display: AbstractContextManager[Listener],
    time_limit: float | None = None,
    stdout: IO[str] | None = None,
    asked: Callable[[Path], None] | None = None,
) -> RanProgram:
    """Runs ``command``, the program and its arguments as given to Python, to its end.

    ``asked`` is called with the recording's folder if the report is asked for while the program runs.
    Raises :class:`KerasProfileError` if the interpreter does not start.
    """
    folder, content = new_program(name, command, python, output)
    # A script may be called like an option.
    is_option = command[0].startswith("-") and command[0] not in ("-m", "-c", "-")
    arguments = [*options_of_python, *(["--"] if is_option else []), *command]
    told = recorder_options(options, extra_path)
    try:
        with display as listener:
            ended = program_process.run_program(
                content,
                arguments,
                folder,
                told,
                listener,
                time_limit,
                stdout,
                None if asked is None else lambda: asked(folder),
            )
    except BaseException:
        remove_empty_program(folder)
        raise
    # A process that goes on may still call a model.
    is_empty = not any(folder.glob("process-*")) if ended.going_on else remove_empty_program(folder)
    return RanProgram(
        ended.exit_code or 0, None if is_empty else folder, folder, ended.not_recorded, ended.going_on
    )
