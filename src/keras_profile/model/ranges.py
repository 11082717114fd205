"""Numbers within the bounds that they can have: whatever is read beyond them is refused."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

#: How long something took, in ns: less than 104 days, and exact in JavaScript.
Nanoseconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
#: How long some calls took, one at least: of none there is no median.
Times: TypeAlias = Annotated[list[Nanoseconds], msgspec.Meta(min_length=1)]
#: When something was, in ns of a clock.
Moment: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]
#: How many.
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
#: A part of a whole.
Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1)]
