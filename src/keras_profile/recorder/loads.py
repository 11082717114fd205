"""Whether a warm call loads or copies a model, and from which line of the user's."""
from __future__ import annotations

import sys

from .traced import user_line

#: Functions of Keras that make a model from a file, a configuration or another model.
LOADERS = ("load_model", "model_from_json", "model_from_config", "clone_model", "load_weights")


class Loads:
    """Counts calls of the loaders while it is open, which slows everything: ``with loads: call()``.

    Calls are seen by ``sys.setprofile``, since users import these functions by name. Where
    another profiler has it, nothing is counted and ``describe`` tells None.
    """

    def __init__(self):
        self._found = None
        self._depth = 0

    def __enter__(self):
        if sys.getprofile() is None:
            self._found = []
            sys.setprofile(self._see)
        return self

    def __exit__(self, *error):
        if self._found is not None:
            sys.setprofile(None)

    def describe(self):
        """A list of the loads: the function, and the user's line; None where they were not counted."""
        return self._found

    def _see(self, frame, event, argument):
        if event not in ("call", "return") or frame.f_code.co_name not in LOADERS or (
                "keras" not in frame.f_globals.get("__name__", "")):
            return
        # A loader calls the next one: the outermost is what the user called.
        if event == "call":
            if not self._depth:
                self._found.append({"function": frame.f_code.co_name, "where": user_line(frame)})
            self._depth += 1
        else:
            self._depth -= 1
