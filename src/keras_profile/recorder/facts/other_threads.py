"""Which other threads are inside Keras while the call is measured.

They share one interpreter with the call: each gets a part of the time.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType

from ..protocol import MODEL_METHODS
from .inner_calls import is_keras

#: Functions in modules of Keras that run a model, by the names of their code.
_RUNNING = (*MODEL_METHODS, "evaluate", "fit")


def threads_in_keras() -> int:
    """Returns how many other threads are running a model now."""
    own = threading.get_ident()
    return sum(_runs_a_model(frame) for ident, frame in sys._current_frames().items() if ident != own)


def _runs_a_model(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_name in _RUNNING and is_keras(frame):
            return True
        frame = frame.f_back
    return False
