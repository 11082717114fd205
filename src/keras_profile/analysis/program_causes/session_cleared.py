"""The session is cleared, or garbage collected, repeatedly."""

from __future__ import annotations

import re

from ...model.program_report import ProgramCause
from ...number_words import percent
from ..library_functions import is_framework
from ..sampled_paths import SampledPath, short_function
from .program_rule import ProgramRule
from .program_view import ProgramView

#: A line that calls the standard library's function, which is not Python and so has no frame.
_COLLECTS = re.compile(r"\bgc\s*\.\s*collect\s*\(")


def clears(path: SampledPath) -> bool:
    """Whether a path clears the session, or its line itself collects garbage."""
    if any(is_framework(frame) and short_function(frame) == "clear_session" for frame in path.below):
        return True
    return path.line is not None and not path.below and bool(_COLLECTS.search(path.line.source))


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        view.cause(
            RULE.id,
            place,
            f"The session is cleared or garbage collected in a loop at {place.where}: "
            f"{percent(view.share(place.total_ns))} of the program",
            ["each time, it visits all objects of the process"],
            "remove `clear_session()` and `gc.collect()` from the loop: predict needs neither. If memory "
            "grows, find what keeps it: usually a model or a tf.function made in each iteration",
        )
        for place in view.places(lambda path: path.looped and clears(path))
    ]


RULE = ProgramRule(
    id="session_cleared",
    meaning="`clear_session()` or `gc.collect()` in a loop: each visits all objects of the process.",
    judge=judge,
)
