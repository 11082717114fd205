"""What is traced in warm calls: which functions, for which arguments, from which line.

All releases build graphs by one function, which is wrapped for a few calls that are not
measured. Spans tell what tracing costs; this tells why it happens.
"""

from __future__ import annotations

import importlib
import os
import sys

_MODULE, _NAME = "tensorflow.python.framework.func_graph", "func_graph_from_py_func"
#: The frame below which functions are those of a tf.data pipeline.
_PIPELINE = "StructuredFunctionWrapper"
#: Traces that are kept of a call: a fault that traces more is known by then.
_MOST = 50


class Traces:
    """Collects traces while it is open: ``with traces: call()``. Not reentrant.

    With ``sizes_only`` it tells each graph's function and size alone, which is cheap
    enough for a call that is measured.
    """

    def __init__(self, sizes_only=False):
        self._tell = _size if sizes_only else _describe
        self._module = sys.modules.get(_MODULE) or importlib.import_module(_MODULE)
        self._original = None
        self._calls = []

    @staticmethod
    def are_possible():
        """Whether TensorFlow is in the process: a model on another backend runs without."""
        return _MODULE in sys.modules

    def __enter__(self):
        original = self._original = getattr(self._module, _NAME)
        call = []
        self._calls.append(call)

        def traced(name, python_func, *arguments, **options):
            graph = original(name, python_func, *arguments, **options)
            if len(call) < _MOST:
                call.append(self._tell(name, python_func, arguments, options, graph))
            return graph

        setattr(self._module, _NAME, traced)
        return self

    def __exit__(self, *error):
        setattr(self._module, _NAME, self._original)

    def describe(self):
        """A list a call: each trace's function, arguments, line, and the size of its graph."""
        return self._calls


def _size(name, python_func, arguments, options, graph):
    return {"function": name, "pipeline": name.startswith("Dataset"), "ops": len(graph.get_operations())}


def _describe(name, python_func, arguments, options, graph):
    given = [*arguments[:2], options.get("args"), options.get("kwargs")]
    signature = options.get("signature", arguments[2] if len(arguments) > 2 else None)
    shown = []
    for structure in given if signature is None else [signature]:
        _show(structure, shown)
    frame = sys._getframe(2)
    return {
        "function": _function_name(name, python_func),
        "arguments": shown[:20],
        "where": user_line(frame),
        "pipeline": _in_pipeline(frame),
        "ops": len(graph.get_operations()),
    }


def _function_name(name, python_func):
    inner = python_func
    for _ in range(5):
        inner = getattr(inner, "__wrapped__", getattr(inner, "python_function", inner))
    own = getattr(inner, "__name__", None)
    return own if own and own not in ("wrapped_fn", "<lambda>") else name


def _show(structure, shown):
    """Adds a text for each leaf: ``float32 (1, 5)`` for tensors, else the value's own."""
    if isinstance(structure, dict):
        for key in sorted(structure, key=str):
            _show(structure[key], shown)
    elif isinstance(structure, (list, tuple)):
        for part in structure:
            _show(part, shown)
    elif structure is not None:
        shown.append(_leaf(structure))


def _leaf(value):
    try:
        shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    except Exception:  # whatever a user's own class raises when it is asked: its name will do
        shape = dtype = None
    if dtype is not None:
        return "{} {}".format(getattr(dtype, "name", dtype), _dimensions(shape))
    if isinstance(value, (bool, int, float, str)):
        return repr(value)[:60]
    return type(value).__name__


def _dimensions(shape):
    try:
        return "({})".format(
            ", ".join(
                "?" if size is None else str(size)
                for size in (shape.as_list() if hasattr(shape, "as_list") else shape)
            )
        )
    except (TypeError, ValueError):
        return "(unknown)"


def user_line(frame):
    """The innermost line of the user's code at or above ``frame``, None if there is none."""
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    within_program = os.path.join(ours, "program")  # there the user's own code made the call
    while frame is not None:
        folder = os.path.dirname(os.path.abspath(frame.f_code.co_filename))
        if folder == ours:
            return None
        if folder != within_program and _is_users(frame.f_code.co_filename):
            return "{}:{}, in {}".format(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back
    return None


def _in_pipeline(frame):
    """Whether a tf.data pipeline asks for the trace."""
    while frame is not None:
        if type(frame.f_locals.get("self")).__name__ == _PIPELINE:
            return True
        frame = frame.f_back
    return False


def _is_users(file):
    return not (
        file.startswith("<")
        or "site-packages" in file
        or "dist-packages" in file
        or "__autograph_generated" in file
        or file.startswith(os.path.dirname(os.__file__))
        or os.path.basename(file).startswith("tmp")
    )
