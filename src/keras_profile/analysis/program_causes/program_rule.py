"""A cause outside the calls: its description, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...model.program_report import ProgramCause
from .program_view import ProgramView


@dataclass(frozen=True)
class ProgramRule:
    """One cause. ``judge`` returns it for each place where it occurs."""

    id: str
    meaning: str
    judge: Callable[[ProgramView], list[ProgramCause]]
