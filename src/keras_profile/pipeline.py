"""The order of the stages, and nothing else.

Recording -> timeline, samples, traces -> attribution -> report -> files. Every stage but
recording is a pure function of what the stage before saved.
"""
from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from . import store
from .comparisons.costs import batch_size, fit_scaling
from .comparisons.verdicts import compare_trials, trial_notes
from .errors import RecordingError
from .model.call_graph import CallGraph
from .model.evidence import Evidence
from .model.recording import CaptureOutcome, Recording
from .model.report import REPORT_SCHEMA, ReportContent
from .model.samples import Samples
from .model.timeline import Timeline
from .model.trace import Trace
from .model.views import Views
from .phases.attribution import attribute, cold_phases, nothing_attributed, row_phases
from .phases.figures import call_figures, capture_figures, memory_growth, recording_notes, warm_up
from .phases.functions import function_costs
from .phases.internals import internals_table
from .phases.reconciliation import lost_internals, reconciliation_notes
from .phases.span_facts import span_facts
from .readers.cprofile import read_cprofile
from .readers.local_trace import read_local_trace
from .readers.pyinstrument import read_pyinstrument
from .readers.spans import read_spans
from .readers.trace_json import read_trace_json
from .readers.xspace import read_xspace
from .recorder.protocol import FILES
from .rules.catalogue import RULES
from .rules.engine import judge_all
from .rules.rule import Rule
from .views import assembly
from .views.timelines import MOST_CALLS
from .writers.chrome import encode_chrome
from .writers.collapsed import encode_collapsed
from .writers.firefox import encode_firefox
from .writers.html import render_html
from .writers.markdown import render_markdown
from .writers.pprof import encode_pprof
from .writers.pstats import encode_pstats
from .writers.pyinstrument_page import render_pyinstrument
from .writers.speedscope import encode_speedscope
from .writers.xspace import encode_xspace

#: Every format that a report is written in: file name and what makes its content.
REPORT_FILES = {
    "report.json": store.encode_report,
    "report.md": lambda content: render_markdown(content).encode(),
}

#: The page, which shows more than the report has: it needs the recording too.
HTML_FILE = "report.html"

#: Every format that TensorFlow has written traces in, the richest first.
TRACE_FORMATS = (
    ("*.xplane.pb", read_xspace),
    ("*.trace.json.gz", read_trace_json),
    ("local.trace", read_local_trace),
)


def internals_for_recorder() -> list[tuple[str, str, str, bool]]:
    """The internals table as a request carries it."""
    return [(row.module, row.qualname, row.phase, row.probed) for row in internals_table()]


def make_report(folder: Path, rules: Sequence[Rule] = RULES) -> ReportContent:
    """The report of the recording in ``folder``, with what ``rules`` find.

    Raises :class:`RecordingError`.
    """
    recording = store.read_recording(folder)
    content = recording.content
    outcomes = {outcome.name: outcome for outcome in content.captures}
    figures = call_figures(recording)
    total_ns = figures.warm.median_ns
    evidence = Evidence(content.workload, content.environment, figures, memory=memory_growth(recording),
                        warm_up=warm_up(recording))
    notes = recording_notes(recording)
    trials = store.read_trials(folder)
    if content.calls.wall("spans") and _has(outcomes, "spans"):
        cold_calls, warm = read_timelines(recording)
        cold = cold_phases(recording, cold_calls) if cold_calls.calls else []
        figures = replace(figures, cold=replace(figures.cold, phases=cold))
        graph, traces = _call_graph(folder, outcomes), _traces(folder, outcomes)
        lost = lost_internals(graph, warm, content.internals)
        attribution = attribute(
            recording, warm, _samples(folder, outcomes), graph, lost, traces, total_ns)
        notes += reconciliation_notes(lost, str(content.environment["python"]))
        evidence = replace(
            evidence, calls=figures, phases={one.phase: one for one in attribution.phases},
            internals=attribution.internals, spans=span_facts(warm, content.internals, row_phases(recording)),
            native=attribution.native if traces else None, layers=attribution.layers if traces else None,
            functions=None if graph is None else function_costs(graph, total_ns))
    else:
        attribution = nothing_attributed(total_ns, asked="spans" in outcomes or trials is None)
    if trials is not None:
        notes += trial_notes(trials)
    return ReportContent(
        schema=REPORT_SCHEMA,
        recording=store.name_in_report(folder),
        environment=content.environment,
        workload=content.workload,
        calls=figures,
        captures=[capture_figures(recording, outcome) for outcome in content.captures],
        attribution=attribution,
        findings=judge_all(evidence, rules),
        comparisons=[] if trials is None else compare_trials(trials),
        notes=notes + attribution.notes,
        scaling=None if trials is None else fit_scaling(trials, batch_size(content.workload)),
    )


def read_timelines(recording: Recording) -> tuple[Timeline, Timeline]:
    """The cold and the warm calls under spans. Raises :class:`RecordingError`."""
    calls = recording.content.calls
    timeline = read_spans(recording.folder / FILES["spans"])
    cold = np.array([
        is_cold for name, is_cold in zip(calls.capture, calls.cold) if name == "spans"], dtype=bool)
    # Ctrl-C may fall between a call's end and its row in the table: the call is left out.
    unknown = max(0, timeline.calls - len(cold))
    return (timeline.select(np.append(cold, np.zeros(unknown, dtype=bool))),
            timeline.select(np.append(~cold, np.zeros(unknown, dtype=bool))))


def read_traces(folder: Path) -> list[Trace]:
    """The TensorFlow traces of the recording in ``folder``, in the order they were taken."""
    return [trace for run in _runs(folder) for trace in read_run(run)]


def read_run(run: Path) -> list[Trace]:
    """The traces of one run, from the richest format that it was written in."""
    for pattern, read in TRACE_FORMATS:
        paths = sorted(run.glob(pattern))
        if paths:
            return [read(path) for path in paths]
    return []


def make_views(
    folder: Path, content: ReportContent, most_calls: int = MOST_CALLS,
) -> Views:
    """What a reader digs through, of the recording in ``folder`` and its report ``content``."""
    recording = store.read_recording(folder)
    outcomes = {outcome.name: outcome for outcome in recording.content.captures}
    has_spans = _has(outcomes, "spans") and (folder / FILES["spans"]).exists()
    cold, warm = read_timelines(recording) if has_spans else (None, None)
    return assembly.make_views(
        recording, content, cold, warm, _samples(folder, outcomes), _call_graph(folder, outcomes),
        _traces(folder, outcomes), most_calls)


@dataclass(frozen=True)
class ExportFormat:
    """A format of other programs' that a recording can be written in.

    ``captures`` are those that it can show: one of them must be in the recording.
    ``encode`` makes the file of a recording's folder, and says what is left out of it.
    """

    suffix: str
    captures: tuple[str, ...]
    encode: Callable[[Path], tuple[bytes, list[str]]]


def _of_views(
    encode: Callable[[Views, str], bytes], shows: str = "calls_in_time",
) -> Callable[[Path], tuple[bytes, list[str]]]:
    """A format that is made of a recording's views, with all calls in time that there are.

    What it ``shows`` of them must not be empty.
    """
    def made(folder: Path) -> tuple[bytes, list[str]]:
        views = make_views(folder, make_report(folder), most_calls=sys.maxsize)
        if not getattr(views, shows):
            raise RecordingError(
                f"{folder}: expected warm calls, found none that were recorded in full",
                "record again with: keras-profile run TARGET")
        return encode(views, folder.name), views.notes

    return made


def _pstats(folder: Path) -> tuple[bytes, list[str]]:
    return encode_pstats(read_cprofile(folder / FILES["cprofile_table"])), []


_IN_TIME = ("spans", "pyinstrument", "tensorflow")

#: Every format that a recording is exported in. Perfetto reads Chrome's.
EXPORT_FORMATS = {
    "speedscope": ExportFormat(".speedscope.json", _IN_TIME, _of_views(encode_speedscope)),
    "chrome": ExportFormat(".trace.json", _IN_TIME, _of_views(encode_chrome)),
    "perfetto": ExportFormat(".trace.json", _IN_TIME, _of_views(encode_chrome)),
    "firefox": ExportFormat(".firefox.json", _IN_TIME, _of_views(encode_firefox)),
    "collapsed": ExportFormat(
        ".collapsed.txt", ("spans", "pyinstrument"), _of_views(encode_collapsed, "trees")),
    "pprof": ExportFormat(".pb.gz", _IN_TIME, _of_views(encode_pprof)),
    "pstats": ExportFormat(".prof", ("cprofile",), _pstats),
}


def export(folder: Path, name: str) -> tuple[bytes, list[str]]:
    """The recording in ``folder`` in the format ``name``, and notes of what is not in it.

    Raises :class:`KerasProfileError`, also where it has no capture that the format shows.
    """
    chosen = EXPORT_FORMATS[name]
    outcomes = {one.name: one for one in store.read_recording(folder).content.captures}
    files = {"spans": "spans", "pyinstrument": "pyinstrument", "tensorflow": "tensorflow",
             "cprofile": "cprofile_table"}
    lacking = [one for one in chosen.captures
               if not _has(outcomes, one) or not (folder / FILES[files[one]]).exists()]
    if len(lacking) == len(chosen.captures):
        wanted = " or ".join(chosen.captures)
        raise RecordingError(
            f"{folder}: expected the capture {wanted}, which {name} shows, found none",
            f"record again with: keras-profile run TARGET --captures bare,spans,{chosen.captures[0]}"
            if chosen.captures[0] != "spans" else "record again with: keras-profile run TARGET")
    data, notes = chosen.encode(folder)
    return data, [f"there is no capture {one}: what it would show is left out" for one in lacking] + notes


def render_page(content: ReportContent, recording: Path) -> bytes:
    """The page of a report and the ``recording`` that it is of."""
    return render_html(content, make_views(recording, content))


def write_report(content: ReportContent, folder: Path, recording: Path | None = None) -> list[Path]:
    """Writes the report's files into ``folder``, which must exist; their paths.

    With the folder of its ``recording`` the page is written too.
    """
    files = [(name, encode(content)) for name, encode in REPORT_FILES.items()]
    if recording is not None:
        files.append((HTML_FILE, render_page(content, recording)))
    return store.write_files(folder, files)


def write_pyinstrument(recording: Path, folder: Path) -> Path | None:
    """Writes pyinstrument's own page of the session in ``recording`` into ``folder``.

    None where there is no session. Raises :class:`RecordingError`.
    """
    session = recording / FILES["pyinstrument"]
    if not session.is_file():
        return None
    return store.write_files(folder, [("pyinstrument.html", render_pyinstrument(session.read_bytes()))])[0]


def write_tensorboard(recording: Path, folder: Path) -> Path | None:
    """Writes the traces of ``recording`` into ``folder/tensorboard``, which TensorBoard opens.

    Each round is a run. TensorBoard writes caches beside the traces it opens, so it gets
    copies, and what releases before XSpace wrote is converted. None where there is no
    trace. Raises :class:`KerasProfileError`.
    """
    entry = str(store.read_recording(recording).content.workload["entry_point"])
    files = []
    for run in _runs(recording):
        name = f"tensorboard/plugins/profile/{run.parents[2].name}"
        files += [(f"{name}/{file}", data) for file, data in _tensorboard_files(run, entry)]
    if not files:
        return None
    store.write_files(folder, files)
    return folder / "tensorboard"


def _tensorboard_files(run: Path, entry: str) -> list[tuple[str, bytes]]:
    """The traces of one run by the file names that TensorBoard knows."""
    paths = sorted(run.glob("*.xplane.pb"))
    if paths:
        return [(path.name, path.read_bytes()) for path in paths]
    return [(f"{Path(trace.source).name.split('.')[0]}.xplane.pb", encode_xspace(trace, entry))
            for trace in read_run(run)]


def _has(outcomes: dict[str, CaptureOutcome], name: str) -> bool:
    return name in outcomes and outcomes[name].status != "skipped"


def _call_graph(folder: Path, outcomes: dict[str, CaptureOutcome]) -> CallGraph | None:
    path = folder / FILES["cprofile_table"]
    return read_cprofile(path) if _has(outcomes, "cprofile") and path.exists() else None


def _samples(folder: Path, outcomes: dict[str, CaptureOutcome]) -> Samples | None:
    path = folder / FILES["pyinstrument"]
    return read_pyinstrument(path) if _has(outcomes, "pyinstrument") and path.exists() else None


def _traces(folder: Path, outcomes: dict[str, CaptureOutcome]) -> list[Trace]:
    return read_traces(folder) if _has(outcomes, "tensorflow") else []


def _runs(folder: Path) -> list[Path]:
    """The folders of the recording's TensorFlow traces, one for each round."""
    return sorted((folder / FILES["tensorflow"]).glob("*/plugins/profile/*"))
