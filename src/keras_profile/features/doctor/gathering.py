"""Examines an environment and a log folder: gathers the facts that :mod:`.checks` judge.

The facts come from a short recording of the tiny model in the examined interpreter. It is
made and read back like every recording, and then deleted.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ...analysis.attribution.coverage import table_coverage
from ...analysis.attribution.internals import internals_for_recorder
from ...analysis.reports import make_report
from ...errors import KerasProfileError
from ...launch import recorder_process
from ...model.recording import Recording
from ...model.trace import Trace
from ...output.reports import render_page
from ...recorder.protocol import ANNOTATION_PREFIX, FILES, events
from ...recorder.protocol.requests import SurveyRequest
from ...recordings.opened import open_recording, read_run
from ...recordings.readers.pyinstrument import read_pyinstrument
from .checks.engine import make_checkup
from .checkup import (
    CheckRecording,
    Checkup,
    Facts,
    Failure,
    Frameworks,
    Installed,
    LogFolder,
    ModelFile,
    ProfilerOptions,
)
from .log_folder_reader import read_log_folder
from .profile_options import count_python_calls, read_profile_options

_Kind = TypeVar("_Kind")

#: What is recorded: calls under probes, under sampling, and under TensorFlow's profiler.
_CAPTURES = ("spans", "pyinstrument", "tensorflow")
_SECONDS = 1.0
_TINY = Path(__file__).parents[1] / "experiments" / "models" / "tiny.py"
_ENTRY = "predict"

#: The packages other than the page that open recordings, and those that they must fit.
_VIEWERS = (
    "tensorboard",
    "tensorboard_plugin_profile",
    "xprof",
    "setuptools",
    "snakeviz",
    "tensorflow",
    "tensorflow_cpu",
    "tensorflow_intel",
    "tensorflow_macos",
)


def examine(python: str, log_folder: Path | None, listener: recorder_process.Listener) -> Checkup:
    """Returns what every check says about the interpreter ``python``, and about ``log_folder`` if given.

    Raises :class:`KerasProfileError` if the log folder is not a folder.
    """
    looked_through = None if log_folder is None else read_log_folder(log_folder)
    return make_checkup(gather(python, looked_through, listener), python)


def gather(python: str, log_folder: LogFolder | None, listener: recorder_process.Listener) -> Facts:
    """Returns the facts, as far as they can be found out."""
    told: list[events.Survey] = []

    def listen(event: events.Event) -> None:
        if isinstance(event, events.Survey):
            told.append(event)
        elif isinstance(event, (events.Stage, events.Progress)):
            # What is skipped or fails has its own line.
            listener(event)

    facts = Facts(here=_here(), log_folder=log_folder)
    with tempfile.TemporaryDirectory(prefix="keras_profile-doctor-") as scratch:
        folder = Path(scratch)
        try:
            recorder_process.record_in_process(_request(folder), python, listen)
            listener(events.Stage("reading the recording back"))
            made = _check_recording(folder, told)
            facts = replace(facts, recording=made, options=_options(folder, told))
        except KerasProfileError as error:
            if error.kind == "interrupted":
                raise KeyboardInterrupt from error
            facts = replace(facts, failure=_failed(error.message, error.advice, error.fix, error.trace))
    return replace(facts, **_told_facts(told))


def _request(folder: Path) -> SurveyRequest:
    return SurveyRequest(
        folder=str(folder),
        target=f"{_TINY}:build",
        entry=_ENTRY,
        seconds=_SECONDS,
        captures=list(_CAPTURES),
        internals=internals_for_recorder(),
    )


def _here() -> Installed:
    """Returns this interpreter, with the viewers in it."""
    packages = {}
    for name in _VIEWERS:
        try:
            packages[name] = importlib.metadata.version(name.replace("_", "-"))
        except importlib.metadata.PackageNotFoundError:
            continue
    return Installed(sys.executable, platform.python_version(), packages)


def _told(told: list[events.Survey], kind: type[_Kind]) -> _Kind | None:
    """Returns the reported event of a kind; None if the survey did not get that far."""
    return next((one for one in told if isinstance(one, kind)), None)


def _told_facts(told: list[events.Survey]) -> dict[str, Any]:
    """Returns the facts that the recorder reported, before and after it recorded."""
    facts: dict[str, Any] = {}
    installed = _told(told, events.SurveyInstalled)
    if installed is not None:
        facts["installed"] = Installed(
            installed.executable,
            installed.python,
            installed.packages,
            installed.settings,
            installed.clock_ns,
        )
    tensorflow = _told(told, events.SurveyTensorFlow)
    if tensorflow is not None:
        facts["tensorflow"] = tensorflow.version
    frameworks = _told(told, events.SurveyFrameworks)
    if frameworks is not None:
        one = frameworks.environment
        facts["frameworks"] = Frameworks(one["tensorflow"], one["keras"], one["keras_root"], one["backend"])
    model_file = _told(told, events.SurveyModelFile)
    if model_file is not None:
        facts["model_file"] = ModelFile(
            _failed(model_file.message, model_file.advice, model_file.fix) if model_file.message else None
        )
    return facts


def _check_recording(folder: Path, told: list[events.Survey]) -> CheckRecording:
    """Reads back the recording in ``folder``, and makes a page from it."""
    opened = open_recording(folder)
    recording, content = opened.recording, opened.content
    if content.interrupted:
        raise KeyboardInterrupt
    traces = opened.traces
    report = make_report(opened, [])
    sampler = _told(told, events.SurveySampler)
    return CheckRecording(
        captures={outcome.name: outcome for outcome in content.captures},
        calls=Counter(name for name, cold in zip(content.calls.capture, content.calls.cold) if not cold),
        coverage=table_coverage(recording),
        samples=_count_samples(recording),
        sampler=None if sampler is None else sampler.module,
        trace_events=sum(len(line.begin) for trace in traces for line in trace.lines),
        steps=sum(int(found[1].sum()) for found in (trace.steps(_ENTRY) for trace in traces) if found),
        annotated=sorted(
            {
                name
                for trace in traces
                for name in trace.names
                if name.startswith(ANNOTATION_PREFIX) and _occurrences(trace, name)
            }
        ),
        page_bytes=len(render_page(report, opened)),
        unprobed=_unprobed(recording),
    )


def _unprobed(recording: Recording) -> list[str]:
    """Returns the names of the internals that got no probe."""
    spans = next(one for one in recording.content.captures if one.name == "spans")
    return [recording.content.internals[one.internal].qualname for one in spans.details.unprobed or ()]


def _count_samples(recording: Recording) -> int:
    path = recording.folder / FILES["pyinstrument"]
    return len(read_pyinstrument(path).stack) if path.is_file() else 0


def _occurrences(trace: Trace, name: str) -> int:
    """Returns how often an event with that name is on the line that has most of them."""
    if name not in trace.names:
        return 0
    number = trace.names.index(name)
    return max((int((line.name == number).sum()) for line in trace.lines), default=0)


def _options(folder: Path, told: list[events.Survey]) -> ProfilerOptions | None:
    """Returns how the profiler handled its options, from the trace that was taken with them."""
    options = _told(told, events.SurveyOptions)
    if options is None:
        return None
    paths = sorted((folder / "options").rglob("*.xplane.pb"))
    if options.asked is None:
        return ProfilerOptions(None, options.reason)
    if not paths:
        return ProfilerOptions(None, "the trace made with options has no xplane.pb to read them from")
    return ProfilerOptions(
        options.asked,
        told=read_profile_options(paths[0]),
        python_events=sum(count_python_calls(trace) for trace in read_run(paths[0].parent)),
    )


def _failed(message: str, advice: str, fix: dict[str, str] | None, said: str = "") -> Failure:
    if fix is None:
        return Failure(message, advice, said=said)
    return Failure(message, fix["words"], fix["package"], fix["command"], said)
