"""Python imports a module of this name when it starts: this one turns the recorder on.

Its folder comes first in ``PYTHONPATH`` of a program that is recorded. A ``sitecustomize``
that the environment has already is run as it would be.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
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
    recorder = os.path.dirname(_FOLDER)
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, os.path.join(recorder, "__init__.py"), submodule_search_locations=[recorder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(_PACKAGE + ".program.start").start_by_environment()


_run_next()
if os.environ.get("KERAS_PROFILE"):
    try:
        _start()
    except Exception as error:  # the program runs all the same, unrecorded
        sys.stderr.write(
            "keras-profile: this process is not recorded: {}: {}\n".format(type(error).__name__, error)
        )
