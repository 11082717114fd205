"""A rule: its declarations and its three possible answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...model.rules import RuleText, ThresholdText
from .evidence_view import View, part_text


class Threshold(float):
    """A number with its name and the reason for its value."""

    name: str
    reason: str

    def __new__(cls, name: str, value: float, reason: str) -> Threshold:
        made = super().__new__(cls, value)
        made.name, made.reason = name, reason
        return made


@dataclass(frozen=True)
class Addition:
    """What a cause adds to the title and evidence of another cause's finding."""

    clause: str
    lines: list[str]


@dataclass(frozen=True)
class Found:
    """The cause is there.

    ``title`` states it with the figures of this case; ``{cost}`` becomes the ms per call that it is
    granted. ``claims`` are the ns per call, by phase, that fixing it would save; a cause that costs no
    time has none. ``evidence`` are sentences, ``sure`` states the certainty if no interval of a phase
    does, ``where`` is the user's line. ``recipes`` is None for the rule's own, and ``advice`` empty.
    ``addition`` goes into the finding that includes this one; if it is None, the title does. ``once_ns``
    are the ns that it costs in a first call only, ``in_program_ns`` those in a call of the program that
    replayed calls do not have.
    """

    title: str
    claims: Mapping[str, float]
    evidence: list[str]
    sure: str = ""
    where: str = ""
    recipes: tuple[str, ...] | None = None
    addition: Addition | None = None
    once_ns: float = 0.0
    advice: str = ""
    in_program_ns: float = 0.0


@dataclass(frozen=True)
class NotFound:
    """The cause is not there; ``because`` gives the reason."""

    because: str


@dataclass(frozen=True)
class CannotTell:
    """Evidence is missing; ``missing`` names it, so that the user can provide it."""

    missing: str


Answer = Found | NotFound | CannotTell


@dataclass(frozen=True)
class Rule:
    """One diagnosis.

    ``needs`` names the evidence that :attr:`judge` requires, ``uses`` the evidence that it gets if it
    is there (see :mod:`.evidence_view`). ``advice`` is what to do about the cause, in words; ``recipes``
    are the changes that can be tried. ``recognised`` describes what ``judge`` looks for, ``thresholds``
    are those that it applies. A ``residual`` rule finds only what is left: it gives no finding if others
    have most of its time. One that ``multiplies`` is about repetition, whatever is repeated: in each
    phase it is granted the part of its claim beyond those of all others.
    """

    id: str
    title: str
    meaning: str
    advice: str
    recognised: str
    example: str
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    judge: Callable[[View], Answer]
    uses: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    recipes: tuple[str, ...] = ()
    residual: bool = False
    multiplies: bool = False

    def text(self) -> RuleText:
        """The rule's texts."""
        return RuleText(
            id=self.id,
            title=self.title,
            meaning=self.meaning,
            advice=self.advice,
            recognised=self.recognised,
            thresholds=[
                ThresholdText(threshold.name, float(threshold), threshold.reason)
                for threshold in self.thresholds
            ],
            needs=_distinct(self.needs),
            uses=_distinct(self.uses),
            example=self.example,
            recipes=list(self.recipes),
            sources=list(self.sources),
        )


def _distinct(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(part_text(name) for name in names))
