"""TensorFlow's profiler by one interface, whatever the release calls it.

| release | start and stop | annotations | writes |
|---|---|---|---|
| 2.0 | ``eager.profiler`` | ``pywrap_tensorflow.PythonTraceMe`` | ``local.trace`` |
| 2.1 | ``eager.profiler`` | our own, in a file beside | ``local.trace`` |
| 2.2, 2.3 | ``profiler.experimental`` | ``profiler.traceme.TraceMe`` | ``<host>.trace.json.gz`` |
| 2.4 on | ``profiler.experimental`` | ``profiler.experimental.Trace`` | ``<host>.xplane.pb`` |

TF 2.1 has a ``TraceMe``, but in a library of its own, in which tracing is never on.
"""

from __future__ import annotations

import glob
import importlib
import json
import os
import time

from ..protocol import FILES, MARKER_OP
from . import Unavailable


class ProfilerApi:
    """``start(folder)``, ``stop()``, and ``annotation(name, **metadata)``, a context manager.

    ``details()`` is what the recording says of it.
    """

    def __init__(self, start, stop, annotation, details=dict):
        self.start = start
        self.stop = stop
        self.annotation = annotation
        self.details = details


def profiler_api(tensorflow):
    """The profiler of this TensorFlow. Raises :class:`Unavailable` where it has none."""
    profiler = getattr(tensorflow, "profiler", None)
    experimental = getattr(profiler, "experimental", None)
    if hasattr(experimental, "Trace"):
        return ProfilerApi(experimental.start, experimental.stop, experimental.Trace)
    if experimental is not None:
        return ProfilerApi(experimental.start, experimental.stop, _annotation())
    eager = _module("tensorflow.python.eager.profiler")
    if eager is None:
        raise Unavailable("TensorFlow {} has no profiler that is known here".format(tensorflow.__version__))
    folders = []
    own = None
    if hasattr(_module("tensorflow.python.profiler.traceme"), "_pywrap_traceme"):
        own = _OwnAnnotations(tensorflow)

    def start(folder):
        folders.append(folder)
        eager.start()
        if own is not None:
            own.start()

    def stop():
        if own is not None:
            own.stop()
        folder = folders.pop()
        eager.save(folder, eager.stop())
        if own is not None:
            own.save(folder)

    if own is not None:
        return ProfilerApi(start, stop, own.annotation, own.details)
    return ProfilerApi(start, stop, _annotation())


def _annotation():
    traceme = _module("tensorflow.python.profiler.traceme")
    if traceme is not None:
        return traceme.TraceMe
    pywrap = _module("tensorflow.python.pywrap_tensorflow")
    if hasattr(pywrap, "PythonTraceMe"):
        return lambda name, **metadata: _BareAnnotation(pywrap.PythonTraceMe, name, metadata)
    raise Unavailable("this TensorFlow cannot annotate its trace")


def _module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class _BareAnnotation:
    """TF 2.0's annotation as a context manager, with metadata as later releases encode it."""

    def __init__(self, kind, name, metadata):
        if metadata:
            name += "#" + ",".join("{}={}".format(*item) for item in sorted(metadata.items())) + "#"
        self._traceme = kind(name)

    def __enter__(self):
        self._traceme.Enter()

    def __exit__(self, *error):
        self._traceme.Exit()


class _OwnAnnotations:
    """Annotations timed here and written beside the trace, for a release that has none.

    An op that nothing else uses is run at the start and at the end, and timed: its events
    in the trace lie within these times, which ties the two clocks together.
    """

    MARKERS = 5

    def __init__(self, tensorflow):
        self._run = getattr(tensorflow.raw_ops, MARKER_OP)
        self._operand = tensorflow.constant(1, dtype=tensorflow.uint8)
        self._run(x=self._operand)
        self._error_ns = 0
        self._events, self._markers = [], []

    def start(self):
        self._events, self._markers = [], []
        self._mark()

    def stop(self):
        self._mark()

    def annotation(self, name, **metadata):
        return _OwnAnnotation(self._events, name)

    def details(self):
        return {"annotation_error_ns": self._error_ns}

    def save(self, folder):
        content = {"marker": MARKER_OP, "markers": self._markers, "annotations": self._events}
        for trace in glob.glob(os.path.join(glob.escape(folder), "plugins", "profile", "*", "local.trace")):
            with open(os.path.join(os.path.dirname(trace), FILES["annotations"]), "w") as file:
                json.dump(content, file)
        # The trace is in whole microseconds; each pair of times bounds how far it is off.
        narrowest = min(after - before for before, after in self._markers)
        self._error_ns = max(self._error_ns, (narrowest + 1000) // 2)

    def _mark(self):
        for _ in range(self.MARKERS):
            before = time.time_ns()
            self._run(x=self._operand)
            self._markers.append((before, time.time_ns()))
            time.sleep(0.0005)


class _OwnAnnotation:
    def __init__(self, events, name):
        self._events = events
        self._name = name

    def __enter__(self):
        self._begin = time.time_ns()

    def __exit__(self, *error):
        self._events.append((self._name, self._begin, time.time_ns()))
