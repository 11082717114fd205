"""What is traced in warm calls: which functions, for which arguments, from which line.

In all releases a backend builds graphs with one function. It is watched for a few calls that
are not measured. Spans show what tracing costs; this shows why it happens.
"""

from __future__ import annotations

import sys
from typing import Any

from ..frameworks import tensorflow as backend
from ..probes.watching import Unwatchable, Watch, WatchedFunction
from ..user_frames import users_line

#: How many traces are described of a call: a fault that causes more is known by then.
_MOST = 50
#: How many are kept with their sizes alone, which are counted.
_MOST_SIZES = 10_000


class Traces:
    """Collects traces while it is open: ``with traces: call()``. Not reentrant, and one at a time.

    With ``sizes_only`` it records only each graph's function and size, which is cheap
    enough for a call that is measured. If the backend is not loaded, nothing is traced. In a program
    it has no frame on the stack while a graph is built; ``error`` is what failed in it, if anything.
    """

    def __init__(self, sizes_only: bool = False, in_program: bool = False) -> None:
        self._sizes_only = sizes_only
        self._in_program = in_program
        self._put_back: tuple[Any, str, Any] | None = None
        self._watched: WatchedFunction | None = None
        self._calls: list[list[dict[str, Any]]] = []
        self.error: Exception | None = None

    @staticmethod
    def are_possible() -> bool:
        """Whether a backend that traces is loaded in the process."""
        return backend.graph_builder() is not None

    def __enter__(self) -> Traces:
        call: list[dict[str, Any]] = []
        self._calls.append(call)
        builder = backend.graph_builder()
        if builder is None:
            return self
        module, name = builder
        original = getattr(module, name)
        if self._in_program and self._watch(original):
            return self

        def traced(*arguments: Any, **options: Any) -> Any:
            graph = original(*arguments, **options)
            self.built(graph, sys._getframe(1), arguments, options)
            return graph

        setattr(module, name, traced)
        self._put_back = (module, name, original)
        return self

    def __exit__(self, *error: object) -> None:
        watched, self._watched = self._watched, None
        if watched is not None:
            watched.remove()
            _OPEN[:] = []
        if self._put_back is not None:
            setattr(*self._put_back)
            self._put_back = None

    def _watch(self, function: Any) -> bool:
        """Whether the function itself reports when it is called."""
        if id(function) not in _WATCHED:
            try:
                _WATCHED[id(function)] = WatchedFunction(function, Watch(_Building, _built))
            except Unwatchable:
                return False
        self._watched = _WATCHED[id(function)]
        _OPEN[:] = [self]
        self._watched.install()
        return True

    def built(self, graph: Any, frame: Any, arguments: Any, options: Any) -> None:
        """Notes a graph that was built for the call in ``frame``."""
        call = self._calls[-1]
        if len(call) >= (_MOST_SIZES if self._sizes_only else _MOST):
            return
        try:
            call.append(self._describe(graph, frame, arguments, options))
        except Exception as error:
            self.error = error

    def _describe(self, graph: Any, frame: Any, arguments: Any, options: Any) -> dict[str, Any]:
        if self._sizes_only:
            return backend.size_of_trace(graph, *arguments, **options)
        described = backend.describe_trace(graph, frame, *arguments, **options)
        return dict(described, where=users_line(frame))

    def describe(self) -> list[list[dict[str, Any]]]:
        """Returns a list per call: each trace's function, arguments, line, and the size of its graph."""
        return self._calls


#: Watched functions, which are kept, by their identity.
_WATCHED: dict[int, WatchedFunction] = {}
#: Those that watch from within and are open now.
_OPEN: list[Traces] = []
#: What the functions that are building graphs now were given, by the identity of their frames.
_BUILDING: dict[int, tuple[Any, ...]] = {}


class _Building:
    """The context that a graph is built in."""

    def __init__(self, arguments: tuple[Any, ...], options: Any = None) -> None:
        self._frame = id(sys._getframe(1))
        _BUILDING[self._frame] = arguments

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        _BUILDING.pop(self._frame, None)


def _built(graph: Any) -> Any:
    frame: Any = sys._getframe(1)
    arguments = _BUILDING.get(id(frame))
    for traces in _OPEN:
        if arguments is not None:
            traces.built(graph, frame.f_back, arguments, {})
    return graph
