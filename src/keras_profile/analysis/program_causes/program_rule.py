"""What a cause outside of the calls is: what it says of itself, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...model.program_report import ProgramCause
from .program_view import ProgramView


@dataclass(frozen=True)
class ProgramRule:
    """One cause. ``judge`` gives it for each place where it is."""

    id: str
    meaning: str
    judge: Callable[[ProgramView], list[ProgramCause]]
