"""Profiles many workloads in few processes: importing TensorFlow takes longer than most of them.

A :class:`Recorder` is one process of an interpreter, in which the real recorder runs one request
after the other. The options are those of ``keras-profile profile`` and parsed by its own parser, and
reports are made by the pipeline, so that what differs from a run by a user is the process alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from keras_profile.analysis.reports import make_report
from keras_profile.api.options import ProfileOptions
from keras_profile.api.profiling import recording_request
from keras_profile.cli.commands import try_recipes
from keras_profile.cli.options import given
from keras_profile.cli.parser import make_parser
from keras_profile.launch import recorder_process
from keras_profile.recorder.protocol.requests import Request
from keras_profile.recordings.folders import new_folder
from keras_profile.recordings.names import TRACES
from keras_profile.recordings.opened import open_recording
from keras_profile.recordings.writing import encode_json

from .commands import PATIENCE, Finished, keras_profile

RECORDER = recorder_process.RECORDER
PROGRAM = Path(__file__).with_name("recorder_process.py")
#: What needs a process of its own: a terminal on its standard output, or several processes.
ALONE = {"--verbose-predict", "--isolate"}


@dataclass(frozen=True)
class Profiled:
    """The report of a workload, as JSON has it, and the folder of its recording."""

    report: dict[str, Any]
    recording: Path

    def finding(self, rule: str) -> dict[str, Any]:
        """What was found of a rule."""
        return next(one for one in self.report["findings"] if one["rule"] == rule)

    @property
    def found(self) -> list[str]:
        """The causes that were found, the most expensive first."""
        return [one["rule"] for one in self.report["findings"] if one["verdict"] == "found"]


class Recorder:
    """One process that records, started with its first job. Equal workloads are recorded once."""

    def __init__(self, new_folder: Callable[[], Path], python: str, variables: Mapping[str, str]) -> None:
        self._new_folder = new_folder
        self._python = python
        self._variables = dict(variables)
        self._process: subprocess.Popen[bytes] | None = None
        self._made: dict[tuple[str, ...], Profiled] = {}

    def profile(self, target: str, *options: str, alone: bool = False) -> Profiled:
        """Profiles ``target`` with these options of ``keras-profile profile``.

        ``alone`` gives it a process of its own, and with it the whole command line: for what
        changes its process for good, and for what must be measured in a new one.
        """
        key = (target, *options, str(alone))
        if key not in self._made:
            alone = alone or bool(ALONE & set(options))
            self._made[key] = (self._by_command if alone else self._by_request)(target, *options)
        return self._made[key]

    def _by_command(self, *arguments: str) -> Profiled:
        no_trials = [] if "--recipes" in arguments else ["--no-try"]
        finished = self.command("profile", *arguments, "--json", *no_trials, "--no-html", "--quiet")
        assert finished.code == 0, finished.err
        return Profiled(finished.report, finished.recording)

    def command(self, *arguments: str) -> Finished:
        """Runs a command of keras-profile that records in this interpreter."""
        python = () if self._python == sys.executable else ("--python", self._python)
        return keras_profile(*arguments, *python, folder=self._new_folder(), **self._variables)

    def _by_request(self, *arguments: str) -> Profiled:
        tries = "--recipes" in arguments
        options = make_parser().parse_args(["profile", *arguments, *([] if tries else ["--no-try"])])
        folder = new_folder(self._new_folder() / TRACES, "recording")
        wanted = given(options, ProfileOptions())
        request = recording_request(folder, options.target, wanted)
        self._do(request)
        trials = wanted.trials(wanted.trial_seconds) if tries else None
        if trials is not None:
            self._do(request.trying(trials))
        return Profiled(json.loads(encode_json(make_report(open_recording(folder)))), folder)

    def try_recipes(self, target: str, *options: str) -> list[dict[str, Any]]:
        """The comparisons that ``keras-profile try`` reports for ``target`` with these options.

        Equal ones are measured once. A recipe that hangs is not given up here, it fails the test.
        """
        key = ("try", target, *options)
        if key not in self._made:
            wanted = given(make_parser().parse_args(["try", target, *options]), try_recipes.DEFAULTS)
            folder = new_folder(self._new_folder() / TRACES, "recording")
            request = recording_request(folder, target, wanted)
            self._do(request)
            trials = wanted.trials(wanted.trial_seconds)
            assert trials is not None
            self._do(request.trying(trials))
            report = json.loads(encode_json(make_report(open_recording(folder), [])))
            self._made[key] = Profiled(report, folder)
        return self._made[key].report["comparisons"]

    def _do(self, request: Request) -> None:
        """Has a request done. It must not fail."""
        if self._process is None:
            self._start()
        folder = Path(request.folder)
        file = folder.parents[1] / "request.json"
        file.write_text(request.to_json())
        log = folder / "output.log"
        job = {"folder": str(folder.parents[1]), "request": str(file), "log": str(log)}
        events = self._events_of(job)
        errors = [event for event in events if event["event"] == "error"]
        if errors or not events or events[-1] != {"event": "finished", "code": 0}:
            self.stop()  # the next request gets a new process
            said = log.read_text(errors="replace")[-3000:] if log.exists() else ""
            raise AssertionError(f"the recorder failed: {errors or events[-1:]}\n{said}")

    def _events_of(self, job: dict[str, str]) -> list[dict[str, Any]]:
        """What the process tells of a job, up to ``finished`` or its death."""
        events = []
        hangs = threading.Timer(PATIENCE, self._kill)
        hangs.start()
        try:
            self._jobs.write(json.dumps(job) + "\n")
            self._jobs.flush()
            for line in self._events:
                events.append(json.loads(line))
                if events[-1]["event"] == "finished":
                    break
        except BrokenPipeError:  # it died before this job
            pass
        finally:
            hangs.cancel()
        return events

    def _start(self) -> None:
        jobs, ours = os.pipe()
        out, theirs = os.pipe()
        self._process = subprocess.Popen(
            [self._python, str(PROGRAM), str(RECORDER), str(jobs), str(theirs)],
            pass_fds=(jobs, theirs),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **self._variables},
            start_new_session=True,
        )
        os.close(jobs)
        os.close(theirs)
        self._jobs: IO[str] = os.fdopen(ours, "w")
        self._events: IO[str] = os.fdopen(out)

    def stop(self) -> None:
        """Ends the process, and those that it started."""
        if self._process is None:
            return
        self._kill()
        self._process.wait()
        for channel in (self._jobs, self._events):
            with suppress(BrokenPipeError):  # nobody reads the rest
                channel.close()
        self._process = None

    def _kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
