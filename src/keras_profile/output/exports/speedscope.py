"""Writes a recording as a file of speedscope's own format.

https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts

Calls are laid end to end, so there are no gaps between them and the length of a profile is the time in its
calls. An event that goes back in time or does not balance fails the whole import: all come from
:func:`.lanes.edges`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ...analysis.drilldown.lanes import edges
from ...analysis.drilldown.tracks import captured, extent, tracks
from ...model.drilldown import CallInTime, CallTree, Frame, Lane, Views
from ..encoding.boxes import call_phases, stacks
from ..exporting import IN_TIME, ExportFormat, of_views

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def encode_speedscope(views: Views, name: str) -> bytes:
    """``views`` of the recording ``name``: a profile for each way to look at it."""
    frames = [_frame(frame) for frame in views.frames]
    first_phase = len(frames)
    # Phases are frames too: a profile of phases alone adds up to the report's table.
    frames += [{"name": f"[{phase}]"} for phase in views.phases]
    of_phase = {phase: first_phase + number for number, phase in enumerate(views.phases)}
    profiles: list[dict[str, Any]] = []
    warm, cold = captured(views, "spans"), captured(views, "spans", cold=True)
    if warm:
        profiles.append(
            _evented(
                f"internals in {len(warm)} warm calls, end to end",
                [(call, call.lanes[0]) for call in warm],
                warm,
                views,
                of_phase,
            )
        )
        profiles.append(_phases(f"phases of {len(warm)} warm calls, end to end", warm, views, of_phase))
    profiles += [
        _sampled("sampled Python functions, scaled to one call", tree)
        for tree in views.trees
        if tree.counts_samples
    ]
    traced = captured(views, "tensorflow")
    for thread, lanes in tracks(traced).items():
        profiles.append(
            _evented(f"TensorFlow's trace of {len(traced)} calls: {thread}", lanes, traced, views, of_phase)
        )
    if cold:
        profiles.append(
            _evented(
                "internals in the first call", [(call, call.lanes[0]) for call in cold], cold, views, of_phase
            )
        )
    return msgspec.json.encode(
        {
            "$schema": SCHEMA,
            "name": name,
            "exporter": "keras_profile",
            "activeProfileIndex": 0,
            "shared": {"frames": frames},
            "profiles": profiles,
        }
    )


def _frame(frame: Frame) -> dict[str, Any]:
    found: dict[str, Any] = {"name": frame.name}
    if frame.file:
        found["file"] = frame.file
        found["line"] = frame.line
    return found


def _evented(
    name: str,
    lanes: Sequence[tuple[CallInTime, Lane]],
    calls: Sequence[CallInTime],
    views: Views,
    of_phase: dict[str, int],
) -> dict[str, Any]:
    """Boxes of one thread; a change of phase on the way down gets its own box."""
    origins, total = _end_to_end(calls)
    names = list(views.phases)
    events: list[dict[str, Any]] = []
    now = 0
    for call, lane in lanes:
        frames, phases, depths = lane.frame.tolist(), lane.phase.tolist(), lane.depth.tolist()
        origin = origins[id(call)]
        above: list[int] = []
        for at, row, opens in edges(lane):
            now = max(now, origin + at)
            del above[depths[row] :]
            changes = phases[row] != (above[-1] if above else names.index("unattributed"))
            both = [frames[row]] if not changes else [of_phase[names[phases[row]]], frames[row]]
            if opens:
                events += [{"type": "O", "frame": frame, "at": now} for frame in both]
                above.append(phases[row])
            else:
                events += [{"type": "C", "frame": frame, "at": now} for frame in reversed(both)]
    return {
        "type": "evented",
        "name": name,
        "unit": "nanoseconds",
        "startValue": 0,
        "endValue": max(total, now),
        "events": events,
    }


def _phases(
    name: str,
    calls: Sequence[CallInTime],
    views: Views,
    of_phase: dict[str, int],
) -> dict[str, Any]:
    samples, weights = [], []
    for call in calls:
        for begin, end, phase in call_phases(views, call):
            samples.append([of_phase[phase]])
            weights.append(end - begin)
    return {
        "type": "sampled",
        "name": name,
        "unit": "nanoseconds",
        "startValue": 0,
        "endValue": sum(weights),
        "samples": samples,
        "weights": weights,
    }


def _sampled(name: str, tree: CallTree) -> dict[str, Any]:
    rows = [(path, self_ns) for path, _, self_ns, _ in stacks(tree) if self_ns]
    weights = [self_ns for _, self_ns in rows]
    return {
        "type": "sampled",
        "name": name,
        "unit": "nanoseconds",
        "startValue": 0,
        "endValue": sum(weights),
        "samples": [path for path, _ in rows],
        "weights": weights,
    }


def _end_to_end(calls: Sequence[CallInTime]) -> tuple[dict[int, int], int]:
    """The begin of each call laid end to end, by its identity, and the total length."""
    origins, total = {}, 0
    for call in calls:
        origins[id(call)] = total
        total += extent(call)
    return origins, total


EXPORT = ExportFormat(
    suffix=".speedscope.json",
    captures=IN_TIME,
    encode=of_views(encode_speedscope),
    loading="drop it on https://www.speedscope.app, or: npx speedscope {path}",
)
