"""The recordings that came with the repository, and what is kept of their reports.

Two reports are kept whole, one of today's Keras and one of the oldest. Of the others a summary
is kept that a person can review, and of one page what its data come to.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from keras_profile.model.report import ReportContent
from keras_profile.output.reports import data_files, render_page
from keras_profile.recordings.finding import example_names
from keras_profile.recordings.opened import open_recording

from .commands import ROOT
from .pages import unpacked

TRACES, REPORTS = ROOT / "traces", ROOT / "reports"
#: Whose reports are kept whole.
WHOLE = ("demo-keras-3.15", "demo-tf-2.0")
#: Whose page is summed up.
PAGE_OF = "question-tf-2.0/tiny_compiled"


def recordings() -> list[Path]:
    """The recordings that the manifest names. What else lies in ``traces/`` is somebody's own."""
    return [TRACES / name for name in example_names(TRACES)]


def name_of(recording: Path) -> str:
    """The name that the manifest has for a recording."""
    return recording.relative_to(TRACES).as_posix()


def files_of(recording: Path, content: ReportContent) -> dict[str, bytes]:
    """What is kept of a recording's report: the files' names and what is in them."""
    name = name_of(recording)
    kept = dict(data_files(content)) if name in WHOLE else {"summary.txt": summary(content).encode()}
    if name == PAGE_OF:
        kept["page.txt"] = page_summary(render_page(content, open_recording(recording)).decode()).encode()
    return kept


def summary(content: ReportContent) -> str:
    """A report in some twenty lines: its phases, its total, what was found, its notes."""
    attribution = content.attribution
    lines = [
        f"{phase.phase:24}{phase.self_ns:>14,} ns {phase.share:7.1%}  x {phase.count_per_call:.2f}"
        for phase in attribution.phases
    ]
    lines.append(f"{'total':24}{attribution.total_ns:>14,} ns")
    lines += [
        f"found {finding.rule:18}{finding.cost_ns_per_call:>14,} ns  {finding.where or ''}".rstrip()
        for finding in content.findings
        if finding.verdict == "found"
    ]
    lines += [f"{capture.name}: {capture.status}, {capture.calls} calls" for capture in content.captures]
    lines += [f"note: {note}" for note in (*content.notes, *attribution.notes)]
    return "\n".join(lines) + "\n"


def page_summary(page: str) -> str:
    """What the data in a page come to, as its script gets them."""
    content, column = unpacked(page)
    strings, names = content["frames"]["strings"], column(content["frames"]["name"])
    lines = [
        content["texts"]["headline"],
        content["texts"]["calls"],
        content["texts"]["environment"],
        f"{len(names)} frames",
    ]
    for tree in content["trees"]:
        frames, own = column(tree["frame"]), column(tree["self"])
        by_frame: Counter[str] = Counter()
        for frame, ns in zip(frames, own, strict=True):
            by_frame[strings[names[frame]]] += ns
        lines.append(f"tree of {tree['name']}: {len(own)} nodes, {sum(own):,} ns")
        lines += [f"    {ns:>12,} ns of {name}" for name, ns in by_frame.most_common(4)]
    lines += [
        f"{number} calls in time by {capture}"
        for capture, number in Counter(call["capture"] for call in content["calls"]).items()
    ]
    walls, captures = column(content["measured"]["wall"]), column(content["measured"]["capture"])
    for number, name in enumerate(content["measured"]["captures"]):
        mine = [wall for wall, capture in zip(walls, captures, strict=True) if capture == number]
        lines.append(f"{len(mine)} calls measured by {name}, {sum(mine):,} ns")
    edges = column(content["functions"]["edgeCalls"])
    lines.append(f"cProfile: {len(edges)} edges, {sum(edges):,} calls along them")
    return "\n".join(lines) + "\n"
