"""What a warm call itself calls of Keras: models that it loads, and models that it runs.

A wrapper's ``predict`` may load the model from a file, or call the model's own ``predict``
row by row. Both are told by function and by the user's line.
"""

from __future__ import annotations

import sys

from ..protocol import MODEL_METHODS
from .function_traces import user_line

#: Functions of Keras that make a model from a file, a configuration or another model.
LOADERS = ("load_model", "model_from_json", "model_from_config", "clone_model", "load_weights")
_PACKAGES = ("keras", "tf_keras", "tensorflow", "tensorflow_core")


class InnerCalls:
    """Watches one call, which slows everything in it: ``with inner: call()``.

    Calls are seen by ``sys.setprofile``, since users import these functions by name. Where
    another profiler has it, nothing is seen and the lists are None.
    """

    def __init__(self):
        self.loads = None
        self.entries = None
        self._load = self._entry = None  # the frames of the outermost such calls
        self._rows = {}

    def __enter__(self):
        if sys.getprofile() is None:
            self.loads, self.entries = [], []
            sys.setprofile(self._see)
        return self

    def __exit__(self, *error):
        if self.loads is not None:
            sys.setprofile(None)

    def _see(self, frame, event, argument):
        # Such a function calls others of the kind: the outermost is what the user called. What is
        # loaded while a model runs, by a callback say, is a load all the same.
        if event == "return":
            if frame is self._load:
                self._load = None
            elif frame is self._entry:
                self._entry = None
        elif event == "call" and self._load is None:
            name = frame.f_code.co_name
            if name in LOADERS and is_keras(frame):
                self._load = frame
                self.loads.append({"function": name, "where": user_line(frame)})
            elif (
                self._entry is None
                and name in MODEL_METHODS
                and is_keras(frame)
                and (hasattr(frame.f_locals.get("self"), "predict"))
            ):
                self._entry = frame
                self._count(name, user_line(frame), _rows_of(frame))

    def _count(self, name, where, rows):
        """One row for each function and line, with the fewest rows that it was given."""
        row = self._rows.get((name, where))
        if row is None:
            row = self._rows[name, where] = {"function": name, "where": where, "count": 0, "rows": rows}
            self.entries.append(row)
        row["count"] += 1
        if rows is not None:
            row["rows"] = rows if row["rows"] is None else min(row["rows"], rows)


def is_keras(frame):
    """Whether a function is one of Keras' own, whichever Keras that is."""
    module = frame.f_globals.get("__name__", "")
    return module.partition(".")[0] in _PACKAGES and "keras" in module


def _rows_of(frame):
    """The first dimension of the call's first argument; None where that has none."""
    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
    given = frame.f_locals.get(names[1]) if len(names) > 1 else (frame.f_locals.get("args") or (None,))[0]
    shape = getattr(given, "shape", None)
    try:
        return int(shape[0])
    except (TypeError, ValueError, IndexError):
        return None
