"""A recorder in its own process that makes blocks of calls when it is asked: one side of a comparison."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from ..errors import KerasProfileError, TargetError
from ..recorder.protocol import FILES, events
from ..recorder.protocol.commands import Command, CountKept, MakeBlock, WriteOutputs, encode
from ..recorder.protocol.requests import CompareRequest
from .recorder_process import Arriving, Listener, explain_death, started

_Answer = TypeVar("_Answer", bound=events.Event)

#: How long a side may take to write its recording and to end.
_ENDING_S = 60.0


class Side:
    """Records ``request`` into its folder in the interpreter ``python``.

    The process starts at once, in the folder ``cwd`` and with ``env``, so that several can start at the same
    time; :meth:`ready` waits until it has made its first calls. Each method raises
    :class:`TargetError` if the target could not be loaded, built or called, and
    :class:`KerasProfileError` if the process died. It is a context manager that ends the process.
    """

    def __init__(
        self,
        request: CompareRequest,
        python: str,
        listener: Listener,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        label: str = "",
    ) -> None:
        self.folder = Path(request.folder)
        #: How errors call it.
        self.label = label or request.target
        self._python = python
        self._listener = listener
        self._stage = "starting"
        self._open = ExitStack()
        variables = None if env is None else {**os.environ, **env}
        recorder = self._open.enter_context(
            started(request, python, stdin=subprocess.PIPE, cwd=cwd, env=variables)
        )
        self._process = recorder.process
        self._arriving = Arriving(recorder)

    def __enter__(self) -> Side:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ready(self) -> events.Ready:
        """Waits for the first calls."""
        return self._await(events.Ready)

    def make(self, command: MakeBlock) -> events.BlockMade:
        """Makes a block of calls."""
        self._send(command)
        return self._await(events.BlockMade)

    def count_kept(self, command: CountKept) -> events.KeptCounted:
        """Counts the objects that each call leaves behind."""
        self._send(command)
        return self._await(events.KeptCounted)

    def write_outputs(self, command: WriteOutputs) -> events.OutputsWritten:
        """Writes the outputs of one call."""
        self._send(command)
        return self._await(events.OutputsWritten)

    def close(self) -> None:
        """Lets the process write its recording and end; one that does not is killed."""
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(OSError):
            stdin.close()
        try:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_ENDING_S)
        finally:  # also if a second Ctrl-C comes
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._open.close()

    def _send(self, command: Command) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # waiting for the answer explains why
            self._process.stdin.write(encode(command))
            self._process.stdin.flush()

    def _await(self, kind: type[_Answer]) -> _Answer:
        """Raises the process' errors with the side's label."""
        try:
            return self._next(kind)
        except KerasProfileError as error:
            error.of_side(self.label)
            raise

    def _next(self, kind: type[_Answer]) -> _Answer:
        while True:
            event = self._arriving.next()
            if isinstance(event, kind):
                return event
            if isinstance(event, events.Error):
                self._process.wait()
                raise TargetError(event.message, event.advice, event.trace, event.kind, event.fix)
            if event is None:
                explain_death(self._process.wait(), self._python, self.folder, self._stage, self._listener)
                raise KerasProfileError(
                    f"{self._python}: the process ended in the stage {self._stage}",
                    f"see {self.folder / FILES['log']}",
                )
            if isinstance(event, events.Stage):
                self._stage = event.text
            self._listener(event)
