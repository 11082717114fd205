"""Reports what this interpreter is, to find out whether a recording would work here.

The reports are events of the kind :class:`.protocol.events.Survey`, with what is most likely to work
first: the packages on disk, TensorFlow and its Keras, a model file, then a recording, and what the
profiler makes of its options. So a step that fails, or ends the process, does not affect earlier
reports.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from typing import TYPE_CHECKING, Any, Callable, Iterable

from .facts import environment
from .frameworks.keras import keras_root
from .frameworks.tensorflow.installation import check_keras, find_fix, import_tensorflow, telling_line
from .frameworks.tensorflow.profiler import has_options, tracing
from .protocol import RecorderError, events

if TYPE_CHECKING:
    from .protocol.requests import SurveyRequest

#: The packages that a recording or its viewers depend on, by the names of their folders.
PACKAGES = (
    "tensorflow",
    "tensorflow_cpu",
    "tensorflow_intel",
    "tensorflow_macos",
    "keras",
    "tf_keras",
    "protobuf",
    "numpy",
    "h5py",
    "pyinstrument",
    "setuptools",
    "tensorboard",
    "tensorboard_plugin_profile",
    "xprof",
    "snakeviz",
)

#: All three differ from the defaults, so that a trace shows whether they took effect.
ASKED_OPTIONS = {"host_tracer_level": 1, "python_tracer_level": 1, "device_tracer_level": 0}

#: How a package's folder of metadata is named.
_METADATA = re.compile(r"(?P<name>[\w.]+)-(?P<version>\d[^-]*)(-.*)?\.(dist-info|egg-info)$")

_CLOCK_READINGS, _CLOCK_ROUNDS = 1000, 20


def tell_installed(report: events.Report) -> None:
    """Reports what is installed, and the interpreter itself. Nothing is imported for this."""
    report(
        events.SurveyInstalled(
            python=platform.python_version(),
            implementation=platform.python_implementation(),
            executable=sys.executable,
            packages=installed(sys.path),
            settings=environment.settings(),
            clock_ns=_clock_ns(),
        )
    )


def survey(
    request: SurveyRequest,
    report: events.Report,
    record: Callable[[SurveyRequest, events.Report], object],
) -> None:
    """Reports the rest. In the middle of it, ``record(request, report)`` makes a recording."""
    report(events.Stage(events.IMPORTING))
    tensorflow = import_tensorflow()
    report(events.SurveyTensorFlow(tensorflow.__version__))
    check_keras()
    root = keras_root(tensorflow.keras.Sequential())
    report(events.SurveyFrameworks(environment.describe(root)))
    report(events.Stage("writing and reading a model file"))
    report(_try_model_file(tensorflow, request.folder))
    record(request, report)
    report(events.SurveySampler(_sampler()))
    report(events.Stage("asking the profiler for options"))
    report(_try_options(tensorflow, os.path.join(request.folder, "options")))


def installed(folders: Iterable[str]) -> dict[str, str]:
    """Returns the versions of :data:`PACKAGES` that are found first in ``folders``.

    They are taken from the names of folders, since Python 3.7 has no function for it.
    """
    found: dict[str, str] = {}
    for folder in folders:
        for name in sorted(os.listdir(folder or ".")) if os.path.isdir(folder or ".") else ():
            metadata = _METADATA.match(name)
            if metadata is None:
                continue
            package = metadata.group("name").replace(".", "_").lower()
            if package in PACKAGES:
                found.setdefault(package, metadata.group("version"))
    return found


def _clock_ns() -> int:
    """Returns how long reading the clock takes, in the fastest of several rounds."""
    rounds = []
    for _ in range(_CLOCK_ROUNDS):
        begin = time.perf_counter_ns()
        for _ in range(_CLOCK_READINGS):
            time.perf_counter_ns()
        rounds.append((time.perf_counter_ns() - begin) // _CLOCK_READINGS)
    return min(rounds)


def _try_model_file(tensorflow: Any, folder: str) -> events.SurveyModelFile:
    """Writes and reads an HDF5 file, in which the versions of Keras and h5py must agree."""
    from .workload.target import load

    path = os.path.join(folder, "model.h5")
    try:
        model = tensorflow.keras.Sequential([tensorflow.keras.layers.Dense(1, input_shape=(4,))])
        model.save(path)
        load(path, None, False, False)
    except Exception as error:
        doing = "read" if isinstance(error, RecorderError) else "written"
        fix = find_fix(error.__cause__ or error)
        return events.SurveyModelFile(
            "a model file cannot be {}: {}".format(doing, telling_line(error.__cause__ or error)),
            getattr(error, "advice", ""),
            None if fix is None else fix.described(),
        )
    return events.SurveyModelFile("")


def _sampler() -> str | None:
    """Returns the module that pyinstrument samples with, or None if it is not loaded."""
    sampler: Any = sys.modules.get("pyinstrument.stack_sampler")
    return None if sampler is None else sampler.setstatprofile.__module__


def _try_options(tensorflow: Any, folder: str) -> events.SurveyOptions:
    """Takes a trace in ``folder`` with our options. Returns which were set, or why none were."""
    if not has_options(tensorflow):
        return events.SurveyOptions(None, "this release has no ProfilerOptions")
    try:
        with tracing(tensorflow, folder, ASKED_OPTIONS):
            _traced(tensorflow)
    except Exception as error:
        return events.SurveyOptions(
            None, "the profiler failed under options: {}: {}".format(type(error).__name__, error)
        )
    return events.SurveyOptions(ASKED_OPTIONS)


def _traced(tensorflow: Any) -> Any:
    """A Python function with an op in it, for the trace to show."""
    return tensorflow.constant(1.0) + 1.0
