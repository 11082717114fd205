"""Loads the recipes, which lie beside the recorder as files."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

_PACKAGE = "keras_profile_recipes"


def load_recipes(module: str) -> Any:
    """A module of the recipes, such as ``catalogue``.

    They are loaded under a name of their own: the recorder travels as files, and nothing
    of it may be taken for a module of the profiled program.
    """
    if _PACKAGE not in sys.modules:
        recorder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        folder = os.path.join(os.path.dirname(recorder), "recipes")
        spec = importlib.util.spec_from_file_location(
            _PACKAGE, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
        )
        assert spec is not None
        assert spec.loader is not None
        package = importlib.util.module_from_spec(spec)
        sys.modules[_PACKAGE] = package
        spec.loader.exec_module(package)
    return importlib.import_module(_PACKAGE + "." + module)
