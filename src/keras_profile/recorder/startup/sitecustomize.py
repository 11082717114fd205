"""Python imports a module of this name when it starts: this one turns the recorder on.

Its folder comes first in ``PYTHONPATH`` of a program that is recorded. A ``sitecustomize``
that the environment has already is run as it would be.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import types
from importlib.machinery import PathFinder

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = "keras_profile_recorder"


def _run_next() -> None:
    """Runs the module that this one stands in front of, under its name."""
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or os.curdir) != _FOLDER]
    spec = PathFinder.find_spec("sitecustomize")
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _start() -> None:
    # As the recorder's __main__ does it, which says why; nothing can be imported before that.
    package = sys.modules[_PACKAGE] = types.ModuleType(_PACKAGE)
    package.__path__ = [os.path.dirname(os.path.dirname(_FOLDER))]
    importlib.import_module(_PACKAGE + ".recorder.program.start").start_by_environment()


_run_next()
if os.environ.get("KERAS_PROFILE"):
    try:
        _start()
    except Exception as error:  # the program runs all the same, unrecorded
        sys.stderr.write(
            "keras-profile: this process is not recorded: {}: {}\n".format(type(error).__name__, error)
        )
