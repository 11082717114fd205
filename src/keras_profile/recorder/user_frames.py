"""Whose code runs: which files are the user's, and which parts of a stack or traceback are."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from types import FrameType, TracebackType

from . import frameworks

_RECORDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
#: Code that makes calls itself: the user's line above it made none.
_CALLERS = (_RECORDER + "workload" + os.sep, _RECORDER + "trials" + os.sep)
_STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
#: Folders that packages are installed into.
_PACKAGES = tuple(os.sep + folder + os.sep for folder in ("site-packages", "dist-packages"))
#: Names of code that is typed into a shell or a notebook: by IPython, by Python, by Python from
#: 3.13 on. Newer notebooks name files, as :mod:`ipykernel` does: ``/tmp/ipykernel_42/1234.py``.
_TYPED = ("<ipython-input-", "<stdin", "<python-input-")
_IMPORTING = "<frozen importlib"


@functools.lru_cache(maxsize=4096)
def is_users(file: str) -> bool:
    """Whether a code object's file is the user's.

    Installed packages, the standard library, the recorder and generated code are not. A
    string that is executed counts as a part of whatever executes it.
    """
    if file.startswith("<"):
        return file.startswith(_TYPED)
    if file.startswith((_RECORDER, _STANDARD_LIBRARY)):
        return False
    return not any(folder in file for folder in _PACKAGES) and not frameworks.is_generated(file)


def is_recorders(file: str) -> bool:
    """Whether a code object's file is the recorder's."""
    return file.startswith(_RECORDER)


def is_importing(file: str) -> bool:
    """Whether a code object's file is the import system's."""
    return file.startswith(_IMPORTING)


def users_frame(frame: FrameType | None) -> FrameType | None:
    """Returns the innermost frame of the user at or above ``frame``, None if there is none.

    If the recorder itself made the call that ``frame`` is in, no frame above that counts.
    """
    while frame is not None and not is_users(frame.f_code.co_filename):
        if frame.f_code.co_filename.startswith(_CALLERS):
            return None
        frame = frame.f_back
    return frame


def users_line(frame: FrameType | None) -> str | None:
    """Returns the line of :func:`users_frame` as text, None if there is none."""
    found = users_frame(frame)
    if found is None:
        return None
    return "{}:{}, in {}".format(found.f_code.co_filename, found.f_lineno, found.f_code.co_name)


def own_traceback(error: BaseException) -> str:
    """Returns the traceback of ``error`` as text, from the first frame that is not the recorder's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None and _leads_to_theirs(trace):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def _leads_to_theirs(trace: TracebackType) -> bool:
    file = trace.tb_frame.f_code.co_filename
    return is_recorders(os.path.abspath(file)) or is_importing(file)


def leave_out_recorder(error: BaseException) -> None:
    """Removes the recorder's frames from the traceback of ``error``, which its caller handles.

    A bare ``raise`` in the caller then adds none. Until Python 3.11 it takes the traceback from
    what the interpreter keeps of the handled exception, not from the exception itself.
    """
    trace = _cleaned(error.__traceback__)
    error.__traceback__ = trace
    if sys.version_info < (3, 11):
        _set_handled(error, trace)


def _set_handled(error: BaseException, trace: TracebackType | None) -> None:
    """Gives the exception that is being handled another traceback."""
    import ctypes

    # A separate object: what is set on its functions is set for nobody else.
    interpreter = ctypes.PyDLL(None, handle=ctypes.pythonapi._handle)
    keep = interpreter.Py_IncRef
    keep.argtypes, keep.restype = [ctypes.py_object], None
    handled = (type(error), error, trace)
    for part in handled:  # the function takes over the references
        keep(part)
    replace = interpreter.PyErr_SetExcInfo
    replace.argtypes, replace.restype = [ctypes.py_object] * 3, None
    replace(*handled)


def _cleaned(trace: TracebackType | None) -> TracebackType | None:
    """Returns a traceback without the recorder's frames. It may be as long as the stack is deep."""
    while trace is not None and is_recorders(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    last = trace
    while last is not None:
        following = last.tb_next
        while following is not None and is_recorders(following.tb_frame.f_code.co_filename):
            following = following.tb_next
        if following is not last.tb_next:
            last.tb_next = following
        last = following
    return trace
