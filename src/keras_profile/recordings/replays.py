"""Joins a group of a program's calls with those that were made again after the program's end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TypeVar

import msgspec

from ..model.recording import Calls, RecordingFile
from ..model.workload import InProgram, RecordedWorkload
from ..recorder.protocol import CAPTURES, FILES, PROGRAM_FILES
from .regular_files import is_there

#: With this many of its own warm calls, bare and under spans, a program itself shows what a call consists of.
OWN_BARE, OWN_SPANS = 5, 8
#: If its calls take this many times as long as those made again, they contain something else, such as a
#: function that is traced in each. Then a few of them show more than many that were made again.
LONGER, FEW_SPANS = 1.5, 2

#: Callbacks are not called again, so a single call with callbacks shows more.
ONE_SPANS = 1

_Value = TypeVar("_Value")


def replay_of(folders: Sequence[Path]) -> Path | None:
    """Returns the recording of calls that were made again, from the first of a group's folders with one."""
    for folder in folders:
        replay = folder / PROGRAM_FILES["replay"]
        if is_there(replay / FILES["recording"]):
            return replay
    return None


def taken_from(own_content: RecordingFile, replay: RecordingFile) -> frozenset[str]:
    """Returns the captures for which the repeated calls are shown, and not the program's own."""
    own = own_content.calls
    made = {one.name for one in replay.captures if one.status == "ok"} & set(replay.calls.capture)
    bare, spans = own.wall("bare"), own.wall("spans")
    calls = replay.calls
    alone = calls.wall("bare") or calls.wall("spans")
    within = bare or spans
    longer = bool(alone) and bool(within) and median(within) > LONGER * median(alone)
    if bare and without_callbacks(own_content, replay):
        shown_by_itself = len(spans) >= ONE_SPANS
    elif longer:
        shown_by_itself = len(spans) >= FEW_SPANS
    else:
        shown_by_itself = len(bare) >= OWN_BARE and len(spans) >= OWN_SPANS
    # The two belong together: phases are shares of calls under spans, applied to bare ones.
    if shown_by_itself or "spans" not in made:
        made -= {"bare", "spans"}
    return frozenset(made)


def without_callbacks(own: RecordingFile, replay: RecordingFile) -> bool:
    """Whether the repeated calls left out callbacks that the program passes to them."""
    return bool(own.workload.facts.callbacks) and not replay.workload.facts.callbacks


def joined(own: RecordingFile, replay: RecordingFile, taken: Collection[str]) -> RecordingFile:
    """Returns both contents as one: ``taken`` captures from the replay, all cold calls from the program."""
    of_own = {one.name: one for one in own.captures if one.name not in taken}
    of_replay = {one.name: one for one in replay.captures if one.name in taken or one.name not in of_own}
    outcomes = of_replay | of_own
    return replace(
        own,
        workload=_workload(own, replay),
        captures=[outcomes[name] for name in CAPTURES if name in outcomes],
        calls=_calls(own.calls, replay.calls, taken),
        internals=replay.internals if "spans" in taken or not own.internals else own.internals,
    )


def _calls(own: Calls, replay: Calls, taken: Collection[str]) -> Calls:
    kept = [cold or name not in taken for name, cold in zip(own.capture, own.cold)]
    added = [name in taken for name in replay.capture]

    def column(mine: Sequence[_Value], theirs: Sequence[_Value]) -> list[_Value]:
        return [one for one, is_kept in zip(mine, kept) if is_kept] + [
            one for one, is_added in zip(theirs, added) if is_added
        ]

    return Calls(
        *(
            column(getattr(own, name), getattr(replay, name))
            for name in ("capture", "round", "cold", "begin_ns", "wall_ns", "cpu_ns", "rss_bytes")
        )
    )


def _workload(own: RecordingFile, replay: RecordingFile) -> RecordedWorkload:
    """Returns the program's workload, with how long its calls took there and how long alone."""
    calls = replay.calls
    alone = calls.wall("bare") or calls.wall("spans")
    within = own.calls.wall("bare")
    workload = dict(own.workload.as_recorded)
    workload["in_program"] = msgspec.to_builtins(
        InProgram(
            warm_calls=len(within),
            warm_ns=int(median(within)) if within else None,
            # One call may have been recorded under two captures.
            again_calls=len({begin for begin, cold in zip(calls.begin_ns, calls.cold) if not cold}),
            again_ns=int(median(alone)) if alone else None,
            without_callbacks=without_callbacks(own, replay),
        )
    )
    return RecordedWorkload(workload)
