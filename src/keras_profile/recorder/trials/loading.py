"""Loads the recipes, which are next to the recorder in every package that contains it."""

from __future__ import annotations

import importlib
from typing import Any


def load_recipes(module: str) -> Any:
    """Returns a module of the recipes, such as ``catalogue``. The recorder itself does not need them."""
    return importlib.import_module("...recipes." + module, __package__)
