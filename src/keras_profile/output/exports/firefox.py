"""Writes a recording as a processed profile, which the Firefox Profiler opens.

https://github.com/firefox-devtools/profiler/blob/main/docs-developer/processed-profile-format.md

Each capture is a process and each of its threads a thread, all on one clock, in ms since the first call. A
stretch of time with one stack is a sample weighted by its duration, so the call tree adds up to the time of
the calls. Phases are categories, each with a colour, and markers beside the calls. Tables are columns,
shared by all threads.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import msgspec

from ...analysis.drilldown.lanes import edges
from ...analysis.drilldown.tracks import captured, tracks
from ...model.drilldown import CallInTime, Lane, Views
from ..encoding.boxes import CAPTURES, call_name, call_phases
from ..exporting import IN_TIME, ExportFormat, of_views

#: The version of the format that is written; the profiler upgrades older ones.
VERSION = 62

#: Colours of the profiler's fixed palette: neighbours in a call differ.
COLOURS = {
    "entry": "grey",
    "loop": "grey",
    "input_standardization": "brown",
    "data_adapter": "brown",
    "dataset_building": "orange",
    "iterator_creation": "red",
    "batch_fetching": "lightblue",
    "function_building": "purple",
    "function_tracing": "magenta",
    "compilation": "magenta",
    "dispatch": "blue",
    "execution": "green",
    "eager_execution": "green",
    "callbacks": "yellow",
    "progress_bar": "yellow",
    "output_assembly": "brown",
    "state_reset": "brown",
    "synchronization": "lightblue",
    "distribution": "purple",
    "teardown": "lightred",
    "garbage_collection": "red",
    "undivided": "green",
    "unattributed": "grey",
}

_MARKERS = ("Call", "Phase")


class _Column:
    """Values by number, each once."""

    def __init__(self) -> None:
        self.numbers: dict[Hashable, int] = {}

    def add(self, value: Hashable) -> int:
        return self.numbers.setdefault(value, len(self.numbers))

    def values(self) -> list[Any]:
        return list(self.numbers)


class _Shared:
    """The tables that all threads share."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self.strings, self.sources = _Column(), _Column()
        self.functions, self.frames, self.stacks = _Column(), _Column(), _Column()
        self.phases = list(views.phases)

    def stack(self, prefix: int | None, frame: int, phase: int) -> int:
        """The stack of ``frame`` in ``phase`` below the stack ``prefix``."""
        return self.stacks.add((prefix, self.frames.add((self.functions.add(frame), phase))))

    def tables(self) -> dict[str, Any]:
        frames, functions = self.frames.values(), self.functions.values()
        places = [self.views.frames[frame] for frame in functions]
        names = [self.strings.add(place.name) for place in places]
        sources = [self.sources.add(self.strings.add(place.file)) if place.file else None for place in places]
        lines = [place.line or None for place in places]
        none_of_frames, none_of_functions = [None] * len(frames), [None] * len(functions)
        files = self.sources.values()
        return {
            "frameTable": {
                "length": len(frames),
                "address": [-1] * len(frames),
                "inlineDepth": [0] * len(frames),
                "category": [phase for _, phase in frames],
                "subcategory": [0] * len(frames),
                "func": [function for function, _ in frames],
                "nativeSymbol": none_of_frames,
                "innerWindowID": [0] * len(frames),
                "line": none_of_frames,
                "column": none_of_frames,
            },
            "funcTable": {
                "length": len(functions),
                "name": names,
                "isJS": [False] * len(functions),
                "relevantForJS": [False] * len(functions),
                "resource": [-1] * len(functions),
                "source": sources,
                "lineNumber": lines,
                "columnNumber": none_of_functions,
            },
            "nativeSymbols": {"length": 0, "address": [], "functionSize": [], "libIndex": [], "name": []},
            "resourceTable": {"length": 0, "lib": [], "name": [], "host": [], "type": []},
            "sources": {
                "length": len(files),
                "id": [None] * len(files),
                "filename": files,
                "startLine": [1] * len(files),
                "startColumn": [1] * len(files),
                "sourceMapURL": [None] * len(files),
            },
            "stackTable": {
                "length": len(self.stacks.numbers),
                "prefix": [prefix for prefix, _ in self.stacks.values()],
                "frame": [frame for _, frame in self.stacks.values()],
            },
            "stringArray": self.strings.values(),
        }


def encode_firefox(views: Views, name: str) -> bytes:
    """``views`` of the recording ``name`` as a processed profile."""
    origin = min((call.begin_ns for call in views.calls_in_time), default=0)
    shared = _Shared(views)
    threads = []
    for pid, (capture, title) in enumerate(CAPTURES.items(), 1):
        calls = captured(views, capture, cold=True) + captured(views, capture)
        calls.sort(key=lambda call: call.begin_ns)
        for tid, (thread, lanes) in enumerate(tracks(calls).items(), 1):
            threads.append(
                {
                    "name": thread,
                    "processName": title,
                    "processType": "default",
                    "isMainThread": tid == 1,
                    "pid": str(pid),
                    "tid": f"{pid}.{tid}",
                    "registerTime": 0.0,
                    "unregisterTime": None,
                    "processStartupTime": 0.0,
                    "processShutdownTime": None,
                    "pausedRanges": [],
                    "showMarkersInTimeline": tid == 1,
                    "samples": _samples(lanes, shared, origin),
                    "markers": _markers([call for call, _ in lanes] if tid == 1 else [], shared, origin),
                }
            )
    phases = [{"name": phase, "color": COLOURS[phase], "subcategories": ["Other"]} for phase in views.phases]
    phases.append({"name": "Other", "color": "grey", "subcategories": ["Other"]})
    return msgspec.json.encode(
        {
            "meta": {
                "version": 24,
                "preprocessedProfileVersion": VERSION,
                "product": f"keras_profile: {name}",
                "importedFrom": "keras_profile",
                "startTime": 0.0,
                "interval": 1.0,
                "processType": 0,
                "stackwalk": 1,
                "debug": False,
                "symbolicated": True,
                "categories": phases,
                "markerSchema": [
                    {
                        "name": kind,
                        "tooltipLabel": "{marker.name}",
                        "chartLabel": "{marker.name}",
                        "tableLabel": "{marker.name}",
                        "fields": [],
                        "display": ["marker-chart", "marker-table", "timeline-overview"],
                    }
                    for kind in _MARKERS
                ],
                "sampleUnits": {"time": "ms", "eventDelay": "ms", "threadCPUDelta": "µs"},
                "extensions": {"length": 0, "baseURL": [], "id": [], "name": []},
                "usesOnlyOneStackType": True,
                "sourceCodeIsNotOnSearchfox": True,
            },
            "libs": [],
            "pages": [],
            "counters": [],
            "profilerOverhead": [],
            "shared": shared.tables(),
            "threads": threads,
        }
    )


def _samples(lanes: Sequence[tuple[CallInTime, Lane]], shared: _Shared, origin: int) -> dict[str, Any]:
    """Stretches of time with one stack, and an empty one after each call."""
    stacks: list[int | None] = []
    times: list[float] = []
    weights: list[float] = []
    last = 0

    def add(begin: int, end: int, stack: int | None) -> None:
        stacks.append(stack)
        times.append(begin / 1e6)
        weights.append((end - begin) / 1e6)

    for call, lane in lanes:
        frames, phases = lane.frame.tolist(), lane.phase.tolist()
        above: list[int] = []
        for at, row, opens in edges(lane):
            now = max(last, call.begin_ns - origin + at)
            if above and now > last:
                add(last, now, above[-1])
            last = now
            if opens:
                above.append(shared.stack(above[-1] if above else None, frames[row], phases[row]))
            else:
                above.pop()
                if not above:
                    add(now, now, None)
    return {
        "length": len(stacks),
        "stack": stacks,
        "time": times,
        "weight": weights,
        "weightType": "tracing-ms",
    }


def _markers(calls: Sequence[CallInTime], shared: _Shared, origin: int) -> dict[str, Any]:
    """The calls and, within them, their phases."""
    rows: list[tuple[int, int, str, int, str]] = []
    last = 0
    for call in calls:
        begin_ns = last = max(last, call.begin_ns - origin)
        rows.append((begin_ns, begin_ns + call.wall_ns, call_name(call), len(shared.phases), "Call"))
        for begin, end, phase in call_phases(shared.views, call):
            rows.append((begin_ns + begin, begin_ns + end, phase, shared.phases.index(phase), "Phase"))
            last = begin_ns + end
    return {
        "length": len(rows),
        "category": [category for _, _, _, category, _ in rows],
        "data": [{"type": kind} for _, _, _, _, kind in rows],
        "startTime": [begin / 1e6 for begin, _, _, _, _ in rows],
        "endTime": [end / 1e6 for _, end, _, _, _ in rows],
        "name": [shared.strings.add(name) for _, _, name, _, _ in rows],
        "phase": [1] * len(rows),
    }


EXPORT = ExportFormat(
    suffix=".firefox.json",
    captures=IN_TIME,
    encode=of_views(encode_firefox),
    loading="open it on https://profiler.firefox.com: Load a profile from file",
)
