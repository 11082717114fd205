"""Starts the recorder in an interpreter, watches it, and collects the recording.

The only module that knows how a recorder is run: as a process of its own, or, for a
model object that lives in this process, by calling it.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
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

#: Is given each event of the recorder.
Listener = Callable[[events.Event], None]

RECORDER = Path(__file__).parents[1] / "recorder"
#: Lines of its output that are shown of a recorder that died.
_LAST_LINES = 15
#: How often it is looked whether a recorder has ended, and how long what it left behind is waited for.
_LOOKING_S, _LEFT_BEHIND_S = 0.1, 1.0

_NO_INSTRUCTION = (
    "the processor lacks an instruction, such as AVX, that this build was made with: "
    "install one that was built for this processor, or record on another machine"
)
#: What an ending means to who did not cause it, by the code as ``subprocess`` has it.
_DEADLY: dict[int, str] = {
    -signal.SIGILL: _NO_INSTRUCTION,
    ILLEGAL_INSTRUCTION: _NO_INSTRUCTION,
    -KILL: "something killed it, perhaps because memory ran out: try fewer --rows or a smaller model",
}


def record_in_process(request: RecordRequest, python: str, listener: Listener, isolate: bool = False) -> None:
    """Records ``request`` in the interpreter ``python``; events go to ``listener``.

    With ``isolate`` each capture gets a process of its own. Raises
    :class:`TargetError` for what the recorder could not load, build or call, and
    :class:`KerasProfileError` where the interpreter fails.
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

    A recipe that hangs or kills the process fails alone: the rest is tried again in a new
    process without it. Raises as :func:`record_in_process`.
    """
    given_up: dict[str, str] = {}
    while True:
        watched = _Watched(listener)
        try:
            _run(replace(request, given_up=given_up), python, watched, watched)
            return
        except _RecipeEnded as ended:
            given_up[ended.key] = ended.reason
            listener(events.Announce(f"{ended.title} is given up: {ended.reason}"))


@contextmanager
def profile_is_kept(listener: Listener) -> Iterator[None]:
    """Tells what keeps recipes from being tried, in place of losing the profile for it."""
    try:
        yield
    except KerasProfileError as error:
        advice = f" ({error.advice})" if error.advice else ""
        listener(events.Announce(f"recipes could not be tried: {error.message}{advice}"))


class _RecipeEnded(Exception):
    """The process ended while it tried a recipe."""

    def __init__(self, key: str, title: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.title = title
        self.reason = reason


class _Watched:
    """Listens for recipes that are tried, and kills the process that does not come back."""

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
        """Waits for nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _kill(self) -> None:
        self._hung = True
        if self.process is not None:
            self.process.kill()

    def explain(self, code: int) -> None:
        """Raises where the process ended with ``code`` because of the recipe that was tried."""
        # Without the original call, which has no key, nothing can be measured.
        if self._trying is None or not self._trying.key:
            return
        reason = (
            f"it did not come back within {self._trying.seconds:.0f} s"
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
    """What watches the inference calls of this process, into ``folder``; it is not started yet."""
    # Imported here and by name: a recorder is part of the profiled program.
    from ..recorder.program.watch import Watch

    return Watch(str(folder.resolve()), options)


def look_closer(watch: Any, listener: Listener) -> None:
    """Makes calls that ``watch`` saw again, and tries recipes on them, in this process."""
    from ..recorder.program.afterwards import look_closer as look
    from ..recorder.program.output_file import printed_into

    with printed_into(watch.files.folder):
        look(watch, listener)


def _run(request: Request, python: str, listener: Listener, watched: _Watched | None = None) -> bool:
    """One process of the recorder; whether it was interrupted."""
    folder = Path(request.folder)
    with (
        tempfile.TemporaryDirectory(prefix="keras_profile-") as scratch,
        open(folder / FILES["log"], "ab") as log,
        _terminal_into(log, request.verbose) as terminal,
    ):
        request_file = Path(scratch) / "request.json"
        request_file.write_text(request.to_json(), encoding="utf-8")
        try:
            recorder = Recorder([python, str(RECORDER), str(request_file)], log, terminal=terminal)
        except OSError as error:
            raise KerasProfileError(
                f"{python}: cannot be started: {error.strerror}",
                "give the path of a Python interpreter",
            ) from error
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
        raise TargetError(failed.message, failed.advice, failed.trace, failed.kind, failed.mending)
    if process.returncode and watched is not None:
        watched.explain(process.returncode)
    if process.returncode:
        _explain_death(process.returncode, python, folder, end.stage, listener)
    return end.interrupted


@contextmanager
def _terminal_into(log: IO[bytes], is_wanted: bool) -> Iterator[str | None]:
    """The name of a terminal whose output goes to ``log``; None where the system has none, or none is wanted.

    Keras draws its progress bar differently where its output is no terminal, and the
    bar is to be measured as a user has it.
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
                except (OSError, ValueError):  # nobody has it open any more, or the log is closed
                    return

    copying = threading.Thread(target=copy, daemon=True)
    copying.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(theirs)
        # All is in the log before it is closed, unless a process that was left behind holds the terminal.
        copying.join(_LEFT_BEHIND_S)


@dataclass
class _End:
    """How a recorder's run ended: the last stage it told of, and its error if any."""

    interrupted: bool = False
    stage: str = "starting"
    failure: events.Error | None = None


def _watch(recorder: Recorder, listener: Listener) -> _End:
    """Passes the events of a recorder on until its process ends."""
    process, end = recorder.process, _End()
    arriving = _Arriving(recorder)
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
            listener(events.Announce("stopping; press Ctrl-C again to give up at once"))
            interrupt_group(process)
        except BaseException:
            process.kill()
            process.wait()
            raise


class _Arriving:
    """The events of a recorder, read on another thread: on Windows nothing interrupts reading."""

    def __init__(self, recorder: Recorder) -> None:
        self._process = recorder.process
        self._events: queue.SimpleQueue[events.Event | None] = queue.SimpleQueue()

        def read() -> None:
            with suppress(ValueError):  # the log is closed, and a process that was left behind prints
                for event in recorder.events():
                    self._events.put(event)
            self._events.put(None)

        threading.Thread(target=read, daemon=True).start()

    def next(self) -> events.Event | None:
        """Waits for an event; None when the process has ended."""
        quiet_s, event = 0.0, None
        while quiet_s < _LEFT_BEHIND_S:
            try:
                event = self._events.get(timeout=_LOOKING_S)
                break
            except queue.Empty:
                # A process that the recorder left behind may hold its output.
                quiet_s = quiet_s + _LOOKING_S if self._process.poll() is not None else 0.0
        while event is None and self._process.returncode is None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_LOOKING_S)
        return event


def _explain_death(code: int, python: str, folder: Path, stage: str, listener: Listener) -> None:
    """The recorder ended without a word: what is left of it, or what it said last."""
    if (folder / FILES["recording"]).is_file():
        listener(
            events.Announce(
                f"the profiled process died ({ending(code)}); the report is of what was finished before"
            )
        )
        return
    log = (folder / FILES["log"]).read_text(encoding="utf-8", errors="replace").splitlines()
    said = "what it said last is above" if log else "it said nothing"
    mending = None
    if stage == events.IMPORTING and code not in _DEADLY:
        mending = {
            "package": "tensorflow",
            "words": "install TensorFlow again, in a build for this machine:",
            "command": pip_command(python, "--force-reinstall", "tensorflow"),
        }
    raise KerasProfileError(
        f"{python}: the profiled process died ({ending(code)}) before a round of calls was finished, "
        f"at this stage: {stage}; {said}",
        _DEADLY.get(code)
        or (
            f"{mending['words']} {mending['command']}"
            if mending
            else "does your model's own script run with this interpreter?"
        ),
        trace="\n".join(log[-_LAST_LINES:]),
        mending=mending,
    )
