"""Callbacks that take much of calls which could not be made again with them, and divided."""

from __future__ import annotations

from collections import Counter

from msgspec import UNSET

from ...model.program import SampledFrame
from ...model.program_report import GroupReport, ProgramCause
from ...number_words import percent
from ...recorder.protocol import ENTRY_POINT_OF
from ..sampled_paths import short_function
from .program_rule import ProgramRule
from .program_view import LEAST_SAMPLES, ProgramView

#: How Keras names what it calls of a callback. Layers of the user's run in calls too, and are no callbacks.
_HOOKS = ("on_predict_", "on_batch_")
#: So many lines are named.
_MOST_LINES = 4


def judge(view: ProgramView) -> list[ProgramCause]:
    return [
        cause for place, group in enumerate(view.groups) if (cause := _of(view, place, group)) is not None
    ]


def _of(view: ProgramView, place: int, group: GroupReport) -> ProgramCause | None:
    again = group.workload.facts.in_program
    # Where the program's own calls were divided, there is a rule of calls for it.
    if again is UNSET or not again.without_callbacks or group.regularity is not None:
        return None
    lines: Counter[SampledFrame] = Counter()
    samples = 0
    for path, ns in view.divided.paths:
        if path.group is None or view.divided.places.get(path.group) != place:
            continue
        if path.inside and short_function(path.inside[0]).startswith(_HOOKS):
            lines[path.inside[-1]] += ns
            samples += path.count
    total_ns = lines.total()
    if samples < LEAST_SAMPLES or not view.is_much(total_ns):
        return None
    (frame, _), *_ = most = lines.most_common(_MOST_LINES)
    entry = ENTRY_POINT_OF[group.entry].short if group.entry in ENTRY_POINT_OF else group.entry
    site = f"{group.site.file.rpartition('/')[2]}:{group.site.line}"
    return view.cause_at(
        RULE.id,
        (frame.file, frame.line),
        total_ns,
        f"Callbacks of {entry} at {site} run the program's own code, most at "
        f"{frame.file.rpartition('/')[2]}:{frame.line}: {percent(view.share(total_ns))} of the program",
        [f"line {one.line}, {percent(view.share(ns))} of the program: {one.source}" for one, ns in most],
        "do once, after the call and for all of its outputs, what the callback does for each batch; and give "
        "the call no callback that it does not need",
    )


RULE = ProgramRule(
    id="callbacks_in_calls",
    meaning=(
        "Callbacks of the program take much of a call. For calls that are made again without them after "
        "the program's end, since what they do may reach out of the process; others have rules of calls."
    ),
    judge=judge,
)
