"""What is traced in warm calls: which functions, for which arguments, from which line.

A backend builds graphs by one function in all releases, which is wrapped for a few calls that
are not measured. Spans tell what tracing costs; this tells why it happens.
"""

from __future__ import annotations

import sys
from typing import Any

from ..frameworks import tensorflow as backend
from ..user_frames import users_line

#: Traces that are kept of a call: a fault that traces more is known by then.
_MOST = 50


class Traces:
    """Collects traces while it is open: ``with traces: call()``. Not reentrant.

    With ``sizes_only`` it tells each graph's function and size alone, which is cheap
    enough for a call that is measured. Where the backend is not loaded nothing is traced.
    """

    def __init__(self, sizes_only: bool = False) -> None:
        self._sizes_only = sizes_only
        self._put_back: tuple[Any, str, Any] | None = None
        self._calls: list[list[dict[str, Any]]] = []

    @staticmethod
    def are_possible() -> bool:
        """Whether a backend that traces is in the process."""
        return backend.graph_builder() is not None

    def __enter__(self) -> Traces:
        call: list[dict[str, Any]] = []
        self._calls.append(call)
        builder = backend.graph_builder()
        if builder is None:
            return self
        module, name = builder
        original = getattr(module, name)

        def traced(*arguments: Any, **options: Any) -> Any:
            graph = original(*arguments, **options)
            if len(call) < _MOST:
                call.append(self._describe(graph, sys._getframe(1), arguments, options))
            return graph

        setattr(module, name, traced)
        self._put_back = (module, name, original)
        return self

    def __exit__(self, *error: object) -> None:
        if self._put_back is not None:
            setattr(*self._put_back)
            self._put_back = None

    def _describe(self, graph: Any, frame: Any, arguments: Any, options: Any) -> dict[str, Any]:
        if self._sizes_only:
            return backend.size_of_trace(graph, *arguments, **options)
        described = backend.describe_trace(graph, frame, *arguments, **options)
        return dict(described, where=users_line(frame))

    def describe(self) -> list[list[dict[str, Any]]]:
        """A list a call: each trace's function, arguments, line, and the size of its graph."""
        return self._calls
