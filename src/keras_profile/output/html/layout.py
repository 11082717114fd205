"""Lays out a report and its views as the content and the columns of the page's data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from ...model.drilldown import CallInTime, CallTree, Frame, Functions, MeasuredCalls, Views
from ...model.recorded import to_json
from ...model.report import ReportContent
from ...recorder.protocol import CAPTURES, captures_in_time
from ..words import environment_words, report_words
from .packing import Columns


def lay_out(report: ReportContent, views: Views, columns: Columns, above: str = "") -> dict[str, Any]:
    """The content of the page's data; its numbers go to ``columns``."""
    return {
        "report": msgspec.to_builtins(report, enc_hook=to_json),
        "texts": _texts(report),
        "phases": [{"name": name, "meaning": meaning} for name, meaning in views.phases.items()],
        "frames": _frames(views.frames, columns),
        "trees": [_tree(tree, columns) for tree in views.trees],
        "calls": [_call(call, columns) for call in views.calls_in_time],
        "capturesInTime": _captures_in_time(),
        "measured": _measured(views.measured, [one.name for one in report.captures], columns),
        "functions": None if views.functions is None else _functions(views.functions, columns),
        "notes": views.notes,
        "above": above,
    }


def _texts(report: ReportContent) -> dict[str, Any]:
    """Sentences shared with other outputs."""
    return {
        "headline": report_words.headline(report),
        "interval": report_words.interval_text(report),
        "call": report_words.call_text(report),
        "calls": report_words.calls_text(report),
        "environment": environment_words.machine(report.environment.facts),
        "inputs": report_words.inputs_text(report),
        "basis": report_words.basis_text(report) if report.attribution.agreement else "",
        "mostlyIn": [report_words.phase_internals(report, phase) for phase in report.attribution.phases],
    }


def _frames(frames: Sequence[Frame], columns: Columns) -> dict[str, Any]:
    strings: dict[str, int] = {}

    def numbers(texts: Sequence[str]) -> int:
        return columns.add([strings.setdefault(text, len(strings)) for text in texts])

    return {
        "name": numbers([frame.name for frame in frames]),
        "module": numbers([frame.module for frame in frames]),
        "file": numbers([frame.file for frame in frames]),
        "line": columns.add([frame.line for frame in frames]),
        "kind": columns.add([frame.kind for frame in frames]),
        "strings": list(strings),
    }


def _tree(tree: CallTree, columns: Columns) -> dict[str, Any]:
    row = np.arange(len(tree.parent))
    return {
        "name": tree.name,
        "basis": tree.basis,
        "countsSamples": tree.counts_samples,
        "folded": tree.folded,
        "foldedBelow": tree.folded_below_ns,
        "frame": columns.add(tree.frame),
        "above": columns.add(row - tree.parent),
        "phase": columns.add(tree.phase),
        "self": columns.add(tree.self_ns),
        "count": columns.add(tree.count),
    }


def _call(call: CallInTime, columns: Columns) -> dict[str, Any]:
    return {
        "capture": call.capture,
        "number": call.number,
        "cold": call.cold,
        "wall": call.wall_ns,
        "lanes": [
            {
                "thread": lane.thread,
                "depth": columns.add(lane.depth),
                "begin": columns.add(lane.begin_ns, rising=True),
                "duration": columns.add(lane.duration_ns),
                "frame": columns.add(lane.frame),
                "phase": columns.add(lane.phase),
            }
            for lane in call.lanes
        ],
        "own": {
            "begin": columns.add(call.own.begin_ns, rising=True),
            "end": columns.add(call.own.end_ns, rising=True),
            "phase": columns.add(call.own.phase),
        },
    }


def _captures_in_time() -> list[dict[str, Any]]:
    """Headings and explanations of calls under each capture, and their order."""
    return [
        {
            "name": spec.name,
            "heading": spec.in_time.heading,
            "basis": spec.in_time.basis,
            "preference": spec.in_time.preference,
            "approximate": spec.in_time.approximate,
        }
        for spec in captures_in_time()
        if spec.in_time is not None
    ]


def _measured(measured: MeasuredCalls, order: Sequence[str], columns: Columns) -> dict[str, Any]:
    # The first call is bare, even if bare calls were not asked for.
    captures = sorted(set(measured.capture), key=[*order, *CAPTURES].index)
    return {
        "captures": captures,
        "capture": columns.add([captures.index(name) for name in measured.capture]),
        "cold": columns.add([int(cold) for cold in measured.cold]),
        "wall": columns.add(measured.wall_ns),
        "gc": columns.add(measured.gc_ns),
    }


def _functions(functions: Functions, columns: Columns) -> dict[str, Any]:
    return {
        "calls": functions.calls,
        "wall": functions.wall_ns,
        "frame": columns.add(functions.frame),
        "phase": columns.add(functions.phase),
        "totalCalls": columns.add(functions.total_calls),
        "self": columns.add(functions.self_ns),
        "total": columns.add(functions.total_ns),
        "caller": columns.add(functions.caller),
        "callee": columns.add(functions.callee),
        "edgeCalls": columns.add(functions.edge_calls),
        "edgeTotal": columns.add(functions.edge_ns),
    }
