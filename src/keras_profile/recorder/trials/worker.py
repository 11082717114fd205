"""A change that needs a process of its own, and that process.

The process is told what to do by lines of JSON on its standard input, and answers with
lines of JSON; inputs and outputs go as files. Only one process works at a time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import numpy as np

from .. import frameworks
from ..structures import leaves, map_leaves
from ..workload.inputs import kind_of
from .contender import Contender
from .outputs import Flat, flatten
from .wording import WorkerFailed, in_words


class ProcessContender:
    """A change in a process of its own, as a contender beside those of this one.

    What takes longer than ``patience_s`` is given up: the process is killed.
    """

    def __init__(self, change, request, model, scratch, patience_s):
        self.change = change
        self._patience_s = patience_s
        self._hung = False
        self._request = request
        self._model = model
        self._scratch = scratch
        self._process = None
        self._inputs = {}  # id of an input -> its file, or None for the workload's own

    def set_up(self, x):
        """Starts the process, which loads the target and gets the model's weights."""
        request = self._request.replaced(
            trials={
                "worker": {
                    "title": self.change.title,
                    "before": self.change.before,
                    "setup": self.change.setup,
                    "prepare": self.change.prepare,
                    "call": self.change.call,
                }
            }
        )
        path = os.path.join(self._scratch, "request.json")
        with open(path, "w") as file:
            file.write(request.to_json())
        weights = os.path.join(self._scratch, "weights.npz")
        if self._model is not None:
            np.savez(weights, *[np.asarray(weight) for weight in self._model.get_weights()])
        reading, writing = os.pipe()
        recorder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        self._log = open(os.path.join(self._scratch, "output.log"), "wb")
        self._process = subprocess.Popen(
            [sys.executable, recorder, path, str(writing)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            pass_fds=(writing,),
        )
        os.close(writing)
        self._answers = os.fdopen(reading, "r")
        self._ask("set_up", weights=weights if self._model is not None else None)

    def outputs(self, x):
        """What the call gives for ``x``, as a list of arrays by place."""
        path = self._ask("outputs", input=self._file_of(x), folder=self._scratch)["file"]
        with np.load(path, allow_pickle=False) as loaded:
            return Flat(
                [(place, loaded["a{}".format(number)]) for number, place in enumerate(loaded["places"])]
            )

    def block(self, fresh, settling, calls):
        """The wall times of ``calls`` calls, in ns, after ``settling`` that are not counted."""
        return self._ask("measure", input=self._file_of(fresh()), settling=settling, calls=calls)["walls"]

    def close(self):
        """Ends the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._answers.close()
            self._log.close()

    def _file_of(self, x):
        """The file that has ``x``; None where the process makes its own, since it is no arrays."""
        if kind_of(x) not in ("array", "tensor"):
            return None
        if id(x) not in self._inputs:
            path = os.path.join(self._scratch, "input-{}.npz".format(len(self._inputs)))
            arrays = [np.asarray(leaf) for leaf in leaves(x)]
            np.savez(path, *[array.astype("S") if array.dtype == object else array for array in arrays])
            self._inputs[id(x)] = (path, x)  # x is kept: another object could get its id
        return self._inputs[id(x)][0]

    def _ask(self, task, **arguments):
        arguments["task"] = task
        try:
            self._process.stdin.write((json.dumps(arguments) + "\n").encode())
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerFailed(self._ending()) from error
        timer = threading.Timer(self._patience_s, self._give_up)
        timer.start()
        try:
            for line in self._answers:
                answer = json.loads(line)
                if answer["event"] == "error":
                    raise WorkerFailed(answer["message"])
                if answer["event"] == "answer":
                    return answer
        finally:
            timer.cancel()
        raise WorkerFailed(self._ending())

    def _give_up(self):
        self._hung = True
        self._process.kill()

    def _ending(self):
        code = self._process.wait()
        if self._hung:
            return "it did not come back within {:.0f} s".format(self._patience_s)
        how = "the process ended with code {}".format(code)
        if code < 0:
            how = "the process died ({})".format(signal.Signals(-code).name)
        with open(os.path.join(self._scratch, "output.log"), errors="replace") as log:
            said = log.read().split("\n")
        last = [line.strip() for line in said if line.strip()][-1:]
        return ": ".join([how] + last)


def serve(request, report, make_workload):
    """The process's own side: does what it is told until its standard input ends."""
    worker = request.trials["worker"]
    exec(compile(worker["before"], "<recipe>", "exec"), {})
    workload = make_workload()

    class Change:
        title, setup, prepare, call, calls = (
            worker["title"],
            worker["setup"],
            worker["prepare"],
            worker["call"],
            1,
        )

    contender = Contender(Change, workload.names(), os.getcwd())
    kept = {}

    def input_of(path):
        if path is None:
            return workload.fresh_input()
        if path not in kept:
            kept[path] = _read_input(path, workload.fresh_input())
        return kept[path]

    def answer(told):
        if told["task"] == "set_up":
            if told["weights"] is not None:
                with np.load(told["weights"], allow_pickle=False) as weights:
                    workload.model.set_weights([weights[name] for name in weights.files])
            contender.set_up(workload.fresh_input())
            return {}
        if told["task"] == "outputs":
            path = os.path.join(told["folder"], "outputs.npz")
            pairs = flatten(contender.outputs(input_of(told["input"])))
            np.savez(
                path,
                places=[place for place, _ in pairs],
                **{"a{}".format(number): array for number, (_, array) in enumerate(pairs)},
            )
            return {"file": path}
        return {"walls": contender.block(lambda: input_of(told["input"]), told["settling"], told["calls"])}

    for line in sys.stdin:
        try:
            report("answer", **answer(json.loads(line)))
        except Exception as error:
            report("error", message=in_words(error))


def _read_input(path, like):
    """The arrays of a file in the structure of ``like``, tensors where it has tensors."""
    with np.load(path, allow_pickle=False) as loaded:
        arrays = iter([loaded[name] for name in loaded.files])
    pairs = {}
    for leaf in leaves(like):  # in the order in which they were written
        pairs[id(leaf)] = next(arrays)

    return map_leaves(lambda leaf: frameworks.tensor_like(pairs[id(leaf)], leaf), like)
