"""The user's own code, such as a callback, takes much of a call, and nothing else reports it."""

from __future__ import annotations

from ...model.file_names import file_name
from ...model.program_report import GroupReport, ProgramCause
from ...number_words import percent
from ...recorder.protocol import ENTRY_POINT_OF
from ..library_functions import is_framework
from ..sampled_paths import SampledPath
from .program_rule import ProgramRule
from .program_view import Place, ProgramView

#: If the phase of callbacks has this part of the time, the findings of the calls report it.
_SAME = 0.5


def runs_in_call(path: SampledPath) -> bool:
    """Whether a path is in the user's own code within a call, and not in the framework.

    Framework functions called by a layer's own code belong to the model; those called by a callback do not.
    """
    if path.called_by is None:
        return False
    return _is_callback(path) or not (path.below and is_framework(path.below[0]))


def own_code_ns(view: ProgramView, group: GroupReport) -> int:
    """The time of such code in all calls of a group."""
    return sum(ns for path, ns in view.divided.paths if runs_in_call(path) and view.group_of(path) is group)


def judge(view: ProgramView) -> list[ProgramCause]:
    places = view.places(runs_in_call, within_calls=True)
    return [cause for place in places if (cause := _of(view, place)) is not None]


def _of(view: ProgramView, place: Place) -> ProgramCause | None:
    path = view.divided.paths[place.paths[0]][0]
    group = view.group_of(path)
    if group is None or _is_told(group, place):
        return None
    callback = _is_callback(path)
    entry = ENTRY_POINT_OF[group.entry].short if group.entry in ENTRY_POINT_OF else group.entry
    site = f"{file_name(group.site.file)}:{group.site.line}"
    share = percent(view.share(place.total_ns))
    title = (
        f"Your own {'callback' if callback else 'code'} runs within {entry} at {site}: "
        f"`{place.frame.function}` at {place.where} takes {share} of the program"
    )
    advice = (
        "the model waits while a callback runs: do the work once, in on_predict_end, or every 100th batch"
        if callback
        else "the call waits while it runs: use ops in the graph, or do it before or after the call"
    )
    return view.cause(RULE.id, place, title, [], advice)


def _is_told(group: GroupReport, place: Place) -> bool:
    """Whether the phases of the calls include it."""
    phases = () if group.attribution is None else group.attribution.phases
    callbacks = sum(one.self_ns for one in phases if one.phase == "callbacks")
    return callbacks * group.count > _SAME * place.total_ns


def _is_callback(path: SampledPath) -> bool:
    return path.called_by is not None and "callback" in path.called_by.module


RULE = ProgramRule(
    id="code_in_calls",
    meaning=(
        "A call runs your own code, such as a callback, and it takes much of the program. This applies to "
        "calls whose phases cannot include it, since callbacks are not replayed."
    ),
    judge=judge,
)
