"""Calls wait for batches made in Python, if these calls could not be replayed and divided into phases."""

from __future__ import annotations

from msgspec import UNSET

from ...model.file_names import file_name
from ...model.program_report import GroupReport, ProgramCause
from ...model.workload import InputLine
from ...number_words import percent
from ...recorder.protocol import ENTRY_POINT_OF
from ..program_parts import file_and_line
from .program_rule import ProgramRule
from .program_view import ProgramView

#: A thread that makes batches is seen in at least this part of the samples: else the call does other things.
_LEAST_SEEN = 0.4
#: Fewer samples say little.
_LEAST_LOOKS = 20


def judge(view: ProgramView) -> list[ProgramCause]:
    return [cause for group in view.groups if (cause := _of(view, group)) is not None]


def _of(view: ProgramView, group: GroupReport) -> ProgramCause | None:
    seen = group.workload.facts.input_lines
    # If the calls have phases, a rule for calls covers this.
    if group.attribution is not None or seen is UNSET or seen is None or seen.samples < _LEAST_LOOKS:
        return None
    lines: list[InputLine] = seen.lines
    busy = min(sum(line.samples for line in lines) / seen.samples, 1.0)
    total_ns = int(group.share_of_wall * view.wall_ns * busy)
    at = file_and_line(lines[0].where) if lines else None
    if busy < _LEAST_SEEN or at is None or not view.is_much(total_ns):
        return None
    file, line = at
    entry = ENTRY_POINT_OF[group.entry].short if group.entry in ENTRY_POINT_OF else group.entry
    site = f"{file_name(group.site.file)}:{group.site.line}"
    return view.cause_at(
        RULE.id,
        (file, line),
        total_ns,
        f"{entry} at {site} waits for batches made in Python, mostly at "
        f"{file_name(file)}:{line}: {percent(view.share(total_ns))} of the program",
        [
            f"a thread was making batches in {percent(busy)} of {seen.samples} samples of its first call",
            *(f"{one.where}: {percent(one.samples / seen.samples)} ({one.source})" for one in lines[:3]),
        ],
        "build whole batches with NumPy or with tf.data and parallel maps, or build all rows first and "
        "pass predict an array; a tf.data pipeline with prefetch prepares batches while the model runs",
    )


RULE = ProgramRule(
    id="batches_in_python",
    meaning=(
        "A generator makes a call's batches in Python, and the call waits for them. This applies to calls "
        "that could not be replayed, since a generator can be read only once. The rules for calls cover the "
        "others."
    ),
    judge=judge,
)
