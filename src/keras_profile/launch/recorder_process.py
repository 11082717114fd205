"""Starts the recorder in an interpreter, watches it, and collects the recording.

The only module that knows how a recorder is run: in its own process, or in this process
for a live model object.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from ..errors import ILLEGAL_INSTRUCTION, KerasProfileError, TargetError, ending
from ..recorder.protocol import FILES, RecorderError, events
from ..recorder.protocol.channel import Recorder
from ..recorder.protocol.requests import (
    RecorderOptions,
    RecordRequest,
    Request,
    TryRequest,
)
from .interpreters import pip_command
from .signals import KILL, interrupt_group

#: Called with each event of the recorder.
Listener = Callable[[events.Event], None]

RECORDER = Path(__file__).parents[1] / "recorder"
#: How many last lines of a dead recorder's output are shown.
_LAST_LINES = 15
#: How often to check whether a recorder has ended, and how long to wait for processes that it left behind.
_LOOKING_S, _LEFT_BEHIND_S = 0.1, 1.0

_NO_INSTRUCTION = (
    "the processor lacks an instruction that this build uses, such as AVX: "
    "install a build for this processor, or record on another machine"
)
#: Advice for endings that the user did not cause, by ``subprocess``'s return code.
_DEADLY: dict[int, str] = {
    -signal.SIGILL: _NO_INSTRUCTION,
    ILLEGAL_INSTRUCTION: _NO_INSTRUCTION,
    -KILL: "it was killed, perhaps because memory ran out: try fewer --rows or a smaller model",
}


def record_in_process(request: RecordRequest, python: str, listener: Listener, isolate: bool = False) -> None:
    """Records ``request`` in the interpreter ``python``; events go to ``listener``.

    With ``isolate`` each capture runs in its own process. Raises
    :class:`TargetError` if the recorder could not load, build or call the target, and
    :class:`KerasProfileError` if the interpreter fails.
    """
    if not isolate:
        _run(request, python, listener)
        return
    for number, capture in enumerate(request.captures):
        seconds = request.seconds / len(request.captures)
        part = replace(request, captures=[capture], append=number > 0, seconds=seconds)
        if _run(part, python, listener):
            return


def try_in_process(request: TryRequest, python: str, listener: Listener) -> None:
    """Tries the recipes of ``request`` in the interpreter ``python``, into its recording.

    A recipe that hangs or kills the process is dropped: the others are tried again in a new
    process. Raises as :func:`record_in_process`.
    """
    given_up: dict[str, str] = {}
    while True:
        watched = _Watched(listener)
        try:
            _run(replace(request, given_up=given_up), python, watched, watched)
            return
        except _RecipeEnded as ended:
            given_up[ended.key] = ended.reason
            listener(events.Announce(f"{ended.title} was stopped: {ended.reason}"))


@contextmanager
def profile_is_kept(listener: Listener) -> Iterator[None]:
    """Announces an error that keeps recipes from being tried, so that the profile is not lost."""
    try:
        yield
    except KerasProfileError as error:
        advice = f" ({error.advice})" if error.advice else ""
        listener(events.Announce(f"changes could not be tried: {error.message}{advice}"))


class _RecipeEnded(Exception):
    """The process ended while trying a recipe."""

    def __init__(self, key: str, title: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.title = title
        self.reason = reason


class _Watched:
    """Listens for recipes that are tried, and kills the process if one does not return."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._trying: events.OnTrial | None = None
        self._timer: threading.Timer | None = None
        self._hung = False
        self.process: subprocess.Popen[bytes] | None = None

    def __call__(self, event: events.Event) -> None:
        self.stop()
        self._trying = event if isinstance(event, events.OnTrial) else None
        if self._trying is not None:
            self._timer = threading.Timer(self._trying.seconds, self._kill)
            self._timer.start()
        self._listener(event)

    def stop(self) -> None:
        """Cancels the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _kill(self) -> None:
        self._hung = True
        if self.process is not None:
            self.process.kill()

    def explain(self, code: int) -> None:
        """Raises if the process ended with ``code`` because of the recipe that was tried."""
        # The original call has no key; without it nothing can be measured.
        if self._trying is None or not self._trying.key:
            return
        reason = (
            f"it did not return within {self._trying.seconds:.0f} s"
            if self._hung
            else f"the process died ({ending(code)})"
        )
        raise _RecipeEnded(self._trying.key, self._trying.text, reason)


def try_here(request: TryRequest, model: Any, inputs: Any, listener: Listener) -> None:
    """Tries recipes on a live model in this process. Raises as :func:`record_in_process`."""
    # Imported here and by name: a recorder is part of the profiled program.
    from ..recorder.trials.recipe_session import try_recipes
    from ..recorder.workload.recording_session import make_workload
    from ..recorder.workload.target import Loaded, check_model

    loaded = Loaded(model=check_model(model, "the model"), inputs=inputs)
    try:
        try_recipes(
            request, listener, lambda: make_workload(request, listener, loaded), in_users_process=True
        )
    except RecorderError as error:
        raise TargetError(error.message, error.advice, error.trace, error.kind) from error


def record_here(request: RecordRequest, model: Any, inputs: Any, listener: Listener) -> None:
    """Records calls of a live model in this process. Raises as :func:`record_in_process`."""
    # Imported here and by name: a recorder is part of the profiled program.
    from ..recorder.workload.recording_session import record
    from ..recorder.workload.target import Loaded, check_model

    try:
        record(request, listener, Loaded(model=check_model(model, "the model"), inputs=inputs))
    except RecorderError as error:
        raise TargetError(error.message, error.advice, error.trace, error.kind) from error


def watch_here(folder: Path, options: RecorderOptions) -> Any:
    """A watch of this process's inference calls, recording into ``folder``; not started yet."""
    # Imported here and by name: a recorder is part of the profiled program.
    from ..recorder.program.watch import Watch

    return Watch(str(folder.resolve()), options)


def look_closer(watch: Any, listener: Listener) -> None:
    """Replays calls that ``watch`` saw, and tries recipes on them, in this process."""
    from ..recorder.program.afterwards import look_closer as look
    from ..recorder.program.output_file import printed_into

    with printed_into(watch.files.folder):
        look(watch, listener)


def _run(request: Request, python: str, listener: Listener, watched: _Watched | None = None) -> bool:
    """Runs one process of the recorder; returns whether it was interrupted."""
    folder = Path(request.folder)
    with started(request, python) as recorder:
        process = recorder.process
        if watched is not None:
            watched.process = process
        try:
            end = _watch(recorder, listener)
        finally:
            if watched is not None:
                watched.stop()
    failed = end.failure
    if failed is not None:
        raise TargetError(failed.message, failed.advice, failed.trace, failed.kind, failed.fix)
    if process.returncode and watched is not None:
        watched.explain(process.returncode)
    if process.returncode:
        explain_death(process.returncode, python, folder, end.stage, listener)
    return end.interrupted


@contextmanager
def started(
    request: Request,
    python: str,
    *,
    stdin: int = subprocess.DEVNULL,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[Recorder]:
    """Starts a recorder of ``request``; what it needs is there within the ``with`` block.

    It runs in the folder ``cwd`` with the variables ``env``, both ours by default. Raises
    :class:`KerasProfileError` if the interpreter does not start.
    """
    with (
        tempfile.TemporaryDirectory(prefix="keras_profile-") as scratch,
        open(Path(request.folder) / FILES["log"], "ab") as log,
        _terminal_into(log, request.verbose) as terminal,
    ):
        request_file = Path(scratch) / "request.json"
        request_file.write_text(request.to_json(), encoding="utf-8")
        command = [python, str(RECORDER), str(request_file)]
        try:
            recorder = Recorder(command, log, stdin, terminal, env, cwd)
        except OSError as error:
            raise KerasProfileError(
                f"{python}: cannot be started: {error.strerror}",
                "give the path of a Python interpreter",
            ) from error
        yield recorder


@contextmanager
def _terminal_into(log: IO[bytes], is_wanted: bool) -> Iterator[str | None]:
    """The name of a terminal whose output goes to ``log``; None if the system has none, or none is wanted.

    Keras draws its progress bar differently without a terminal, and the bar must be measured
    as users see it.
    """
    if not is_wanted or not hasattr(os, "openpty"):
        yield None
        return
    ours, theirs = os.openpty()

    def copy() -> None:
        with os.fdopen(ours, "rb", buffering=0) as output:
            while True:
                try:
                    log.write(output.read(65536))
                except (OSError, ValueError):  # the terminal or the log is closed
                    return

    copying = threading.Thread(target=copy, daemon=True)
    copying.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(theirs)
        # Completes the log before it is closed, unless a process that was left behind holds the terminal.
        copying.join(_LEFT_BEHIND_S)


@dataclass
class _End:
    """How a recorder's run ended: its last stage, and its error if any."""

    interrupted: bool = False
    stage: str = "starting"
    failure: events.Error | None = None


def _watch(recorder: Recorder, listener: Listener) -> _End:
    """Passes the events of a recorder on until its process ends."""
    process, end = recorder.process, _End()
    arriving = Arriving(recorder)
    while True:
        try:
            event = arriving.next()
            if event is None:
                return end
            if isinstance(event, events.Error):
                end.failure = event
                continue
            if isinstance(event, events.Stage):
                end.stage = event.text
            listener(event)
        except KeyboardInterrupt:
            if end.interrupted:
                process.kill()
                process.wait()
                raise
            end.interrupted = True
            listener(events.Announce("stopping; press Ctrl-C again to stop at once"))
            interrupt_group(process)
        except BaseException:
            process.kill()
            process.wait()
            raise


class Arriving:
    """The events of a recorder, read on another thread, since on Windows reading cannot be interrupted."""

    def __init__(self, recorder: Recorder) -> None:
        self._process = recorder.process
        self._events: queue.SimpleQueue[events.Event | None] = queue.SimpleQueue()

        def read() -> None:
            with suppress(ValueError):  # the log is closed, but a process that was left behind prints
                for event in recorder.events():
                    self._events.put(event)
            self._events.put(None)

        threading.Thread(target=read, daemon=True).start()

    def next(self) -> events.Event | None:
        """Waits for an event; returns None when the process has ended."""
        quiet_s, event = 0.0, None
        while quiet_s < _LEFT_BEHIND_S:
            try:
                event = self._events.get(timeout=_LOOKING_S)
                break
            except queue.Empty:
                # A process that the recorder left behind may hold its output open.
                quiet_s = quiet_s + _LOOKING_S if self._process.poll() is not None else 0.0
        while event is None and self._process.returncode is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LOOKING_S)
        return event


def explain_death(code: int, python: str, folder: Path, stage: str, listener: Listener) -> None:
    """The recorder ended without an error event: announces that, or raises with its last output."""
    if (folder / FILES["recording"]).is_file():
        listener(
            events.Announce(
                f"the profiled process died ({ending(code)}); the report covers what was finished before"
            )
        )
        return
    log = (folder / FILES["log"]).read_text(encoding="utf-8", errors="replace").splitlines()
    said = "see its last output above" if log else "it printed nothing"
    fix = None
    if stage == events.IMPORTING and code not in _DEADLY:
        fix = {
            "package": "tensorflow",
            "words": "reinstall TensorFlow, in a build for this machine:",
            "command": pip_command(python, "--force-reinstall", "tensorflow"),
        }
    raise KerasProfileError(
        f"{python}: the profiled process died ({ending(code)}) before the first round of calls was finished, "
        f"in the stage {stage}; {said}",
        _DEADLY.get(code)
        or (
            f"{fix['words']} {fix['command']}"
            if fix
            else "check that your model's own script runs with this interpreter"
        ),
        trace="\n".join(log[-_LAST_LINES:]),
        fix=fix,
    )
