"""Examines an environment and a log folder: gathers the facts that :mod:`.checks` judge.

The facts come from a short recording of the tiny model in the interpreter in question,
made as every recording is, read back as every recording is, and thrown away.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...analysis.attribution.coverage import table_coverage
from ...analysis.attribution.internals import internals_for_recorder
from ...analysis.reports import make_report
from ...errors import KerasProfileError
from ...launch import recorder_process
from ...model.recording import Recording
from ...model.trace import Trace
from ...output.reports import render_page
from ...recorder.protocol import ANNOTATION_PREFIX, FILES, Request
from ...recordings.opened import open_recording, read_run
from ...recordings.readers.pyinstrument import read_pyinstrument
from .checks.engine import make_checkup
from .checkup import (
    Checkup,
    Facts,
    Failure,
    Frameworks,
    Installed,
    LogFolder,
    ModelFile,
    ProfilerOptions,
    Trial,
)
from .log_folder_reader import read_log_folder
from .profile_options import count_python_calls, read_profile_options

#: What is recorded: calls under probes, under sampling, and under TensorFlow's profiler.
_CAPTURES = ("spans", "pyinstrument", "tensorflow")
_SECONDS = 1.0
_TINY = Path(__file__).parents[1] / "experiments" / "models" / "tiny.py"
_ENTRY = "predict"

#: What opens recordings beside the page, and what that must suit.
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
    """What every check says of the interpreter ``python``, and of ``log_folder`` if given.

    Raises :class:`KerasProfileError` where the log folder is none.
    """
    looked_through = None if log_folder is None else read_log_folder(log_folder)
    return make_checkup(gather(python, looked_through, listener), python)


def gather(python: str, log_folder: LogFolder | None, listener: recorder_process.Listener) -> Facts:
    """The facts, as far as they can be found out."""
    told: dict[str, dict[str, Any]] = {}

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "survey":
            told[event["part"]] = event
        elif event["event"] in ("stage", "progress"):
            # What is skipped or fails has a line of its own.
            listener(event)

    facts = Facts(here=_here(), log_folder=log_folder)
    with tempfile.TemporaryDirectory(prefix="keras_profile-doctor-") as scratch:
        folder = Path(scratch)
        try:
            recorder_process.record_in_process(_request(folder), python, listen)
            listener({"event": "stage", "text": "reading the recording back"})
            facts = replace(facts, trial=_trial(folder, told), options=_options(folder, told))
        except KerasProfileError as error:
            if error.kind == "interrupted":
                raise KeyboardInterrupt from error
            facts = replace(facts, failure=_failed(error.message, error.advice, error.mending, error.trace))
    return replace(facts, **_told_facts(told))


def _request(folder: Path) -> Request:
    return Request(
        folder=str(folder),
        target=f"{_TINY}:build",
        entry=_ENTRY,
        seconds=_SECONDS,
        captures=list(_CAPTURES),
        internals=internals_for_recorder(),
        survey=True,
    )


def _here() -> Installed:
    """This interpreter, with the viewers in it."""
    packages = {}
    for name in _VIEWERS:
        try:
            packages[name] = importlib.metadata.version(name.replace("_", "-"))
        except importlib.metadata.PackageNotFoundError:
            continue
    return Installed(sys.executable, platform.python_version(), packages)


def _told_facts(told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The facts that the recorder told of, before and after it recorded."""
    facts: dict[str, Any] = {}
    if "installed" in told:
        one = told["installed"]
        facts["installed"] = Installed(
            one["executable"], one["python"], one["packages"], one["settings"], one["clock_ns"]
        )
    if "tensorflow" in told:
        facts["tensorflow"] = told["tensorflow"]["version"]
    if "frameworks" in told:
        one = told["frameworks"]
        facts["frameworks"] = Frameworks(one["tensorflow"], one["keras"], one["keras_root"], one["backend"])
    if "model_file" in told:
        one = told["model_file"]
        facts["model_file"] = ModelFile(
            _failed(one["message"], one["advice"], one["mending"]) if one["message"] else None
        )
    return facts


def _trial(folder: Path, told: dict[str, dict[str, Any]]) -> Trial:
    """The recording in ``folder``, read back, and a page made of it."""
    opened = open_recording(folder)
    recording, content = opened.recording, opened.content
    if content.interrupted:
        raise KeyboardInterrupt
    traces = opened.traces
    report = make_report(opened, [])
    return Trial(
        captures={outcome.name: outcome for outcome in content.captures},
        calls=Counter(name for name, cold in zip(content.calls.capture, content.calls.cold) if not cold),
        coverage=table_coverage(recording),
        samples=_count_samples(recording),
        sampler=told.get("sampler", {}).get("module"),
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
    """The names of the internals that got no probe."""
    spans = next(one for one in recording.content.captures if one.name == "spans")
    return [recording.content.internals[one.internal].qualname for one in spans.details.unprobed or ()]


def _count_samples(recording: Recording) -> int:
    path = recording.folder / FILES["pyinstrument"]
    return len(read_pyinstrument(path).stack) if path.is_file() else 0


def _occurrences(trace: Trace, name: str) -> int:
    """How often an event of that name is on the line that has most of them."""
    if name not in trace.names:
        return 0
    number = trace.names.index(name)
    return max((int((line.name == number).sum()) for line in trace.lines), default=0)


def _options(folder: Path, told: dict[str, dict[str, Any]]) -> ProfilerOptions | None:
    """What the profiler made of its options, by the trace that was taken with them."""
    if "options" not in told:
        return None
    asked, reason = told["options"]["asked"], told["options"]["reason"]
    paths = sorted((folder / "options").rglob("*.xplane.pb"))
    if asked is None:
        return ProfilerOptions(None, reason)
    if not paths:
        return ProfilerOptions(None, "the trace under options has no xplane.pb to read them back from")
    return ProfilerOptions(
        asked,
        told=read_profile_options(paths[0]),
        python_events=sum(count_python_calls(trace) for trace in read_run(paths[0].parent)),
    )


def _failed(message: str, advice: str, mending: dict[str, str] | None, said: str = "") -> Failure:
    if mending is None:
        return Failure(message, advice, said=said)
    return Failure(message, mending["words"], mending["package"], mending["command"], said)
