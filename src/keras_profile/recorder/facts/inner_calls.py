"""What a warm call itself calls in Keras: models that it loads, and models that it runs.

A wrapper's ``predict`` may load the model from a file, or call the model's own ``predict``
row by row. Both are reported by function and by the user's line.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from ..frameworks.keras import LOADING_FUNCTIONS, is_keras_module
from ..protocol import MODEL_METHODS
from ..user_frames import users_line


class InnerCalls:
    """Watches one call, which slows everything in it: ``with inner: call()``.

    Calls are seen by ``sys.setprofile``, since users import these functions by name. If
    another profiler uses it, nothing is seen and the lists are None.
    """

    def __init__(self) -> None:
        self.loads: list[dict[str, Any]] | None = None
        self.entries: list[dict[str, Any]] | None = None
        self._load: FrameType | None = None  # the frames of the outermost such calls
        self._entry: FrameType | None = None
        self._rows: dict[tuple[str, str | None], dict[str, Any]] = {}

    def __enter__(self) -> InnerCalls:
        if sys.getprofile() is None:
            self.loads, self.entries = [], []
            sys.setprofile(self._see)
        return self

    def __exit__(self, *error: object) -> None:
        if self.loads is not None:
            sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, argument: object) -> None:
        assert self.loads is not None
        # Such a function calls others of its kind: the outermost is what the user called. A model that
        # is loaded while another one runs, for example by a callback, still counts as loaded.
        if event == "return":
            if frame is self._load:
                self._load = None
            elif frame is self._entry:
                self._entry = None
        elif event == "call" and self._load is None:
            name = frame.f_code.co_name
            if name in LOADING_FUNCTIONS and is_keras(frame):
                self._load = frame
                self.loads.append({"function": name, "where": users_line(frame)})
            elif (
                self._entry is None
                and name in MODEL_METHODS
                and is_keras(frame)
                and (hasattr(frame.f_locals.get("self"), "predict"))
            ):
                self._entry = frame
                self._count(name, users_line(frame), _rows_of(frame))

    def _count(self, name: str, where: str | None, rows: int | None) -> None:
        """Keeps one row for each function and line, with the fewest rows that it was given."""
        assert self.entries is not None
        row = self._rows.get((name, where))
        if row is None:
            row = self._rows[name, where] = {"function": name, "where": where, "count": 0, "rows": rows}
            self.entries.append(row)
        row["count"] += 1
        if rows is not None:
            row["rows"] = rows if row["rows"] is None else min(row["rows"], rows)


def is_keras(frame: FrameType) -> bool:
    """Whether a function belongs to Keras, whichever Keras that is."""
    return is_keras_module(frame.f_globals.get("__name__", ""))


def _rows_of(frame: FrameType) -> int | None:
    """Returns the first dimension of the call's first argument, None if it has none."""
    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
    given: Any = (
        frame.f_locals.get(names[1]) if len(names) > 1 else (frame.f_locals.get("args") or (None,))[0]
    )
    shape = getattr(given, "shape", None)
    try:
        return int(shape[0])  # type: ignore[index]
    except (TypeError, ValueError, IndexError):
        return None
