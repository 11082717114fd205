"""TensorFlow's profiler by one interface, whatever the release calls it.

| release | start and stop | annotations | writes |
|---|---|---|---|
| 2.0 | ``eager.profiler`` | ``pywrap_tensorflow.PythonTraceMe`` | ``local.trace`` |
| 2.1 | ``eager.profiler`` | ``profiler.traceme.TraceMe`` | ``local.trace`` |
| 2.2, 2.3 | ``profiler.experimental`` | ``profiler.traceme.TraceMe`` | ``<host>.trace.json.gz`` |
| 2.4 on | ``profiler.experimental`` | ``profiler.experimental.Trace`` | ``<host>.xplane.pb`` |
"""
from __future__ import annotations

import importlib

from . import Unavailable


class ProfilerApi:
    """``start(folder)``, ``stop()``, and ``annotation(name, **metadata)``, a context manager."""

    def __init__(self, start, stop, annotation):
        self.start = start
        self.stop = stop
        self.annotation = annotation


def profiler_api(tensorflow):
    """The profiler of this TensorFlow. Raises :class:`Unavailable` where it has none."""
    profiler = getattr(tensorflow, "profiler", None)
    experimental = getattr(profiler, "experimental", None)
    if hasattr(experimental, "Trace"):
        return ProfilerApi(experimental.start, experimental.stop, experimental.Trace)
    annotation = _annotation()
    if experimental is not None:
        return ProfilerApi(experimental.start, experimental.stop, annotation)
    eager = _module("tensorflow.python.eager.profiler")
    if eager is None:
        raise Unavailable("TensorFlow {} has no profiler that is known here".format(
            tensorflow.__version__))
    folders = []

    def start(folder):
        folders.append(folder)
        eager.start()

    def stop():
        eager.save(folders.pop(), eager.stop())

    return ProfilerApi(start, stop, annotation)


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
