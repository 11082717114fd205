"""Importing packages outside the framework takes much of the program."""

from __future__ import annotations

from ...model.program_report import ProgramCause
from ...number_words import milliseconds, percent
from ..library_functions import FRAMEWORKS
from .program_rule import ProgramRule
from .program_view import ProgramView

#: Every program imports something: imports are named if they have at least this share.
LEAST_IMPORTS = 0.1
_MOST_PACKAGES = 5


def judge(view: ProgramView) -> list[ProgramCause]:
    packages: dict[str, int] = {}
    for path, ns in view.divided.paths:
        # Packages that the framework imports count for the framework.
        if path.package and not path.activities and path.package not in FRAMEWORKS:
            packages[path.package] = packages.get(path.package, 0) + ns
    total_ns = sum(packages.values())
    if not view.is_much(total_ns) or view.share(total_ns) < LEAST_IMPORTS:
        return []
    by_time = sorted(packages.items(), key=lambda one: -one[1])
    names = ", ".join(name for name, _ in by_time[:2])
    return [
        view.cause_at(
            RULE.id,
            ("", 0),
            total_ns,
            f"Importing {names} takes {percent(view.share(total_ns))} of the program",
            [f"{name}: {milliseconds(ns)} ms" for name, ns in by_time[:_MOST_PACKAGES]],
            "import a package that is not always needed within the function that uses it; if the program "
            "is started often, keep it running instead",
        )
    ]


RULE = ProgramRule(
    id="slow_imports",
    meaning="Packages that are neither TensorFlow nor Keras, nor imported by them, take long to import.",
    judge=judge,
)
