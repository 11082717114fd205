"""The dataset without its shuffle."""

from __future__ import annotations

from .recipe import Change, Recipe
from .snippets import TENSORFLOW, lines, predict
from .usage import Usage


def changes(usage: Usage) -> list[Change]:
    return [Change("the dataset without shuffle", predict(usage, x="unshuffled"), setup="", prepare="")]
