"""The list of all rules: from the particular to the general, which decides who claims time first."""
from __future__ import annotations

from . import pipeline_rebuilt, second_iterator
from .rule import Rule

RULES: tuple[Rule, ...] = tuple(module.RULE for module in (
    second_iterator,
    pipeline_rebuilt,
))
