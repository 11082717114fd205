"""Probes with ``sys.monitoring`` (PEP 669), for Python 3.12 and later."""

from __future__ import annotations

import sys
from types import CodeType
from typing import TYPE_CHECKING, Any, Sequence

if TYPE_CHECKING:
    from .hooks import Hooks
    from .resolving import Target

#: The tool id of profilers is left to cProfile; 3 and 4 are not assigned.
#: https://docs.python.org/3.12/library/sys.monitoring.html#registering-and-using-tools
_FREE_TOOL_IDS = (4, 3)


class MonitoringProbes:
    """Probes on targets (:class:`.resolving.Target`), reported to ``hooks``."""

    mechanism = "monitoring"
    unprobed: Sequence[tuple[Target, str]] = ()

    def __init__(self, targets: Sequence[Target], hooks: Hooks) -> None:
        self._codes = [target.code for target in targets]
        # By identity: equal code objects of different functions compare equal, and
        # hashing one walks its whole bytecode.
        self._ids = {id(target.code): target.internal for target in targets}
        self._hooks = hooks
        self._tool: int | None = None

    def install(self) -> None:
        monitoring = _monitoring()
        for tool in _FREE_TOOL_IDS:
            if monitoring.get_tool(tool) is None:
                monitoring.use_tool_id(tool, "keras_profile")
                break
        else:
            raise RuntimeError("both free tool ids of sys.monitoring are taken by other tools")
        self._tool = tool
        events = monitoring.events
        ids, hooks = self._ids, self._hooks
        enter, resume, leave = hooks.enter, hooks.resume, hooks.leave

        def on_enter(code: CodeType, _offset: int) -> None:
            enter(ids[id(code)])

        def on_resume(code: CodeType, _offset: int) -> None:
            resume(ids[id(code)])

        def on_leave(code: CodeType, _offset: int, _value: Any) -> None:
            leave(ids[id(code)])

        # Before Python 3.15, throwing into a generator and unwinding cannot be watched for a
        # single code object, so these see every frame that an exception leaves.
        def on_throw(code: CodeType, _offset: int, _exception: BaseException) -> None:
            internal = ids.get(id(code))
            if internal is not None:
                resume(internal)

        def on_unwind(code: CodeType, _offset: int, _exception: BaseException) -> None:
            internal = ids.get(id(code))
            if internal is not None:
                leave(internal)

        monitoring.register_callback(tool, events.PY_START, on_enter)
        monitoring.register_callback(tool, events.PY_RESUME, on_resume)
        monitoring.register_callback(tool, events.PY_RETURN, on_leave)
        monitoring.register_callback(tool, events.PY_YIELD, on_leave)
        monitoring.register_callback(tool, events.PY_THROW, on_throw)
        monitoring.register_callback(tool, events.PY_UNWIND, on_unwind)
        local = events.PY_START | events.PY_RESUME | events.PY_RETURN | events.PY_YIELD
        for code in self._codes:
            monitoring.set_local_events(tool, code, local)
        monitoring.set_events(tool, events.PY_THROW | events.PY_UNWIND)

    def remove(self) -> None:
        tool, self._tool = self._tool, None
        if tool is None:
            return
        monitoring = _monitoring()
        monitoring.set_events(tool, 0)
        for code in self._codes:
            monitoring.set_local_events(tool, code, 0)
        for event in ("PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "PY_THROW", "PY_UNWIND"):
            monitoring.register_callback(tool, getattr(monitoring.events, event), None)
        monitoring.free_tool_id(tool)

    def internal_entered(self, code: CodeType) -> int | None:
        """Returns None: in programs, whose functions are watched, these probes are not used."""
        return None

    def close(self) -> None:
        """Does nothing: once monitoring is removed, nothing of it is left."""
        self.remove()


def _monitoring() -> Any:
    """Returns ``sys.monitoring``, which the Python version of the type checks may not have."""
    return getattr(sys, "monitoring")  # noqa: B009
