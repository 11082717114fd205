"""The timeline of a program: what each thread did when, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keras_profile.analysis import program_timeline as timelines
from keras_profile.analysis.program_report import program_report
from keras_profile.model.program_report import (
    ProgramFrame,
    Timeline,
    TimelineRow,
    TimelineSpan,
    WholeProgram,
)
from keras_profile.number_words import duration
from keras_profile.output.program import program_strip, to_page
from keras_profile.output.reports import report_text
from keras_profile.recorder.protocol import events
from keras_profile.recordings.opened import OpenedProgram
from support import streams

SECOND = 1_000_000_000


def row(*spans, end_ns=10 * SECOND):
    return TimelineRow("1", "MainThread", True, 0, end_ns, list(spans))


def call(begin_ns, wall_ns, group=0):
    return TimelineSpan(begin_ns, wall_ns, "inference", "predict", group, 1)


@pytest.fixture
def opened(tmp_path):
    """Imports, one within another, then calls on two threads of one process and one of a second."""
    folder = streams.program(tmp_path / "prog")
    process = streams.Process(folder)
    began = process.now
    process.activity("import", "keras", wall=400 * streams.MS, begin=began)
    process.activity("import", "tensorflow", wall=300 * streams.MS, begin=began + 50 * streams.MS)
    process.now = began + 400 * streams.MS
    process.site()
    process.group()
    process.calls(20)
    process.calls(4, thread=1)
    process.end()
    second = streams.Process(folder, pid=101, parent=100)
    second.site()
    second.group()
    second.calls(8)
    second.end()
    return OpenedProgram(folder)


@pytest.fixture
def report(opened):
    return program_report(opened)


def test_each_call_is_on_its_thread_at_its_time(report):
    rows = report.timeline.rows
    assert [(one.process, one.thread) for one in rows] == [
        ("100", "MainThread"),
        ("100", "worker"),
        ("101", "MainThread"),
    ]
    calls = sum(one.calls for row in rows for one in row.spans)
    assert calls == report.program.calls
    for one in rows:
        ends = 0
        for span in one.spans:
            assert one.begin_ns <= span.begin_ns
            assert span.begin_ns + span.wall_ns <= one.end_ns
            assert span.begin_ns >= ends or span.kind != "inference"
            ends = span.begin_ns + span.wall_ns
    inference_ns = sum(span.wall_ns for one in rows for span in one.spans if span.kind == "inference")
    assert inference_ns == sum(group.total_ns for group in report.groups)


def test_imports_within_an_import_are_not_drawn_twice(report):
    imports = [
        (one.process, span.what, span.wall_ns)
        for one in report.timeline.rows
        for span in one.spans
        if span.kind == "import"
    ]
    assert imports == [("100", "keras", 400 * streams.MS)]


def test_a_thread_for_each_request_has_no_row_of_its_own(tmp_path):
    folder = streams.program(tmp_path / "prog")
    process = streams.Process(folder)
    process.site()
    process.group()
    for thread in range(2, 40):
        process.tell(events.Thread(thread, f"Thread-{thread}"))
        process.calls(2, thread=thread)
    process.end()
    rows = program_report(OpenedProgram(folder)).timeline.rows
    assert [one.thread for one in rows] == ["MainThread", "38 threads"]
    assert sum(one.calls for one in rows[1].spans) == 38 * 3


def test_threads_at_work_at_once_have_rows_of_their_own():
    at_once = [replace(row(call(number, 10)), thread=str(number)) for number in range(4)]
    later = replace(row(call(100, 10)), thread="later")
    assert [one.thread for one in timelines._in_lanes([*at_once, later])] == ["2 threads", "1", "2", "3"]


def test_calls_that_touch_are_one_span():
    (made,) = timelines._small_enough([row(call(0, 5), call(5, 5), call(20, 5), call(25, 5, group=1))])
    assert [(one.begin_ns, one.wall_ns, one.group, one.calls) for one in made.spans] == [
        (0, 10, 0, 2),
        (20, 5, 0, 1),
        (25, 5, 1, 1),
    ]


def test_too_many_calls_have_their_time_in_cells(monkeypatch):
    monkeypatch.setattr(timelines, "MOST_SPANS", 300)
    step = SECOND // 100
    spans = [call(number * step, step // 2, group=number % 2) for number in range(1000)]
    (made,) = timelines._small_enough([row(*spans)])
    assert made.in_cells_of_ns == SECOND // 10
    assert len(made.spans) == 200
    assert {one.begin_ns % made.in_cells_of_ns for one in made.spans} == {0}
    for group in (0, 1):
        assert sum(one.wall_ns for one in made.spans if one.group == group) == 500 * (step // 2)
        assert sum(one.calls for one in made.spans if one.group == group) == 500


def test_one_long_span_among_many_is_whole(monkeypatch):
    monkeypatch.setattr(timelines, "MOST_SPANS", 300)
    step = SECOND // 200
    fit = TimelineSpan(0, 5 * SECOND, "training", "fit")
    spans = [call(5 * SECOND + number * step, step // 2) for number in range(1000)]
    (made,) = timelines._small_enough([row(fit, *spans)])
    assert made.spans[0] == fit


def test_calls_within_training_are_in_its_cells(monkeypatch):
    monkeypatch.setattr(timelines, "MOST_SPANS", 300)
    step = SECOND // 100
    fit = TimelineSpan(0, 10 * SECOND, "training", "fit")
    spans = [call(number * step, step // 2) for number in range(1000)]
    (made,) = timelines._small_enough([row(fit, *spans)])
    assert sum(one.wall_ns for one in made.spans if one.kind == "training") == 5 * SECOND
    assert sum(one.wall_ns for one in made.spans if one.kind == "inference") == 5 * SECOND
    assert sum(one.calls for one in made.spans) == 1000
    assert {(one.kind, one.wall_ns) for one in made.spans} == {
        ("training", SECOND // 20),
        ("inference", SECOND // 20),
    }


def test_what_lies_within_a_span_is_cut_out_of_it():
    outer, inner = TimelineSpan(0, 100, "training", "fit"), TimelineSpan(20, 30, "loading", "load_model")
    found = timelines._apart([outer, inner, call(30, 10), call(100, 5)])
    assert [(one.begin_ns, one.wall_ns, one.kind, one.calls) for one in found] == [
        (0, 20, "training", 0),
        (20, 10, "loading", 0),
        (30, 10, "inference", 1),
        (40, 10, "loading", 0),
        (50, 50, "training", 0),
        (100, 5, "inference", 1),
    ]
    # Such as from clocks that were set: nothing is twice, and no call is lost.
    crossed = timelines._apart([call(0, 20), call(10, 20)])
    assert [(one.begin_ns, one.wall_ns, one.calls) for one in crossed] == [(0, 10, 1), (10, 20, 1)]


def test_a_picture_of_the_main_thread_says_so_where_others_have_calls(report):
    frame = ProgramFrame(-1, "program", "app.py", "", 100, 100)
    whole = WholeProgram(100, 100, 1, [], [frame])
    pages = [None] * len(report.groups)
    assert "the main thread alone" in to_page.render(replace(report, whole=whole), pages).decode()
    mains = Timeline([one for one in report.timeline.rows if one.is_main])
    alone = to_page.render(replace(report, whole=whole, timeline=mains), pages).decode()
    assert "the main thread alone" not in alone


def test_calls_that_ran_at_once_count_once(tmp_path):
    process = streams.Process(streams.program(tmp_path / "app"))
    process.site()
    process.group()
    began = process.now
    process.calls(10)
    took = 10 * 10 * streams.MS + 300 * streams.MS
    process.now = began
    process.calls(10, thread=1)
    process.end()
    report = program_report(OpenedProgram(tmp_path / "app"))
    (group,) = report.groups
    assert (group.union_ns, group.total_ns) == (took, 2 * took)
    told = report_text(report, full=True)
    assert f"22 calls, {duration(took)} (" in told
    assert f"{duration(2 * took)} if simultaneous calls are counted each" in told


def test_threads_beyond_the_most_are_counted(opened, report, monkeypatch):
    monkeypatch.setattr(timelines, "MOST_ROWS", 1)
    timeline = program_report(opened).timeline
    assert len(timeline.rows) == 1
    assert timeline.more_threads == len(report.timeline.rows) - 1 > 0


def test_boxes_of_a_cell_stand_on_each_other():
    cell = SECOND
    made = replace(row(call(0, 600_000_000), call(0, 300_000_000, group=1)), in_cells_of_ns=cell)
    assert list(program_strip._places(made, 10 * SECOND)) == [
        ("0%", "10%", "40%", "60%"),
        ("0%", "10%", "10%", "30%"),
    ]


def test_the_page_has_a_strip_for_each_thread(report):
    page = to_page.render(report, [None] * len(report.groups)).decode()
    assert page.count('class="strip"') == len(report.timeline.rows)
    assert "Over time" in page


def test_a_report_of_an_earlier_version_has_no_strip(report):
    earlier = replace(report, timeline=None)
    assert "Over time" not in to_page.render(earlier, [None] * len(report.groups)).decode()
    assert program_strip.section(replace(report, timeline=Timeline([]))) is None
