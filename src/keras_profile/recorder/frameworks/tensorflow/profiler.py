"""TensorFlow's profiler behind one interface, whatever the release calls it.

| release | start and stop | annotations | writes |
|---|---|---|---|
| 2.0 | ``eager.profiler`` | ``pywrap_tensorflow.PythonTraceMe`` | ``local.trace`` |
| 2.1 | ``eager.profiler`` | our own, in a file next to it | ``local.trace`` |
| 2.2, 2.3 | ``profiler.experimental`` | ``profiler.traceme.TraceMe`` | ``<host>.trace.json.gz`` |
| 2.4 on | ``profiler.experimental`` | ``profiler.experimental.Trace`` | ``<host>.xplane.pb`` |

TF 2.1 has a ``TraceMe``, but in a library of its own, in which tracing is never on.
"""

from __future__ import annotations

import glob
import importlib
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Callable

from ...captures import Unavailable
from ...protocol import FILES, MARKER_OP

#: (module, function): what starts and stops the profiler; a process has only one.
CONTROLS = tuple(
    (module, function)
    for module in ("tensorflow.python.profiler.profiler_v2", "tensorflow.python.eager.profiler")
    for function in ("start", "stop")
)


#: For how long no trace starts after the program asked for the profiler, in seconds: it starts meanwhile.
_RESERVED_S = 0.1


class Turns:
    """Who has TensorFlow's profiler, since a process has only one: a trace of the recorder, or the program.

    The program comes first, whichever threads both are on: if it starts or stops the profiler, a trace of
    the recorder ends before, and none starts for a moment.
    """

    def __init__(self) -> None:
        self.forsake()

    def forsake(self) -> None:
        """Forgets everything: in a forked child the threads of the parent's trace are not there."""
        # Held while the recorder starts or stops the profiler, so that nobody meets it half-way.
        self._lock = threading.RLock()
        self._within_own = False
        self._asked_s: float | None = None
        self._holder: object = None
        self._stop: Callable[[], None] | None = None

    def start(self, holder: object, start: Callable[[], None], stop: Callable[[], None]) -> bool:
        """Starts a trace for ``holder``; returns whether it runs: not if the program is starting its own.

        Raises what the profiler raises if it runs already.
        """
        with self._lock:
            if self._asked_s is not None and time.monotonic() - self._asked_s < _RESERVED_S:
                return False
            self._call(start)
            self._holder, self._stop = holder, stop
            return True

    def stop(self, holder: object) -> None:
        """Ends the trace of ``holder``, if it still runs."""
        with self._lock:
            if self._holder is holder and self._stop is not None:
                stop, self._holder, self._stop = self._stop, None, None
                self._call(stop)

    def has(self, holder: object) -> bool:
        """Whether the trace of ``holder`` runs."""
        return self._holder is holder

    def give_way(self) -> None:
        """Ends the recorder's trace, since the program starts or stops the profiler itself."""
        with self._lock:
            if not self._within_own:  # on this thread: the recorder's own calls come by here, too
                self._asked_s = time.monotonic()
                self.stop(self._holder)

    def _call(self, function: Callable[[], None]) -> None:
        self._within_own = True
        try:
            function()
        finally:
            self._within_own = False


TURNS = Turns()


class ProfilerApi:
    """``start(folder)``, ``stop()``, and ``annotation(name, **metadata)``, a context manager.

    ``details()`` is what the recording says about it.
    """

    def __init__(
        self,
        start: Callable[[str], None],
        stop: Callable[[], None],
        annotation: Callable[..., Any],
        details: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self.start = start
        self.stop = stop
        self.annotation = annotation
        self.details = details


def profiler_api(tensorflow: Any) -> ProfilerApi:
    """Returns the profiler of this TensorFlow. Raises :class:`Unavailable` if it has none."""
    experimental = _experimental(tensorflow)
    if experimental is not None:
        annotation = experimental.Trace if hasattr(experimental, "Trace") else _annotation()
        return ProfilerApi(
            lambda folder: experimental.start(_for_tensorflow(folder)), experimental.stop, annotation
        )
    eager = _module("tensorflow.python.eager.profiler")
    if eager is None:
        raise Unavailable("TensorFlow {} has no profiler that is known here".format(tensorflow.__version__))
    folders: list[str] = []
    own = None
    if hasattr(_module("tensorflow.python.profiler.traceme"), "_pywrap_traceme"):
        own = _OwnAnnotations(tensorflow)

    def start(folder: str) -> None:
        folders.append(folder)
        eager.start()
        if own is not None:
            own.start()

    def stop() -> None:
        if own is not None:
            own.stop()
        folder = folders.pop()
        eager.save(folder, eager.stop())
        if own is not None:
            own.save(folder)

    if own is not None:
        return ProfilerApi(start, stop, own.annotation, own.details)
    return ProfilerApi(start, stop, _annotation())


def has_options(tensorflow: Any) -> bool:
    """Whether the profiler can be told what to trace: from 2.3 on."""
    return hasattr(_experimental(tensorflow), "ProfilerOptions")


@contextmanager
def tracing(tensorflow: Any, folder: str, options: Mapping[str, int]) -> Iterator[None]:
    """Traces what runs within into ``folder``, under these options."""
    experimental = _experimental(tensorflow)
    experimental.start(_for_tensorflow(folder), options=experimental.ProfilerOptions(**options))
    try:
        yield
    finally:
        experimental.stop()


def _for_tensorflow(folder: str) -> Any:
    """Returns a folder's name as TensorFlow takes it: as bytes if it is not valid text."""
    try:
        folder.encode()
    except UnicodeEncodeError:
        return os.fsencode(folder)
    return folder


def _experimental(tensorflow: Any) -> Any:
    return getattr(getattr(tensorflow, "profiler", None), "experimental", None)


def _annotation() -> Callable[..., Any]:
    traceme = _module("tensorflow.python.profiler.traceme")
    if traceme is not None:
        return traceme.TraceMe  # type: ignore[no-any-return]
    pywrap = _module("tensorflow.python.pywrap_tensorflow")
    if hasattr(pywrap, "PythonTraceMe"):
        return lambda name, **metadata: _BareAnnotation(pywrap.PythonTraceMe, name, metadata)
    raise Unavailable("this TensorFlow cannot annotate its trace")


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class _BareAnnotation:
    """TF 2.0's annotation as a context manager, with metadata as later releases encode it."""

    def __init__(self, kind: Callable[[str], Any], name: str, metadata: dict[str, Any]) -> None:
        if metadata:
            name += "#" + ",".join("{}={}".format(*item) for item in sorted(metadata.items())) + "#"
        self._traceme = kind(name)

    def __enter__(self) -> None:
        self._traceme.Enter()

    def __exit__(self, *error: object) -> None:
        self._traceme.Exit()


class _OwnAnnotations:
    """Annotations timed here and written next to the trace, for a release that has none.

    An op that nothing else uses is run at the start and at the end, and timed: its events
    in the trace lie within these times, which ties the two clocks together.
    """

    MARKERS = 5

    def __init__(self, tensorflow: Any) -> None:
        self._run = getattr(tensorflow.raw_ops, MARKER_OP)
        self._operand = tensorflow.constant(1, dtype=tensorflow.uint8)
        self._run(x=self._operand)
        self._error_ns = 0
        self._events: list[tuple[str, int, int]] = []
        self._markers: list[tuple[int, int]] = []

    def start(self) -> None:
        self._events, self._markers = [], []
        self._mark()

    def stop(self) -> None:
        self._mark()

    def annotation(self, name: str, **metadata: Any) -> _OwnAnnotation:
        return _OwnAnnotation(self._events, name)

    def details(self) -> dict[str, Any]:
        return {"annotation_error_ns": self._error_ns}

    def save(self, folder: str) -> None:
        content = {"marker": MARKER_OP, "markers": self._markers, "annotations": self._events}
        for trace in glob.glob(os.path.join(glob.escape(folder), "plugins", "profile", "*", "local.trace")):
            path = os.path.join(os.path.dirname(trace), FILES["annotations"])
            with open(path, "w", encoding="utf-8") as file:
                json.dump(content, file)
        # The trace is in whole microseconds; each pair of times bounds how far it is off.
        narrowest = min(after - before for before, after in self._markers)
        self._error_ns = max(self._error_ns, (narrowest + 1000) // 2)

    def _mark(self) -> None:
        for _ in range(self.MARKERS):
            before = time.time_ns()
            self._run(x=self._operand)
            self._markers.append((before, time.time_ns()))
            time.sleep(0.0005)


class _OwnAnnotation:
    def __init__(self, events: list[tuple[str, int, int]], name: str) -> None:
        self._events = events
        self._name = name

    def __enter__(self) -> None:
        self._begin = time.time_ns()

    def __exit__(self, *error: object) -> None:
        self._events.append((self._name, self._begin, time.time_ns()))
