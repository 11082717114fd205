"""Since when a call is slower or faster: the content of ``bisection.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .comparison import ComparisonContent
from .described import says
from .recording import Schema

#: Name and version of ``bisection.json``.
#:
#: History: 1 is the first. Keys may be added without a new version.
BISECTION_SCHEMA = Schema("keras_profile.bisection", 1)


@dataclass(frozen=True)
class BisectionStep:
    """A state that was compared with the good one."""

    state: Annotated[str, says("a commit with its subject, or an interpreter")]
    ratio: Annotated[float | None, says("its call divided by the good one's; null if not measured")]
    changed: Annotated[bool | None, says("whether it is like the bad state; null if not measured")]
    reason: Annotated[str, says("why it could not be measured; else empty")] = ""


@dataclass(frozen=True)
class BisectionContent:
    """The content of `bisection.json`."""

    schema: Annotated[Schema, says("of this file")]
    headline: Annotated[str, says("the answer in a sentence")]
    states: Annotated[int, says("how many states there are, from the good one to the bad one")]
    before: Annotated[str, says("the last state that is like the good one")]
    after: Annotated[str, says("the first state that is like the bad one")]
    between: Annotated[list[str], says("states between the two: not measured, or not clear")]
    steps: Annotated[list[BisectionStep], says("what was measured, in order")]
    comparison: Annotated[
        ComparisonContent,
        says("`before` and `after`, measured in turn; of the good and the bad state if it was interrupted"),
    ]
