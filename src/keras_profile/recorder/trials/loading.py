"""Loads the recipes, which lie beside the recorder in every package that it is a part of."""

from __future__ import annotations

import importlib
from typing import Any


def load_recipes(module: str) -> Any:
    """A module of the recipes, such as ``catalogue``; the recorder itself does without."""
    return importlib.import_module("...recipes." + module, __package__)
