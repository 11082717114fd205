"""Measures a cell: an ordinary ``keras-profile profile`` in a process of its own, beside a reference call.

:func:`measure` and :func:`check` are all that an engine calls, here or on another machine. What they take
and return can be pickled, and holds whole files: a worker shares no folder with the driver.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...errors import KerasProfileError, ending
from ...launch.interpreters import find_interpreter
from ...model.sweep import CellMachine, Reference
from ...recorder.protocol.channel import own_group
from ...recordings.names import REPORTS, TRACES
from ...recordings.regular_files import is_regular, read_regular
from .reference_call import measure_reference

_KEEPER = Path(__file__).with_name("cell_keeper.py")
#: As the program ``keras-profile``: the user's modules in the working folder stand behind the packages.
_PROGRAM = "import sys; del sys.path[0]; from keras_profile.cli import program; sys.exit(program())"
#: A cell that takes longer than this, beyond twice what it measures, hangs.
_PATIENCE_S = 300.0
#: How long a model is called to see that it can be.
_CHECKING_S = 0.1
#: What Dask and Ray set in their workers so that these keep out of each other's way: a cell runs alone.
_SET_BY_ENGINES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MALLOC_TRIM_THRESHOLD_")
#: The last lines of a failure without a message are its reason.
_LAST_LINES = 3
#: The most lines of a traceback that are shown.
_MOST_TRACE = 50


@dataclass(frozen=True)
class Job:
    """A cell for a worker: what to call, the variables to set, how long and with which captures."""

    name: str
    arguments: Sequence[str]
    interpreter: str | None
    variables: Mapping[str, str]
    seconds: float
    captures: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What a worker sends back: the files of the recording and the report, or why there are none."""

    name: str
    reason: str
    machine: CellMachine
    began: float
    took_s: float
    before: Reference
    after: Reference
    files: dict[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Question:
    """Whether a model loads in an interpreter, and can be called."""

    model: str
    interpreter: str | None
    arguments: Sequence[str]
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """The answer of a machine; without a ``problem`` it does. ``worker`` is empty for this machine."""

    question: Question
    worker: str = ""
    problem: str = ""
    advice: str = ""
    #: The traceback of the user's own code, if that failed.
    trace: str = ""


@dataclass(frozen=True)
class Shipment:
    """Files that a worker needs, by their paths below the working folder."""

    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """Of names and contents."""
        found = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            found.update(f"{len(name)} {len(data)} {name}".encode("utf-8", "surrogateescape") + data)
        return found.hexdigest()[:20]


def this_machine() -> CellMachine:
    """The machine that this process runs on."""
    return CellMachine(
        _machine_id(), platform.node(), os.cpu_count(), platform.python_version(), np.__version__
    )


def measure(job: Job, shipment: Shipment | None = None) -> Outcome:
    """Measures a cell. A failure is an outcome too.

    The models are found below the working folder, or among the files of ``shipment``.
    """
    began, begin = time.time(), time.perf_counter()
    before = measure_reference()
    options = ["--seconds", f"{job.seconds:g}", "--captures", ",".join(job.captures)]
    with _Kept() as kept, _files_at(shipment, kept.folder) as folder:
        done = _profile(
            [*job.arguments, *options],
            job.interpreter,
            _environment(job.variables, shipment),
            kept,
            folder,
            2 * job.seconds + _PATIENCE_S,
        )
        files = {} if done.reason else _files_of(kept.folder)
    # With a traceback, the advice is to read it, and a row has no room for it.
    reason = done.reason if done.trace or not done.advice else f"{done.reason} ({done.advice})"
    if not reason and not any(name.startswith(REPORTS.name) for name in files):
        reason = "it wrote no report"
    after = measure_reference()
    took_s = round(time.perf_counter() - begin, 3)
    return Outcome(job.name, reason, this_machine(), began, took_s, before, after, files)


def check(question: Question, shipment: Shipment | None = None) -> Answer:
    """Loads a model in an interpreter, and calls it."""
    options = ["--seconds", f"{_CHECKING_S:g}", "--captures", "bare"]
    with _Kept() as kept, _files_at(shipment, kept.folder) as folder:
        variables = _environment(question.variables, shipment)
        arguments = [*question.arguments, *options]
        done = _profile(arguments, question.interpreter, variables, kept, folder, _PATIENCE_S)
    return Answer(question, problem=done.reason, advice=done.advice, trace=done.trace)


def lost(job: Job, reason: str) -> Outcome:
    """The outcome of a job that the engine could not bring to an end, on whichever machine."""
    nothing = Reference(0, 0)
    return Outcome(job.name, reason, CellMachine("", "", None, "", ""), time.time(), 0.0, nothing, nothing)


def _environment(variables: Mapping[str, str], shipment: Shipment | None) -> dict[str, str]:
    """The variables of a cell's process: this process' own, without what an engine has set in it."""
    unwanted = () if shipment is None else _SET_BY_ENGINES
    return {**{name: text for name, text in os.environ.items() if name not in unwanted}, **variables}


@dataclass(frozen=True)
class _Done:
    """How a process of ``keras-profile profile`` ended; without a ``reason`` it did its work."""

    reason: str = ""
    advice: str = ""
    trace: str = ""


class _Kept:
    """A new folder, and at most one process that works in it: a context manager.

    Both are another process' (:mod:`.cell_keeper`), which ends them with this one, however it ends.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="keras_profile-cell-"))
        self.log = self.folder / "log"
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", str(_KEEPER), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **own_group(),
        )

    def __enter__(self) -> _Kept:
        return self

    def __exit__(self, *ending: object) -> None:
        self._end()
        self._keeper.wait()

    def run(
        self, command: Sequence[str], folder: Path, variables: Mapping[str, str], patience: float
    ) -> int | None:
        """Runs a command in a folder; returns its exit code, or None if it had to be ended."""
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        order = {
            "command": list(command),
            "folder": str(folder),
            "variables": dict(variables),
            "log": str(self.log),
        }
        self._keeper.stdin.write(json.dumps(order) + "\n")
        self._keeper.stdin.flush()
        ending = threading.Timer(patience, self._end)
        ending.start()
        try:
            answer = self._keeper.stdout.readline()
        finally:
            ending.cancel()
        return int(answer) if answer else None

    def _end(self) -> None:
        assert self._keeper.stdin is not None
        with suppress(OSError):  # the keeper was killed
            self._keeper.stdin.close()


def _profile(
    arguments: Sequence[str],
    interpreter: str | None,
    variables: Mapping[str, str],
    kept: _Kept,
    folder: Path,
    patience: float,
) -> _Done:
    python = []
    if interpreter is not None:
        try:
            # Its whole path: a relative one is from the worker's folder, not from that of the shipped files.
            python = ["--python", find_interpreter(interpreter)]
        except KerasProfileError as error:
            return _Done(error.message.removeprefix("--python: "), error.advice)
    scratch = kept.folder / "scratch"
    scratch.mkdir()
    # What a killed process leaves in the folder for temporary files is removed with the cell's.
    names = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    command = [sys.executable, "-c", _PROGRAM, "profile", *arguments, *python]
    command += ["--no-try", "--no-html", "--quiet", "--output", str(kept.folder)]
    code = kept.run(command, folder, {**variables, **names}, patience)
    if code is None:
        return _Done(f"it did not end within {patience:.0f} s", "measure fewer rows, or a smaller model")
    if code == 0:
        return _Done()
    said = kept.log.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(said):
        if line.startswith("keras-profile: "):
            advice = said[number + 1].strip() if number + 1 < len(said) else ""
            trace = "\n".join(said[max(0, number - _MOST_TRACE) : number])
            return _Done(line.removeprefix("keras-profile: "), advice, trace)
    last = " | ".join(line.strip() for line in said[-_LAST_LINES:])
    return _Done(f"its process ended with {ending(code)}" + (f": {last}" if last else ""))


@contextmanager
def _files_at(shipment: Shipment | None, work: Path) -> Iterator[Path]:
    """The folder in which the models are: the working folder, or a new one with the shipped files."""
    if shipment is None:
        yield Path.cwd()
        return
    place = work / "files"
    place.mkdir()
    for name, data in shipment.files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    yield place


def _files_of(work: Path) -> dict[str, bytes]:
    """The files of the recording and its report, by their paths."""
    found = {}
    for top in (TRACES, REPORTS):
        for path in sorted((work / top).rglob("*")):
            if is_regular(path) and not path.is_symlink():
                found[path.relative_to(work).as_posix()] = read_regular(path)
    return found


def _machine_id() -> str:
    """The same in all containers of a machine, and another one when it is started again."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{uuid.getnode():012x}"
