"""A change that needs its own process, and that process.

The process gets its tasks as lines of JSON on its standard input, and answers with lines of
JSON; inputs and outputs are passed as files. Only one process works at a time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Callable

import numpy as np

from .. import frameworks
from ..protocol import FOLDER_VARIABLE, events
from ..protocol.channel import Recorder
from ..protocol.requests import ServedChange
from ..structures import leaves, map_leaves
from ..workload.inputs import kind_of
from .contender import Contender
from .error_words import WorkerFailed, in_words
from .outputs import Flat, flatten

if TYPE_CHECKING:
    from ...recipes.recipe import Change
    from ..protocol.requests import ServeRequest, WorkloadRequest
    from ..workload.workload import Workload


@dataclass
class _Task:
    """A task for the process: a line of its standard input.

    - ``set_up``: build the change in a ``folder``, with the ``weights`` from a file if there is one.
    - ``outputs``: write the call's outputs for the ``input`` from a file into the ``folder``.
    - ``measure``: make so many ``calls`` with it, after ``settling`` ones.

    Without an ``input`` the process makes the workload's own.
    """

    task: str
    weights: str | None = None
    input: str | None = None
    folder: str = ""
    settling: int = 0
    calls: int = 0


class ProcessContender:
    """A change in its own process, as a contender like those of this one.

    ``request()`` returns the workload that it makes. If something takes longer than ``patience_s``, the
    process is killed.
    """

    def __init__(
        self,
        change: Change,
        request: Callable[[], WorkloadRequest],
        model: Any,
        scratch: str,
        patience_s: float,
    ) -> None:
        self.change = change
        self._patience_s = patience_s
        self._hung = False
        self._request = request
        self._model = model
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None
        self._inputs: dict[int, tuple[str, Any]] = {}  # id of an input -> its file, and the input

    def set_up(self, x: Any) -> None:
        """Starts the process, which loads the target and gets the model's weights."""
        change = self.change
        request = self._request().serving(
            ServedChange(change.title, change.call, change.setup, change.prepare, change.before)
        )
        path = os.path.join(self._scratch, "request.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(request.to_json())
        weights = os.path.join(self._scratch, "weights.npz")
        if self._model is not None:
            np.savez(weights, *[np.asarray(weight) for weight in self._model.get_weights()])
        recorder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        self._log = open(os.path.join(self._scratch, "output.log"), "ab")
        # This process handles an interrupt at the terminal: it closes the other one.
        started = Recorder(
            [sys.executable, recorder, path],
            self._log,
            stdin=subprocess.PIPE,
            # Otherwise it would be recorded as one of the processes of a recorded program.
            env={name: value for name, value in os.environ.items() if name != FOLDER_VARIABLE},
        )
        self._process = started.process
        self._answers = started.events()
        self._ask(_Task("set_up", weights=weights if self._model is not None else None, folder=self._scratch))

    def outputs(self, x: Any) -> Flat:
        """Returns the call's outputs for ``x``, as a list of arrays by place."""
        path = self._ask(_Task("outputs", input=self._file_of(x), folder=self._scratch)).file
        assert path is not None
        with np.load(path, allow_pickle=False) as loaded:
            return Flat(
                [(place, loaded["a{}".format(number)]) for number, place in enumerate(loaded["places"])]
            )

    def block(self, fresh: Callable[[], Any], settling: int, calls: int) -> list[int]:
        """Returns the wall times of ``calls`` calls, in ns, after ``settling`` uncounted ones."""
        task = _Task("measure", input=self._file_of(fresh()), settling=settling, calls=calls)
        walls = self._ask(task).walls
        assert walls is not None
        return walls

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._answers.close()
            self._log.close()

    def _file_of(self, x: Any) -> str | None:
        """Returns the file with ``x``; None if the process makes its own, since ``x`` is not arrays."""
        if kind_of(x) not in ("array", "tensor"):
            return None
        if id(x) not in self._inputs:
            path = os.path.join(self._scratch, "input-{}.npz".format(len(self._inputs)))
            arrays = [np.asarray(leaf) for leaf in leaves(x)]
            np.savez(path, *[array.astype("S") if array.dtype == object else array for array in arrays])
            self._inputs[id(x)] = (path, x)  # x is kept, since another object could get its id
        return self._inputs[id(x)][0]

    def _ask(self, task: _Task) -> events.Answer:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write((json.dumps(asdict(task)) + "\n").encode())
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerFailed(self._ending(self._process)) from error
        timer = threading.Timer(self._patience_s, self._give_up, [self._process])
        timer.start()
        try:
            for answer in self._answers:
                if isinstance(answer, events.Error):
                    raise WorkerFailed(answer.message)
                if isinstance(answer, events.Answer):
                    return answer
        finally:
            timer.cancel()
        raise WorkerFailed(self._ending(self._process))

    def _give_up(self, process: subprocess.Popen[bytes]) -> None:
        self._hung = True
        process.kill()

    def _ending(self, process: subprocess.Popen[bytes]) -> str:
        code = process.wait()
        if self._hung:
            return "it did not return within {:.0f} s".format(self._patience_s)
        how = "the process ended with code {}".format(code)
        if code < 0:
            how = "the process died ({})".format(signal.Signals(-code).name)
        with open(os.path.join(self._scratch, "output.log"), encoding="utf-8", errors="replace") as log:
            said = log.read().split("\n")
        last = [line.strip() for line in said if line.strip()][-1:]
        return ": ".join([how] + last)


def serve(request: ServeRequest, report: events.Report, make_workload: Callable[[], Workload]) -> None:
    """Runs in the process: does its tasks until its standard input ends."""
    exec(compile(request.change.before, "<recipe>", "exec"), {})
    served = _Served(make_workload(), request.change)
    for line in sys.stdin:
        try:
            report(served.do(_Task(**json.loads(line))))
        except Exception as error:
            report(events.Error("task_failed", in_words(error)))


class _Served:
    """A workload that is called with a change, as the tasks say."""

    def __init__(self, workload: Workload, change: ServedChange) -> None:
        self._workload = workload
        self._change = change
        self._contender: Any = None
        self._inputs: dict[str, Any] = {}  # by their files

    def do(self, task: _Task) -> events.Answer:
        """Does a task. Raises whatever the change raises."""
        if task.task == "set_up":
            if task.weights is not None:
                with np.load(task.weights, allow_pickle=False) as weights:
                    self._workload.model.set_weights([weights[name] for name in weights.files])
            self._contender = Contender(self._change, self._workload.names(), task.folder)
            self._contender.set_up(self._workload.fresh_input())
            return events.Answer()
        if task.task == "outputs":
            path = os.path.join(task.folder, "outputs.npz")
            pairs = flatten(self._contender.outputs(self._input(task.input)))
            arrays: dict[str, Any] = {"a{}".format(number): array for number, (_, array) in enumerate(pairs)}
            np.savez(path, places=[place for place, _ in pairs], **arrays)
            return events.Answer(file=path)
        walls = self._contender.block(lambda: self._input(task.input), task.settling, task.calls)
        return events.Answer(walls=walls)

    def _input(self, path: str | None) -> Any:
        if path is None:
            return self._workload.fresh_input()
        if path not in self._inputs:
            self._inputs[path] = _read_input(path, self._workload.fresh_input())
        return self._inputs[path]


def _read_input(path: str, like: Any) -> Any:
    """Returns a file's arrays in the structure of ``like``, as tensors where it has tensors."""
    with np.load(path, allow_pickle=False) as loaded:
        arrays = iter([loaded[name] for name in loaded.files])
    pairs = {}
    for leaf in leaves(like):  # in the order in which they were written
        pairs[id(leaf)] = next(arrays)

    return map_leaves(lambda leaf: frameworks.tensor_like(pairs[id(leaf)], leaf), like)
