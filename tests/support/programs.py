"""Programs under ``keras-profile run``, seen from the outside."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_profile.recorder.protocol import CALL_FIELDS, COLD, PROGRAM_FILES, RAISED

from .commands import PROGRAMS, Finished, heed_interrupts, run

#: How long a program may take, with the report.
PATIENCE = 300


def environment(**variables):
    """The variables that a program is run with; TensorFlow's own log lines are none of its output.

    With oneDNN on processors with AVX512_VNNI it logs a line at its import, whatever the level is.
    """
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    return {**os.environ, **quiet, "PYTHONUNBUFFERED": "1", **variables}


def line_of(program, marker):
    """The line with the comment ``# here: MARKER`` in a program."""
    lines = (PROGRAMS / program).read_text(encoding="utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if text.endswith(f"# here: {marker}"))
    return line


def printed(text):
    """The counts that a program printed: the words before a number, and the last such number."""
    return {name: int(count) for name, count in re.findall(r"^(\w+) (\d+)$", text, re.MULTILINE)}


@dataclass(frozen=True)
class Process:
    """The files of one process of a recording, read as the schema says and by nothing of the package."""

    folder: Path

    @property
    def events(self):
        found = []
        for line in (self.folder / PROGRAM_FILES["process"]).read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                break
        return found

    def of_kind(self, kind):
        return [event for event in self.events if event["event"] == kind]

    @property
    def calls(self):
        row = np.dtype(list(CALL_FIELDS))
        content = (self.folder / PROGRAM_FILES["calls"]).read_bytes()
        return np.frombuffer(content[: len(content) // row.itemsize * row.itemsize], row)

    @property
    def finished(self):
        """The rows of calls that returned."""
        return self.calls[self.calls["flags"] & RAISED == 0]

    def at(self, line):
        """How many calls were recorded at a line."""
        sites = {event["site"] for event in self.of_kind("site") if event["line"] == line}
        groups = {event["group"] for event in self.of_kind("group") if event["site"] in sites}
        return int(np.isin(self.calls["group"], sorted(groups)).sum())

    @property
    def cold_calls(self):
        return int((self.calls["flags"] & COLD != 0).sum())


class Group(dict):
    """A group of the report, as JSON has it."""

    @property
    def found(self):
        """The causes that were found, most expensive first."""
        return [one["rule"] for one in self["findings"] if one["verdict"] == "found"]

    @property
    def included(self):
        """The causes that are said within the finding of another."""
        return [one["rule"] for one in self["findings"] if one["verdict"] == "included"]

    def finding(self, rule):
        return next(one for one in self["findings"] if one["rule"] == rule)

    @property
    def threads(self):
        """How many calls each thread made, by its name."""
        return {one["thread"]: one["calls"] for one in self["threads"]}

    @property
    def is_whole(self):
        """Whether the phases sum to the median call, to the nanosecond."""
        attribution = self["attribution"]
        return (
            sum(phase["self_ns"] for phase in attribution["phases"])
            == attribution["total_ns"]
            == self["calls"]["warm"]["median_ns"]
            > 0
        )


@dataclass(frozen=True)
class FinishedProgram(Finished):
    """What ``keras-profile run`` left of a program."""

    @property
    def counts(self):
        return printed(self.out)

    @property
    def processes(self):
        return [Process(path) for path in sorted(self.recording.glob("process-*"))]

    @property
    def process(self):
        (process,) = self.processes
        return process

    @property
    def report(self):
        """The report as it was written: standard output is the program's."""
        return json.loads((self.report_folder / "report.json").read_text(encoding="utf-8"))

    def groups_at(self, program, marker):
        """The groups whose site is the marked line of a program."""
        line, name = line_of(program, marker), Path(program).name
        return [
            Group(one)
            for one in self.report["groups"]
            if one["site"]["line"] == line and Path(one["site"]["file"]).name == name
        ]

    def group(self, program, marker):
        """The one group whose site is the marked line."""
        found = self.groups_at(program, marker)
        assert len(found) == 1, [(one["site"], one["count"]) for one in self.report["groups"]]
        return found[0]

    def beside(self, kind):
        """How often Keras did something else between the calls."""
        return sum(one["count"] for one in self.report["program"]["between"] if one["kind"] == kind)


class Running:
    """A program that runs under keras-profile until it is stopped."""

    def __init__(self, command, folder, variables):
        self.folder = folder
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(**variables),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=heed_interrupts,
        )
        self.lines, self._errors = [], []
        self._heard = threading.Condition()
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self.lines), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self._errors), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, lines):
        for line in stream:
            with self._heard:
                lines.append(line)
                self._heard.notify_all()

    def wait_for(self, pattern):
        """The match of the first line of the program's output that has one."""

        def search():
            return next((match for match in map(re.compile(pattern).match, self.lines) if match), None)

        ended = time.monotonic() + PATIENCE
        with self._heard:
            while time.monotonic() < ended:
                found = search()
                if found:
                    return found
                if self.process.poll() is not None and not self._readers[0].is_alive():
                    break
                self._heard.wait(0.5)
        raise AssertionError(f"no line {pattern!r} in {''.join(self.lines)}\n{self.err}")

    def wait_until(self, condition, what):
        """Waits for something that the program does."""
        ended = time.monotonic() + PATIENCE
        while time.monotonic() < ended:
            if condition():
                return
            assert self.process.poll() is None, f"it ended before {what}: {self.err}"
            time.sleep(0.1)
        raise AssertionError(f"not within {PATIENCE} s: {what}")

    def kill(self):
        """Ends what still runs of it, also where keras-profile itself is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def err(self):
        return "".join(self._errors)

    def finish(self):
        """Waits for the end."""
        try:
            self.process.wait(PATIENCE)
        finally:
            self.kill()
        for reader in self._readers:
            reader.join(10)
        return FinishedProgram(self.process.returncode, "".join(self.lines), self.err, self.folder)


def command_of(program, *arguments, options=("--no-try", "--no-replay", "--no-html")):
    """The command line that runs a program of ``tests/programs`` under keras-profile."""
    return [sys.executable, "-m", "keras_profile", "run", *options, str(PROGRAMS / program), *arguments]


def run_program(
    program, *arguments, folder, options=("--no-try", "--no-replay", "--no-html"), stdin="", **variables
):
    """Runs ``keras-profile run [options] program [arguments]`` to its end."""
    command = command_of(program, *arguments, options=options)
    return FinishedProgram(*run(command, folder, stdin, environment(**variables)), folder)
