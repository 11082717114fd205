"""TensorFlow switches that make its calls slower: which are on, for the calling thread.

They are read where their modules keep them. Nothing is imported, no device is looked for, and no
context is made. The names are those of 2.0 to 2.21 unless stated otherwise.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import Any, Callable, Iterator

_DEBUG = "tensorflow.python.debug.lib."


def switched_on() -> dict[str, bool | None]:
    """Returns each switch, and whether it is on; None if this release has no such switch."""
    return {
        "check_numerics": _has_callback("check_numerics_callback"),
        "dump_debug_info": _has_callback("dumping_callback"),
        "op_determinism": _op_determinism(),
        "data_debug_mode": _data_debug_mode(),
        "log_device_placement": _of_context("_log_device_placement"),
        "jit_everywhere": _of_context("_optimizer_jit"),
        "profiler": profiler_runs(),
        "tape": _tape(),
    }


def are_ops_shown() -> bool:
    """Whether an op that is run now would be seen: in a log, in the debugger's dump, or on a tape."""
    on = switched_on()
    return any(on[name] for name in ("check_numerics", "dump_debug_info", "log_device_placement", "tape"))


def on_a_tape(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Returns ``call`` as it is made within ``with tf.GradientTape()``: each call has its own tape."""
    tape = sys.modules["tensorflow"].GradientTape

    def recorded(x: Any) -> Any:
        with tape():
            return call(x)

    return recorded


@contextmanager
def without_debugger() -> Iterator[None]:
    """Hides what runs meanwhile on this thread from TensorFlow's debugger, which goes on after it."""
    module = sys.modules.get("tensorflow.python.eager.context")
    context: Any = getattr(module, "_context", None)
    kept = list(getattr(context, "op_callbacks", ()))
    for callback in kept:
        context.remove_op_callback(callback)
    try:
        yield
    finally:
        for callback in kept:
            context.add_op_callback(callback)


def _has_callback(name: str) -> bool | None:
    """Whether a module of the debugger has its callback, which it keeps for each thread; from 2.1 on."""
    state = getattr(sys.modules.get(_DEBUG + name), "_state", None)
    return None if state is None else hasattr(state, name)


def _op_determinism() -> bool | None:
    """From 2.8 on."""
    config = sys.modules.get("tensorflow.python.framework.config")
    return _answer(getattr(config, "is_op_determinism_enabled", None))


def _data_debug_mode() -> bool | None:
    """From 2.12 on."""
    module = sys.modules.get("tensorflow.python.data.ops.debug_mode")
    on = getattr(module, "DEBUG_MODE", None)
    return None if on is None else bool(on)


def _of_context(name: str) -> bool | None:
    """Whether a setting of the context is on; it is None until somebody sets it."""
    module = sys.modules.get("tensorflow.python.eager.context")
    if module is None:
        return None
    return bool(getattr(getattr(module, "_context", None), name, None))


def profiler_runs() -> bool | None:
    """Whether a trace is being recorded: by the profiler of 2.2 on, or by the one before."""
    names = ("tensorflow.python.profiler.profiler_v2", "tensorflow.python.eager.profiler")
    modules = [sys.modules[name] for name in names if hasattr(sys.modules.get(name), "_profiler")]
    return any(module._profiler is not None for module in modules) if modules else None


def _tape() -> bool | None:
    """Whether a ``GradientTape`` records what this thread calls: by 2.11, and after."""
    for name in ("tensorflow.python.eager.record", "tensorflow.python.eager.tape"):
        asked = getattr(sys.modules.get(name), "could_possibly_record", None)
        if asked is not None:
            return _answer(asked)
    return None


def _answer(function: Any) -> bool | None:
    return None if function is None else bool(function())
