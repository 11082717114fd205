"""What a rule is: what it declares, and the three answers that it can give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...model.rules import RuleText, ThresholdText
from .evidence_view import View, part_text


class Threshold(float):
    """A number with its name and the reason why it is that number."""

    name: str
    reason: str

    def __new__(cls, name: str, value: float, reason: str) -> Threshold:
        made = super().__new__(cls, value)
        made.name, made.reason = name, reason
        return made


@dataclass(frozen=True)
class Addition:
    """What a cause adds to the title and to the evidence of another one's finding."""

    clause: str
    lines: list[str]


@dataclass(frozen=True)
class Found:
    """The cause is there.

    ``title`` says it with the figures of this case; ``{cost}`` in it becomes the ms of a call
    that it is granted. ``claims`` are the ns of a call, by
    phase, that would be gone without it; a cause that costs no time has none.
    ``evidence`` are sentences, ``sure`` is how sure where no interval of a phase says so,
    ``where`` the user's line. ``recipes`` are None where they are the rule's. ``addition`` is what
    it adds to the finding that explains it, where it is none of its own; its title where that is None.
    ``once_ns`` are what a first call has of it that later ones have not.
    """

    title: str
    claims: Mapping[str, float]
    evidence: list[str]
    sure: str = ""
    where: str = ""
    recipes: tuple[str, ...] | None = None
    addition: Addition | None = None
    once_ns: float = 0.0


@dataclass(frozen=True)
class NotFound:
    """The cause is not there; ``because`` says by what that is known."""

    because: str


@dataclass(frozen=True)
class CannotTell:
    """Something is missing to tell; ``missing`` says what, so that the user can provide it."""

    missing: str


Answer = Found | NotFound | CannotTell


@dataclass(frozen=True)
class Rule:
    """One diagnosis.

    ``needs`` are the names of the evidence that :attr:`judge` is given and cannot do
    without, ``uses`` those that it is given where they are there (see :mod:`.evidence_view`).
    ``recognised`` says in words what ``judge`` looks for, ``thresholds`` are those that it
    judges by, ``recipes`` the changes that fix it. A
    ``residual`` rule finds only what is left: where others have most of its time it does not. One
    that ``multiplies`` is of what happens many times, whatever it is: of a phase it is granted what its
    claim has beyond those of all others.
    """

    id: str
    title: str
    meaning: str
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
        """What is said of the rule."""
        return RuleText(
            id=self.id,
            title=self.title,
            meaning=self.meaning,
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
