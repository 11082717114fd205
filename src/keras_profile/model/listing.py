"""What ``keras-profile list`` says about recordings, and ``keras-profile rules`` about rules.

Integer nanoseconds; shares as fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .described import says
from .ranges import Count, Nanoseconds, Share
from .recording import Schema
from .rules import RuleText

#: Name and version of what ``list --json`` and ``rules --json`` print.
#:
#: History: 1 is the first. Keys may be added without a new version.
LIST_SCHEMA, RULES_SCHEMA = Schema("keras_profile.list", 1), Schema("keras_profile.rules", 1)

#: How a recording ended: as it was to, by Ctrl-C, not at all, or not yet; and what cannot be read.
ListedState = Literal["complete", "interrupted", "cut short", "not ended", "unreadable"]


@dataclass(frozen=True)
class ListedRecording:
    """A recording, of a program or of a model's calls."""

    name: Annotated[str, says("the name that commands take")]
    made: Annotated[str, says("when it was written, in ISO 8601 with seconds and the zone")]
    state: Annotated[ListedState, says("how it ended")]
    reason: Annotated[str, says("why it cannot be read; else empty")] = ""
    calls: Annotated[Count | None, says("number of calls of a program; else null")] = None
    wall_ns: Annotated[Nanoseconds | None, says("how long a program took; else null")] = None
    inference_share: Annotated[Share | None, says("share of inference in that; else null")] = None
    call_ns: Annotated[Nanoseconds | None, says("the median `bare` call of a model; else null")] = None
    tensorflow: Annotated[str, says("its version; empty if unknown")] = ""
    keras: Annotated[str, says("as above")] = ""

    @property
    def is_program(self) -> bool:
        """Whether it is of a program."""
        return self.calls is not None


@dataclass(frozen=True)
class Listing:
    """What ``list --json`` prints."""

    schema: Annotated[Schema, says("`keras_profile.list` and its version")]
    recordings: Annotated[list[ListedRecording], says("newest first")]


@dataclass(frozen=True)
class RuleListing:
    """What ``rules --json`` prints."""

    schema: Annotated[Schema, says("`keras_profile.rules` and its version")]
    rules: Annotated[list[RuleText], says("in the order in which they claim time")]
