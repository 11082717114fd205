"""Runs what the user wrote: imports their module, calls their function.

An exception in it comes back as a :class:`RecorderError` with the traceback of the user's
code and none of ours.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from types import ModuleType
from typing import Any, Callable

from .protocol import RecorderError
from .user_frames import own_traceback


def is_reference(text: str) -> bool:
    """Whether ``text`` has the form ``module:callable`` or ``file.py:callable``."""
    place, _, name = text.rpartition(":")
    return bool(place) and name.isidentifier()


def load_callable(reference: str, what: str) -> Any:
    """Returns the callable that ``module:callable`` or ``file.py:callable`` names."""
    place, _, name = reference.rpartition(":")
    module = _load_file(place, what) if place.endswith(".py") else _import(place, what)
    function = getattr(module, name, None)
    if not callable(function):
        there = sorted(
            known
            for known, value in vars(module).items()
            if callable(value)
            and not known.startswith("_")
            and getattr(value, "__module__", None) == module.__name__
        )
        raise RecorderError(
            "no_such_callable",
            "{}: {} has no function named {}".format(what, place, name),
            "functions defined there: {}".format(", ".join(there) or "none"),
        )
    return function


def call(function: Callable[..., Any], reference: str, what: str, *arguments: Any) -> Any:
    """Returns ``function(*arguments)``. Whatever it raises is reported as the user's own error."""
    try:
        return function(*arguments)
    except Exception as error:
        raise _their_error(error, "{} {} raised".format(what, reference)) from error


def _load_file(path: str, what: str) -> ModuleType:
    full = os.path.abspath(path)
    if not os.path.isfile(full):
        raise RecorderError(
            "no_such_file",
            "{}: no such file: {}".format(what, path),
            "the working folder is {}".format(os.getcwd()),
        )
    # As for a script: the file can import modules beside it.
    if os.path.dirname(full) not in sys.path:
        sys.path.insert(0, os.path.dirname(full))
    name = os.path.splitext(os.path.basename(full))[0]
    loaded = sys.modules.get(name)
    if loaded is not None and os.path.abspath(getattr(loaded, "__file__", None) or "") == full:
        return loaded
    if loaded is not None:
        name = "keras_profile_target_" + name
    spec: Any = importlib.util.spec_from_file_location(name, full)
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise _their_error(error, "{}: running {} raised".format(what, path)) from error
    return module


def _import(name: str, what: str) -> ModuleType:
    if os.getcwd() not in sys.path and "" not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return importlib.import_module(name)
    except ImportError as error:
        if error.name and (name == error.name or name.startswith(error.name + ".")):
            raise RecorderError(
                "no_such_module",
                "{}: no such module: {}".format(what, name),
                "give a module that can be imported from {}, or path/to/file.py:callable".format(os.getcwd()),
            ) from error
        raise _their_error(error, "{}: importing {} raised".format(what, name)) from error
    except Exception as error:
        raise _their_error(error, "{}: importing {} raised".format(what, name)) from error


def _their_error(error: Exception, introduction: str) -> RecorderError:
    return RecorderError(
        "user_code_raised",
        "{} {}: {}".format(introduction, type(error).__name__, error),
        "see the traceback above, which is of your own code",
        trace=own_traceback(error),
    )
