"""Writes a recording as Chrome's trace events, which Perfetto and chrome://tracing open.

https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

Each capture is a process, each of its threads a thread, all on one clock: that of the recording's calls,
starting at the first one. Times are µs with ns as decimals. Boxes have a begin and an end instead of a
duration: a reader that rounds begin and duration separately would see children outlast their parents.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ...analysis.drilldown.lanes import edges
from ...analysis.drilldown.tracks import captured, tracks
from ...model.drilldown import CallInTime, Lane, Views
from ..encoding.boxes import CAPTURES, call_name, call_phases
from ..exporting import IN_TIME, ExportFormat, of_views

#: Names of colours in the fixed palette of chrome://tracing.
COLOURS = {
    "entry": "grey",
    "loop": "grey",
    "input_standardization": "olive",
    "data_adapter": "olive",
    "dataset_building": "yellow",
    "iterator_creation": "bad",
    "batch_fetching": "thread_state_iowait",
    "function_building": "rail_animation",
    "function_tracing": "terrible",
    "compilation": "rail_load",
    "dispatch": "thread_state_runnable",
    "execution": "good",
    "eager_execution": "thread_state_running",
    "callbacks": "rail_response",
    "progress_bar": "rail_response",
    "output_assembly": "rail_idle",
    "state_reset": "rail_idle",
    "synchronization": "thread_state_uninterruptible",
    "distribution": "cq_build_running",
    "teardown": "vsync_highlight_color",
    "garbage_collection": "detailed_memory_dump",
    "undivided": "good",
    "unattributed": "white",
}


def encode_chrome(views: Views, name: str) -> bytes:
    """``views`` of the recording ``name`` as a JSON object of trace events."""
    origin = min((call.begin_ns for call in views.calls_in_time), default=0)
    events: list[dict[str, Any]] = []
    for pid, (capture, title) in enumerate(CAPTURES.items(), 1):
        calls = captured(views, capture, cold=True) + captured(views, capture)
        if not calls:
            continue
        calls.sort(key=lambda call: call.begin_ns)
        events.append(_named("process_name", pid, 0, title))
        events.append(
            {
                "ph": "M",
                "name": "process_sort_index",
                "pid": pid,
                "tid": 0,
                "ts": 0,
                "args": {"sort_index": pid},
            }
        )
        events += _thread(pid, 1, "phases")
        last = 0
        for call in calls:
            begin_ns = last = max(last, call.begin_ns - origin)
            for begin, end, phase in call_phases(views, call):
                events += _box(pid, 1, phase, phase, begin_ns + begin, begin_ns + end)
                last = begin_ns + end
        for tid, (thread, lanes) in enumerate(tracks(calls).items(), 2):
            events += _thread(pid, tid, thread)
            last = 0
            for call, lane in lanes:
                its, last = _lane(pid, tid, call, lane, views, call.begin_ns - origin, last)
                events += its
    return msgspec.json.encode(
        {
            "traceEvents": events,
            "displayTimeUnit": "ns",
            "otherData": {"recording": name, "made_by": "keras_profile", "notes": list(views.notes)},
        }
    )


def _lane(
    pid: int,
    tid: int,
    call: CallInTime,
    lane: Lane,
    views: Views,
    begin_ns: int,
    last: int,
) -> tuple[list[dict[str, Any]], int]:
    """The events of one thread in one call, none before ``last``, and the time of the last one."""
    phases = list(views.phases)
    frame_of, phase_of, depth_of = lane.frame.tolist(), lane.phase.tolist(), lane.depth.tolist()
    found = []
    for at, row, opens in edges(lane):
        last = max(last, begin_ns + at)
        frame = views.frames[frame_of[row]]
        name = frame.name
        if not depth_of[row] and lane is call.lanes[0]:
            name = call_name(call)
        phase = phases[phase_of[row]]
        event: dict[str, Any] = {
            "ph": "B" if opens else "E",
            "name": name,
            "cat": phase,
            "pid": pid,
            "tid": tid,
            "ts": last / 1000,
        }
        if opens:
            event["cname"] = COLOURS[phase]
            event["args"] = {"phase": phase}
            if frame.file:
                event["args"] |= {"module": frame.module, "file": f"{frame.file}:{frame.line}"}
        found.append(event)
    return found, last


def _box(pid: int, tid: int, name: str, phase: str, begin: int, end: int) -> list[dict[str, Any]]:
    common = {"name": name, "cat": phase, "pid": pid, "tid": tid}
    return [
        {"ph": "B", "ts": begin / 1000, "cname": COLOURS[phase], **common},
        {"ph": "E", "ts": end / 1000, **common},
    ]


def _thread(pid: int, tid: int, name: str) -> list[dict[str, Any]]:
    return [
        _named("thread_name", pid, tid, name),
        {
            "ph": "M",
            "name": "thread_sort_index",
            "pid": pid,
            "tid": tid,
            "ts": 0,
            "args": {"sort_index": tid},
        },
    ]


def _named(what: str, pid: int, tid: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": what, "pid": pid, "tid": tid, "ts": 0, "args": {"name": name}}


EXPORT = ExportFormat(
    suffix=".trace.json",
    captures=IN_TIME,
    encode=of_views(encode_chrome),
    loading="load it in chrome://tracing, or drop it on https://ui.perfetto.dev",
)
