"""The program's own profilers, tracers and monitoring tools: they come first."""

from __future__ import annotations

import sys
import threading
from typing import Any

from ..frameworks.tensorflow.switches import profiler_runs

#: How many tools ``sys.monitoring`` can have, without those that stand for profile and trace functions.
_TOOLS = 6


def in_use() -> str | None:
    """Names what the program has watching this thread, or TensorFlow, just now; None for nothing."""
    profile = sys.getprofile()
    if profile is not None:
        return "a profiler, {}".format(_named(profile))
    trace = sys.gettrace()
    if trace is not None:
        return "a tracer, {}".format(_named(trace))
    # What new threads get; public from Python 3.10 on.
    for name in ("_profile_hook", "_trace_hook"):
        hook = getattr(threading, name, None)
        if hook is not None:
            return "a profiler or tracer of threads, {}".format(_named(hook))
    tool = _monitoring_tool()
    if tool is not None:
        return "a tool of sys.monitoring, {}".format(tool)
    return "TensorFlow's profiler" if profiler_runs() else None


def _monitoring_tool() -> str | None:
    monitoring: Any = getattr(sys, "monitoring", None)
    if monitoring is None:
        return None
    return next((name for name in map(monitoring.get_tool, range(_TOOLS)) if name is not None), None)


def _named(thing: Any) -> str:
    kind = type(thing)
    return str(getattr(thing, "__qualname__", "{}.{}".format(kind.__module__, kind.__qualname__)))
