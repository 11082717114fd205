"""``tf.function``: what it is made of in each release, and what is traced for whom."""

from __future__ import annotations

import sys
from typing import Any

from ...protocol.frameworks import DEVICE_FUNCTIONS, GRAPH_BUILDER, PIPELINE_FUNCTION
from .constant_work import scopes_of_work
from .data_movement import moved_data

#: (module, class): what ``tf.function`` returns, up to 2.9 and after; and concrete functions, which
#: signatures are, up to 2.9, up to 2.13 and after. A call of either is watched.
FUNCTIONS = (
    ("tensorflow.python.eager.def_function", "Function"),
    ("tensorflow.python.eager.polymorphic_function.polymorphic_function", "Function"),
)
CONCRETE_FUNCTIONS = (
    ("tensorflow.python.eager.function", "ConcreteFunction"),
    ("tensorflow.python.eager.polymorphic_function.monomorphic_function", "ConcreteFunction"),
    ("tensorflow.python.eager.polymorphic_function.concrete_function", "ConcreteFunction"),
)
#: (module, function): what loads a SavedModel.
LOADERS = (("tensorflow.python.saved_model.load", "load"),)

#: All of the above.
WATCHED = FUNCTIONS + CONCRETE_FUNCTIONS + LOADERS

#: Ops that TensorFlow's debugger puts after each op of a graph; from 2.1 on.
_CHECKS = ("CheckNumericsV2", "DebugNumericSummaryV2", "DebugIdentityV2", "DebugIdentityV3")

#: Ops that run a function repeatedly, and how many of a graph are kept.
_LOOPS = ("While", "StatelessWhile")
_MOST_LOOPS = 50

#: The names of what wraps a function before it is traced: they say nothing.
_WRAPPERS = ("wrapped_fn", "<lambda>")


def python_function(function: Any) -> Any:
    """Returns the user's function that a ``tf.function`` was made from; None for other things."""
    return getattr(function, "python_function", None)


def compiled_by_xla(function: Any) -> bool | None:
    """Whether XLA compiles a ``tf.function``; None for other things, and if that was not set."""
    # The second is the name before TensorFlow 2.5.
    for name in ("_jit_compile", "_experimental_compile"):
        asked = getattr(function, name, None)
        if isinstance(asked, bool):
            return asked
    return None


def decorated(thing: Any) -> Any:
    """Returns what is under a TensorFlow decorator; None for other things."""
    decorator = getattr(thing, "_tf_decorator", None)
    return None if decorator is None else decorator.decorated_target


def graph_builder() -> tuple[Any, str] | None:
    """Returns the module that builds every graph and the name of its function; None if not loaded."""
    module, name = GRAPH_BUILDER
    loaded = sys.modules.get(module)
    return None if loaded is None else (loaded, name)


def size_of_trace(graph: Any, name: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    """Returns only a graph's function and size; the arguments are those of ``func_graph_from_py_func``.

    ``checks`` counts the ops of TensorFlow's debugger among its ``ops``.
    """
    operations, pipeline = graph.get_operations(), name.startswith("Dataset")
    work = ([], []) if pipeline else scopes_of_work(graph)
    return {
        "function": name,
        "pipeline": pipeline,
        "ops": len(operations),
        "checks": sum(operation.type in _CHECKS for operation in operations),
        "moves": [] if pipeline else moved_data(graph),
        "loops": [] if pipeline else _loops(operations),
        "constant": None if work is None else work[0],
        "varying": None if work is None else work[1],
    }


def _loops(operations: Any) -> list[dict[str, str]]:
    """Returns the loops among a graph's ops: the name of each, and the function that each step runs."""
    found = [operation for operation in operations if operation.type in _LOOPS]
    return [{"op": one.name, "body": one.get_attr("body").name} for one in found[:_MOST_LOOPS]]


def describe_trace(
    graph: Any, frame: Any, name: str, python_func: Any, *arguments: Any, **options: Any
) -> dict[str, Any]:
    """Returns a graph's function, what it was traced for, its size, and whether a tf.data pipeline asked.

    ``frame`` is the caller's, the other arguments are those of ``func_graph_from_py_func``:
    args, kwargs and signature follow, by position or by name.
    """
    given = [*arguments[:2], options.get("args"), options.get("kwargs")]
    signature = options.get("signature", arguments[2] if len(arguments) > 2 else None)
    shown: list[str] = []
    for structure in given if signature is None else [signature]:
        _show(structure, shown)
    return {
        "function": _function_name(name, python_func),
        "arguments": shown[:20],
        "pipeline": _in_pipeline(frame),
        "ops": len(graph.get_operations()),
    }


def _function_name(name: str, python_func: Any) -> str:
    inner = python_func
    for _ in range(5):
        inner = getattr(inner, "__wrapped__", getattr(inner, "python_function", inner))
    own = getattr(inner, "__name__", None)
    return own if own and own not in _WRAPPERS else name


def _show(structure: Any, shown: list[str]) -> None:
    """Adds a text for each leaf: ``float32 (1, 5)`` for tensors, else the value's own."""
    if isinstance(structure, dict):
        for key in sorted(structure, key=str):
            _show(structure[key], shown)
    elif isinstance(structure, (list, tuple)):
        for part in structure:
            _show(part, shown)
    elif structure is not None:
        shown.append(_leaf(structure))


def _leaf(value: Any) -> str:
    try:
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    except Exception:  # whatever a user's own class raises when it is asked: its name will do
        shape = dtype = None
    if dtype is not None:
        return "{} {}".format(getattr(dtype, "name", dtype), _dimensions(shape))
    if isinstance(value, (bool, int, float, str)):
        return repr(value)[:60]
    return type(value).__name__


def _dimensions(shape: Any) -> str:
    try:
        sizes = shape.as_list() if hasattr(shape, "as_list") else shape
        return "({})".format(", ".join("?" if size is None else str(size) for size in sizes))
    except (TypeError, ValueError):
        return "(unknown)"


def _in_pipeline(frame: Any) -> bool:
    """Whether a tf.data pipeline asks for the trace."""
    while frame is not None:
        if type(frame.f_locals.get("self")).__name__ in (PIPELINE_FUNCTION, *DEVICE_FUNCTIONS):
            return True
        frame = frame.f_back
    return False
