"""Runs a user's program under the plain interpreter, with the recorder turned on by the environment.

The program keeps its own arguments, streams, folder and exit code. Its progress is read from the files
that its processes append to.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import IO, Any

import psutil

from ..errors import KerasProfileError, ending
from ..model.program import GivenUp, ProgramFile
from ..model.recording import Schema
from ..recorder.protocol import FOLDER_VARIABLE, PROGRAM_FILES, PROGRAM_SCHEMA, events
from ..recorder.protocol.requests import RecorderOptions, TrialOptions
from ..recordings.json_files import write_program
from ..recordings.writing import write_files
from . import shells
from .other_processes import OtherProcesses
from .recorder_process import RECORDER, Listener
from .signals import ENDING, KILL, REPORT, send

#: The folder that makes an interpreter start the recorder; it goes first in PYTHONPATH.
STARTUP = RECORDER / "startup"

#: The overhead that the recorder may count: a share of the program's time, or this time if that is more;
#: and the same with ``--thorough``. The promise is 5%. The other two percent are for overhead that it
#: cannot see: caches that its code empties, threads that wait for its own, and the command that waits
#: for the program.
OVERHEAD_SHARE, GRACE_NS = 0.03, 500_000_000
THOROUGH_SHARE, THOROUGH_GRACE_NS = 0.3, 10_000_000_000

#: Ctrl-C reaches the program and this process at nearly the same time: so far apart at most.
_SAME_SIGNAL_NS = 200_000_000
#: How often the program's files are read.
_POLL_SECONDS = 0.25
#: How long a program may take to stop before a stronger signal is sent.
_PATIENCE_SECONDS = 10.0
#: How long the copy that kept the program's end may take to finish it after the process has died.
_KEPT_END_SECONDS = 25.0

#: Signal handlers as :mod:`signal` takes and gives them.
_Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None


def begun_program(command: Sequence[str], python: str) -> ProgramFile:
    """The content of ``program.json`` for a program that starts now."""
    return ProgramFile(
        schema=Schema.of(PROGRAM_SCHEMA),
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        command=list(command),
        python=python,
        exit_code=None,
        complete=False,
        interrupted=False,
    )


def recorder_options(
    internals: Sequence[tuple[str, str, str, bool]],
    *,
    thorough: bool,
    keep_inputs: bool,
    replay: bool,
    trials: TrialOptions | None,
    seconds: float | None,
    captures: Sequence[str],
    extra_path: str | None,
) -> RecorderOptions:
    """The options for the recorder of a program that this process starts."""
    share, grace_ns = (THOROUGH_SHARE, THOROUGH_GRACE_NS) if thorough else (OVERHEAD_SHARE, GRACE_NS)
    return RecorderOptions(
        share=share,
        grace_ns=grace_ns,
        internals=list(internals),
        captures=list(captures),
        extra_path=extra_path,
        keep_inputs=keep_inputs,
        replay=replay,
        trials=trials,
        seconds=seconds,
        driver=os.getpid(),
    )


def environment_for(folder: Path, options: RecorderOptions) -> dict[str, str]:
    """Writes the recorder's options into ``folder``; returns the variable that turns it on.

    ``PYTHONPATH`` needs :data:`STARTUP` too.
    """
    write_files(folder, [(PROGRAM_FILES["options"], options.to_json().encode())])
    return {FOLDER_VARIABLE: str(folder.resolve())}


def export_lines(folder: Path, options: RecorderOptions, shell: shells.Shell) -> list[str]:
    """The same as lines for a shell to evaluate."""
    return shells.lines(shell, environment_for(folder, options), {"PYTHONPATH": str(STARTUP)})


def run_program(
    content: ProgramFile,
    arguments: Sequence[str],
    folder: Path,
    options: RecorderOptions,
    listener: Listener,
    seconds: float | None = None,
    stdout: IO[str] | None = None,
    report: Callable[[], None] | None = None,
) -> ProgramFile:
    """Runs ``arguments`` in the interpreter of ``content`` until it ends; returns how it ended.

    The recording goes to ``folder``, where ``program.json`` is written now and again at the end.
    After ``seconds`` the program is interrupted. On SIGUSR1 ``report`` is called while the program
    goes on. Raises :class:`KerasProfileError` if the interpreter does not start.
    """
    write_program(folder, content)
    path = os.pathsep.join([str(STARTUP), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, **environment_for(folder, options), "PYTHONPATH": path}
    with _Signals() as signals:
        try:
            process = subprocess.Popen([content.python, *arguments], env=environment, stdout=stdout)
        except OSError as error:
            raise KerasProfileError(
                f"{content.python}: cannot be started: {error.strerror}",
                "give the path of a Python interpreter",
            ) from error
        watched = _Run(process, folder, listener, signals, seconds, report)
        try:
            watched.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
    ended = replace(
        content,
        exit_code=watched.exit_code,
        complete=True,
        interrupted=watched.interrupted,
        given_up=watched.given_up,
        not_recorded=watched.others.not_recorded(),
        going_on=watched.others.going_on(),
    )
    for scratch in folder.glob(f"process-*/{PROGRAM_FILES['scratch']}"):
        shutil.rmtree(scratch, ignore_errors=True)
    try:
        write_program(folder, ended)
    except (OSError, KerasProfileError) as error:
        # The program keeps its exit code whatever becomes of its recording.
        listener(events.Announce(f"the end of the program could not be recorded: {error}"))
    return ended


def _is_alive(pid: int | None) -> bool:
    """Whether a process with that number is running."""
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


class _Signals:
    """The signals that this process gets while the program runs: noted, never obeyed.

    Ctrl-C reaches the program by itself, since it is in the terminal's foreground group.
    """

    def __init__(self) -> None:
        self.interrupted = self.terminated = self.asked = False
        #: When Ctrl-C came last, by the clock that programs on this machine share.
        self.interrupted_ns = 0
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> _Signals:
        for number in (signal.SIGINT, signal.SIGTERM, REPORT):
            # A handler, since the program would inherit SIG_IGN.
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            self.interrupted = True
            self.interrupted_ns = time.perf_counter_ns()
        elif number == signal.SIGTERM:
            self.terminated = True
        else:
            self.asked = True


@dataclass
class _OnTrial:
    """What a process is trying, and its deadline."""

    event: events.OnTrial
    until: float


@dataclass
class _Tail:
    """The events of one process, read as they are appended."""

    path: Path
    pid: int
    #: Which of the process images with this number: a program may replace itself.
    image: int
    #: Whether this process started it, as its parent or through an environment's launcher.
    started_here: bool = False
    offset: int = 0
    rest: bytes = b""
    ended: events.Ended | None = None
    waiting: list[events.Told] = field(default_factory=list)
    on_trial: _OnTrial | None = None
    #: The deadline of its closer look at calls, and the group that it looks at.
    looks_until: float | None = None
    group: int = -1
    #: Whether it is busy with work after the program's end; which copy keeps that end meanwhile, and how
    #: it turned out.
    looks: bool = False
    keeper: int | None = None
    settled: events.Settled | None = None

    def new_events(self) -> Iterator[events.Event]:
        """The events since the last time; a line that is not whole yet is left for later."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                data = file.read()
        except OSError:
            return
        self.offset += len(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            with suppress(ValueError):  # the reader reports it once, when the report is made
                event = events.decode(line)
                if event is not None:
                    yield event


class _Run:
    """One run of a program: waits for it, passes its events on, stops it if necessary."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        folder: Path,
        listener: Listener,
        signals: _Signals,
        seconds: float | None,
        report: Callable[[], None] | None,
    ) -> None:
        self._process = process
        self._folder = folder
        self._listener = listener
        self._signals = signals
        self._report = report
        self._tails: dict[str, _Tail] = {}
        self._stop_at = None if seconds is None else time.monotonic() + seconds
        self._endings = list(ENDING)
        self._is_ending = self._killed = False
        self.interrupted = False
        self.others = OtherProcesses(process.pid, folder, STARTUP)
        self.given_up: list[GivenUp] = []

    @property
    def exit_code(self) -> int:
        """The program's own; 128 plus the number if a signal ended it, as in shells.

        It does not depend on the work after the program's end.
        """
        own = self._own_process()
        code: int | None = self._process.returncode
        if own is not None and own.ended is not None and (own.looks or self._killed):
            # It died after its end: the copy that kept the end knows the code, if there was one.
            code = own.settled.exit_code if own.settled is not None else None
            if code is None:
                raised = own.ended.raised or ""
                code = -signal.SIGINT if raised.startswith(KeyboardInterrupt.__name__) else int(bool(raised))
        assert code is not None  # it has ended
        return 128 - code if code < 0 else code

    def wait(self) -> None:
        """Waits until the program has ended, and everything that it tries after its end."""
        while True:
            try:
                self._process.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                pass
            else:
                self._look()
                self._wait_for_kept_end()
                return
            self._look()
            self.others.look()
            self._obey()
            self._end_what_hangs()
            self._end_what_is_over_time()

    def _wait_for_kept_end(self) -> None:
        """If the process died after its end, waits for its copy to finish the program's end instead."""
        own = self._own_process()
        if own is None or not own.looks:
            return
        until = time.monotonic() + _KEPT_END_SECONDS
        while own.settled is None and _is_alive(own.keeper) and time.monotonic() < until:
            time.sleep(_POLL_SECONDS / 5)
            self._look()
        self._look()
        code = self._process.returncode
        if own.keeper is not None and own.settled is None and code >= 0:
            own.looks = False  # it ended normally, but could not write so: the copy is gone
        elif not self.given_up:
            reason = f"the process died ({ending(code)})"
            self.given_up.append(GivenUp(own.group, "the closer look", reason))
            self._listener(events.Announce(f"the closer look ended early: {reason}"))

    def _look(self) -> None:
        for path in self._folder.glob(f"process-*/{PROGRAM_FILES['process']}"):
            pid, _, image = path.parent.name.removeprefix("process-").partition("-")
            if path.parent.name not in self._tails and pid.isdigit():
                self._tails[path.parent.name] = _Tail(path, int(pid), int(image) if image.isdigit() else 1)
        for tail in self._tails.values():
            for event in tail.new_events():
                self._see(tail, event)

    def _see(self, tail: _Tail, event: events.Event) -> None:
        if isinstance(event, events.Process):
            tail.started_here = event.parent == os.getpid() and not event.forked
        elif isinstance(event, events.Ended):
            tail.ended = event
            for held in tail.waiting:
                self._listener(held)
            tail.waiting.clear()
        elif isinstance(event, events.Unfinished) and not event.ended:
            self._listener(event)
        elif isinstance(event, events.Told):
            tail.on_trial = None
            if isinstance(event, events.EndKept):
                tail.keeper, tail.looks = event.pid, True
                return
            if isinstance(event, events.Settled):
                tail.settled = event
                return
            if isinstance(event, events.Looking):
                tail.looks = True
                tail.looks_until = time.monotonic() + event.seconds
                tail.group = event.group
            elif isinstance(event, events.Done) and event.group < 0:
                tail.looks_until = None
                tail.looks = False
            if isinstance(event, events.OnTrial):
                tail.looks = True
                tail.on_trial = _OnTrial(event, time.monotonic() + event.seconds)
            if tail.ended is None:  # shown later, not between the lines of the program
                tail.waiting.append(event)
            else:
                self._listener(event)

    def _own_process(self) -> _Tail | None:
        """The first process, as the last program that it became; None until it has called a model."""
        pid = self._process.pid
        own = [tail for tail in self._tails.values() if tail.pid == pid or tail.started_here]
        return max(own, key=lambda tail: tail.image, default=None)

    def _own_end(self) -> events.Ended | None:
        """The end of the first process's own code; None while it runs."""
        own = self._own_process()
        return None if own is None else own.ended

    def _obey(self) -> None:
        signals = self._signals
        if signals.interrupted:
            signals.interrupted = False
            self._interrupt()
        if signals.terminated:
            signals.terminated = False
            self.interrupted = self.interrupted or self._own_end() is None
            send(self._process.pid, signal.SIGTERM)
        if signals.asked:
            signals.asked = False
            if self._report is not None:
                self._report()

    def _interrupt(self) -> None:
        """Ctrl-C reached the program by itself: it ends the program, or the closer look at it."""
        end = self._own_end()
        # The program may have ended by it before the signal was looked at here.
        latest_ns = self._signals.interrupted_ns - _SAME_SIGNAL_NS
        if end is None or (not self.interrupted and latest_ns <= end.at_ns):
            self.interrupted = True
        elif not self._is_ending:
            self._is_ending = True
            self._listener(events.Announce("stopping; press Ctrl-C again to stop at once"))
        else:
            self._killed = True
            send(self._process.pid, KILL)

    def _end_what_hangs(self) -> None:
        now = time.monotonic()
        for tail in self._tails.values():
            if tail.on_trial is not None and now >= tail.on_trial.until:
                event = tail.on_trial.event
                reason = f"it did not return within {event.seconds:.0f} s"
                self._give_up(tail, event.group, event.text or event.key or "the original call", reason)
            elif tail.looks_until is not None and now >= tail.looks_until:
                self._give_up(tail, tail.group, "the replayed call", "it did not return")

    def _give_up(self, tail: _Tail, group: int, text: str, reason: str) -> None:
        """Ends a process that hangs after the program's end."""
        tail.on_trial = tail.looks_until = None
        self.given_up.append(GivenUp(group, text, reason))
        self._listener(events.Announce(f"{text} was stopped: {reason}"))
        send(tail.pid, KILL)

    def _end_what_is_over_time(self) -> None:
        if self._stop_at is None or not self._endings or time.monotonic() < self._stop_at:
            return
        if self._own_end() is not None:  # it has ended, and is trying recipes
            self._stop_at = None
            return
        self.interrupted = True
        self._stop_at = time.monotonic() + _PATIENCE_SECONDS
        send(self._process.pid, self._endings.pop(0))
