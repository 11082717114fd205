"""What is said of a rule, for those who list and explain them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ThresholdText:
    """A threshold: its name, its value, and the reason for it."""

    name: str
    value: float
    reason: str


@dataclass(frozen=True)
class RuleText:
    """A rule in words.

    ``advice`` is what to do about its cause. ``needs`` are what it cannot tell without, ``uses`` what
    adds to it.
    """

    id: str
    title: str
    meaning: str
    advice: str
    recognised: str
    thresholds: list[ThresholdText]
    needs: list[str]
    uses: list[str]
    example: str
    recipes: list[str]
    sources: list[str]
