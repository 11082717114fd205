"""A program's groups as ordinary recordings, its time, and the report of both."""

from __future__ import annotations

import html.parser
import io
import json
import re

import numpy as np
import pytest
from rich.console import Console

import keras_profile
from keras_profile.analysis import program_report
from keras_profile.analysis.program_time import union_ns
from keras_profile.analysis.reports import make_report
from keras_profile.errors import RecordingError
from keras_profile.model.workload import LoadedModel
from keras_profile.output.exporting import export
from keras_profile.output.program.to_page import render as render_program_page
from keras_profile.output.reports import (
    data_files,
    print_report,
    render_markdown,
    render_notebook,
    render_page,
    report_text,
    write_report,
)
from keras_profile.recorder.protocol import CALL_FIELDS, RAISED, SETTLING, events
from keras_profile.recordings import program_groups
from keras_profile.recordings.finding import find_recording
from keras_profile.recordings.json_files import read_report
from keras_profile.recordings.opened import OpenedProgram, open_recording
from support import contents, streams

MS = 1_000_000


@pytest.fixture
def process(tmp_path):
    return streams.Process(streams.program(tmp_path / "traces" / "app"))


def program_of(process):
    return process.folder.parent


def report_of(folder):
    return make_report(OpenedProgram(folder))


def files_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_group_is_an_ordinary_recording(tmp_path):
    made = streams.usual(tmp_path / "traces" / "app")
    report = report_of(made)
    (group,) = report.groups
    folder = made / group.recording
    assert group.recording == "process-100/groups/0"
    recording = open_recording(folder).content
    assert recording.workload.facts.target == "/home/u/app.py:41"
    assert recording.calls.round[0] == -1
    assert recording.calls.cold == [True] + [False] * 40
    own = make_report(open_recording(folder))
    assert own.recording == "app/process-100/groups/0"
    assert find_recording(own.recording, tmp_path / "traces") == folder
    assert own.attribution == group.attribution
    assert own.attribution.phases[0].phase == "dataset_building"
    assert b"<!doctype" in render_page(own, open_recording(folder))[:100]
    data, _ = export(open_recording(folder), "speedscope")
    assert json.loads(data)
    assert report.of_group(group).findings == own.findings


def test_a_report_and_an_export_write_nothing_into_the_recording(tmp_path):
    made = streams.usual(tmp_path / "app")
    before = files_in(made)
    report = report_of(made)
    (tmp_path / "report").mkdir()
    write_report(report, tmp_path / "report", OpenedProgram(made))
    assert (tmp_path / "report" / "group-1" / "report.html").is_file()
    assert export(open_recording(made / report.groups[0].recording), "speedscope")
    assert files_in(made) == before


def test_calls_that_come_while_the_program_goes_on_are_in_the_next_report(tmp_path):
    made = streams.usual(tmp_path / "app")
    assert report_of(made).groups[0].count == 41
    path = made / "process-100" / "calls.bin"
    row = np.frombuffer(path.read_bytes(), dtype=list(CALL_FIELDS))[-1:].copy()
    row["begin_ns"] += row["wall_ns"]
    with path.open("ab") as file:
        file.write(row.tobytes())
    assert report_of(made).groups[0].count == 42


def test_what_older_versions_wrote_for_a_group_is_not_read(tmp_path):
    made = streams.usual(tmp_path / "app")
    folder = made / report_of(made).groups[0].recording
    (folder / "recording.json").write_text("{}")
    (folder / "spans.npz").write_text("")
    assert make_report(open_recording(folder)).attribution == report_of(made).groups[0].attribution


def test_a_group_without_a_folder_of_its_own_is_found(process, monkeypatch, tmp_path):
    process.site()
    process.group()
    for _ in range(4):
        process.call()
    folder = process.folder / "groups" / "0"
    assert not folder.exists()
    assert find_recording("app/process-100/groups/0", tmp_path / "traces") == folder
    assert len(open_recording(folder).content.calls.wall_ns) == 4
    monkeypatch.chdir(process.folder)
    assert open_recording(find_recording("groups/0")).content.calls.wall_ns == [10 * MS] * 4
    monkeypatch.chdir(tmp_path)
    # Messages name it as it was given.
    assert str(open_recording(find_recording("app/process-100/groups/0")).folder) == (
        "traces/app/process-100/groups/0"
    )


def test_a_program_means_its_line_with_most_time_and_a_number_that_is_no_group_none(process, tmp_path):
    for number, calls in ((0, 4), (1, 40), (2, 4)):
        process.site(number=number, line=41 + number)
        process.group(number=number, site=number)
        process.calls(calls, group=number)
    assert find_recording("app", tmp_path / "traces").as_posix().endswith("app/process-100/groups/1")
    with pytest.raises(RecordingError) as caught:
        open_recording(find_recording("app/process-100/groups/9", tmp_path / "traces"))
    assert "app/process-100/groups/0" in caught.value.advice
    for wrong in ("app/process-100/groups/x", "app/process-7/groups/0"):
        with pytest.raises(RecordingError, match="no recording is called"):
            find_recording(wrong, tmp_path / "traces")


def test_calls_that_settle_or_raise_count_for_the_program_alone(process):
    process.site()
    process.group()
    process.calls(4)
    for flags in (SETTLING, RAISED, SETTLING):
        process.call(capture="spans", flags=flags)
        if flags == RAISED:  # it has a block too, which must not be taken for the next one's
            process.spans(process.now, wall=5)
    process.spans(process.call(capture="spans", wall=20 * MS), wall=20 * MS)
    process.end()
    (group,) = report_of(program_of(process)).groups
    assert group.count == 9
    content = open_recording(program_of(process) / group.recording).content
    assert len(content.calls.wall_ns) == 6
    _, warm = open_recording(program_of(process) / group.recording).timelines
    roots = warm.depth == 0
    assert (warm.end - warm.begin)[roots].tolist() == [10 * MS, 20 * MS]


def test_groups_whose_shapes_vary_are_one(process):
    process.site()
    for number, rows in enumerate((1, 2, 3)):
        process.group(number, base=0, varying=number == 1, shape=(rows, 4))
        process.calls(4, group=number)
    process.end()
    report = report_of(program_of(process))
    (group,) = report.groups
    assert group.count == 15
    assert group.workload.facts.inputs[0].shape == [None, 4]
    assert group.workload.facts.call_sites[0].rows is None
    assert group.workload.facts.call_sites[0].longest_run == 15
    content = open_recording(program_of(process) / group.recording).content
    assert content.calls.begin_ns == sorted(content.calls.begin_ns)
    # The first call of another shape is one of the calls: it may be what is slow.
    assert content.calls.cold == [True] + [False] * 14
    assert content.calls.wall_ns.count(300 * MS) == 3
    assert group.workload.facts.varying is True
    assert "1–3 × 4 float32" in report_text(report, full=True)
    # It bears the name of one of them, and is meant by that of each.
    assert group.recording == "process-100/groups/0"
    for number in range(3):
        folder = process.folder / "groups" / str(number)
        assert open_recording(folder).content.calls == content.calls


def test_a_process_that_told_of_no_environment_has_no_phases(process):
    path = process.folder / "process.jsonl"
    path.write_text(
        "".join(line for line in path.read_text().splitlines(keepends=True) if '"environment"' not in line)
    )
    process.site()
    process.group()
    process.calls(10)
    report = report_of(program_of(process))
    assert report.groups[0].attribution is None
    assert report_text(report, full=True)


def test_calls_of_one_line_are_one_group_with_its_shapes(process):
    process.site()
    for number, (rows, count) in enumerate(((32, 12), (8, 1))):
        process.group(number, base=0, shape=(rows, 4))
        process.call(number, wall=300 * MS, flags=1)
        for _ in range(count):
            process.call(number, wall=(10 + rows) * MS)
    process.end()
    report = report_of(program_of(process))
    (group,) = report.groups
    assert group.recording == "process-100/groups/0"
    assert group.count == 15
    assert [(one.inputs[0].shape, one.calls, one.median_ns) for one in group.shapes] == [
        ([32, 4], 13, 42 * MS),
        ([8, 4], 2, 18 * MS),
    ]
    (site,) = group.workload.facts.call_sites
    assert (site.rows, site.row_range, site.longest_run) == (None, [8, 32], 15)
    # Each shape's first call is none of the calls, since there are few shapes.
    assert (group.calls.cold.count, group.calls.warm.median_ns) == (2, 42 * MS)
    text = report_text(report, full=True)
    assert "8–32 × 4 float32" in text
    assert "8 × 4 float32: 2 calls of 18.0 ms" in text


def test_lines_entries_and_models_stay_apart(process):
    process.site()
    process.site(1, line=50)
    process.group(0)
    process.group(1, site=1)
    process.group(2, entry="predict_on_batch")
    process.group(3, model_class="Other")
    for number in range(4):
        process.calls(4, group=number)
    groups = report_of(program_of(process)).groups
    assert len(groups) == 4
    # Calls of one line follow each other, of whatever model.
    runs = {one.recording[-1]: one.workload.facts.call_sites[0].longest_run for one in groups}
    assert runs == {"0": 5, "1": 5, "2": 5, "3": 5}


def test_a_run_of_calls_from_one_line_counts_its_models(process):
    process.site()
    process.group(0)
    process.group(1, model_class="Other")
    for number in range(12):
        process.call(number % 2, model=number % 3)
    sites = [one.workload.facts.call_sites[0] for one in report_of(program_of(process)).groups]
    assert [(site.longest_run, site.models_in_run, site.calls) for site in sites] == [(12, 3, 6), (12, 3, 6)]


def test_the_first_call_of_each_of_several_models_is_cold(process):
    process.site()
    process.group()
    for turn in range(5):
        for model in range(4):
            process.call(model=model, wall=(90 if turn == 0 else 10) * MS, flags=not turn and not model)
    (group,) = report_of(program_of(process)).groups
    assert (group.calls.cold.count, group.calls.cold.total_ns) == (4, 360 * MS)
    assert group.regularity.p95_ns == 10 * MS


def test_models_that_are_made_for_each_call_have_warm_calls(process):
    process.site()
    process.group()
    for model in range(10):
        process.call(model=model, flags=not model)
    (group,) = report_of(program_of(process)).groups
    assert group.calls.cold.count == 1


def test_the_group_that_was_tried_is_the_one_that_stands_for_all(process):
    process.site()
    for number in (0, 1):
        process.group(number, base=0, shape=(number + 1, 4))
        process.calls(4 - number, group=number)
    (folded,) = OpenedProgram(program_of(process)).groups
    assert folded.folder.name == "0"
    (process.folder / "groups" / "1" / "trials.json").write_text("{}")
    (folded,) = OpenedProgram(program_of(process)).groups
    assert folded.folder.name == "1"
    assert [member.group.number for member in folded.members] == [1, 0]


def test_a_group_with_its_first_call_alone_is_listed(process):
    process.site()
    process.site(1, line=50, function="evaluate")
    process.group()
    process.group(1, site=1)
    process.calls(8)
    process.call(1, "spans", wall=200 * MS, flags=1)
    process.end()
    report = report_of(program_of(process))
    assert report.groups[0].site.line == 41
    light = report.groups[1]
    assert light.calls.warm is None
    assert light.attribution is None
    assert light.cold_ns == 200 * MS
    assert not (program_of(process) / light.recording / "recording.json").exists()
    assert "first call 200 ms" in report_text(report, full=True)


def test_loops_are_runs_without_another_line_or_a_long_pause(process):
    process.site()
    process.site(1, line=50)
    process.group()
    process.group(1, site=1)
    for _ in range(5):
        process.call(0)
    process.call(1)
    for number in range(4):
        process.call(0, gap=500 * MS if number == 1 else MS)
    process.call(0, flags=SETTLING)
    report = report_of(program_of(process))
    by_line = {one.site.line: one.workload.facts.call_sites[0].longest_run for one in report.groups}
    assert by_line == {41: 5, 50: 1}


def test_a_pause_before_a_call_that_settles_is_the_recorders_own(process):
    process.site()
    process.group()
    process.call(gap=500 * MS)
    process.call(flags=SETTLING)
    process.call()
    (group,) = report_of(program_of(process)).groups
    assert group.workload.facts.call_sites[0].longest_run == 3


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([], 0),
        ([(0, 10)], 10),
        ([(0, 10), (10, 20)], 20),
        ([(0, 10), (2, 5)], 10),
        ([(5, 6), (0, 10), (8, 12), (30, 31)], 13),
    ],
)
def test_what_overlaps_counts_once(intervals, expected):
    begin, end = (np.array([one[place] for one in intervals], dtype=np.int64) for place in (0, 1))
    assert union_ns(begin, end) == expected


def test_calls_of_several_threads_have_no_more_than_the_program(process):
    process.site()
    process.group()
    for _ in range(20):
        begin = process.now
        for thread in (0, 1):
            process.call(begin=begin, thread=thread, others=thread, wall=(10 + 10 * thread) * MS)
    process.end()
    report = report_of(program_of(process))
    (group,) = report.groups
    assert group.total_ns == 600 * MS
    assert group.share_of_wall <= 1
    assert report.program.inference_ns == 400 * MS
    assert [(one.thread, one.calls) for one in group.threads] == [("worker", 20), ("MainThread", 20)]
    assert (group.waiting.alone_median_ns, group.waiting.together_median_ns) == (10 * MS, 20 * MS)
    assert group.waiting.together_calls == 20
    assert group.workload.facts.threads_in_keras.count(1) == 20


def test_processes_are_on_one_clock(tmp_path):
    made = streams.program(tmp_path / "app")
    for pid, forked in ((100, False), (101, True)):
        process = streams.Process(made, pid=pid, parent=pid - 1, forked=forked, time=streams.TIME + pid - 100)
        process.site()
        process.group()
        process.calls(70)  # a second and 7 ms
        process.end()
    report = report_of(made)
    (group,) = report.groups
    assert (group.process, group.processes, group.count) == (100, [100, 101], 142)
    assert group.share_of_wall == pytest.approx(report.program.inference_share)
    # The second began a second later: spans and calls of both are on the clock of the first.
    content = open_recording(made / group.recording).content
    assert content.calls.begin_ns[71] - content.calls.begin_ns[0] == 1_000 * MS
    _, warm = open_recording(made / group.recording).timelines
    begins = warm.begin[warm.depth == 0].tolist()
    spans = [
        begin
        for begin, name, cold in zip(content.calls.begin_ns, content.calls.capture, content.calls.cold)
        if name == "spans" and not cold
    ]
    assert begins == spans
    assert group.calls.cold.count == 2
    assert [(one.thread, one.calls) for one in group.threads] == [
        ("MainThread of process 100", 71),
        ("MainThread of process 101", 71),
    ]
    assert "app.py:41 in act, 2 processes" in report_text(report, full=True)
    assert report.program.wall_ns == pytest.approx(2_007 * MS, rel=0.01)
    assert report.program.inference_ns <= report.program.wall_ns
    assert [one.forked for one in report.program.processes] == [False, True]
    assert "101 (forked)" in report_text(report, full=True)


def test_loads_within_most_warm_calls_are_those_of_a_call(process):
    process.site()
    process.group()
    process.call(flags=1)
    for _ in range(4):
        begin = process.call()
        process.activity("load_model", "load_model", within=0, begin=begin + 1)
    process.activity("clone_model", "clone_model")
    report = report_of(program_of(process))
    (group,) = report.groups
    assert group.workload.facts.loads == [LoadedModel("load_model", "app.py:7, in main")]
    assert [one.function for one in group.workload.facts.models.made_by] == ["clone_model"]
    assert [(one.kind, one.name) for one in report.program.between] == [("loading", "clone_model")]


def test_a_load_in_the_first_call_alone_is_none_of_a_call(process):
    process.site()
    process.group()
    begin = process.call(flags=1)
    process.activity("load_model", "load_model", within=0, begin=begin + 1)
    for _ in range(4):
        process.call()
    (group,) = report_of(program_of(process)).groups
    assert group.workload.facts.loads == []


def test_settled_calls_before_the_first_that_counts(process):
    process.site()
    process.group()
    process.call(flags=1)
    for wall in (30 * MS, 20 * MS):
        process.call(wall=wall, flags=SETTLING)
    process.call()
    process.call(flags=SETTLING)
    (group,) = report_of(program_of(process)).groups
    assert group.workload.facts.settling_ns == [30 * MS, 20 * MS]


def test_the_report_tells_what_the_program_does_between(process):
    process.site()
    process.group()
    process.calls(10)
    process.activity("fit", "fit", wall=900 * MS)
    process.activity("import", "tensorflow", wall=2_000 * MS)
    process.stacks(
        ([streams.line(60, "slow(x)", "step")], 300, 1), ([streams.line(61, "quick(x)", "step")], 100, 1)
    )
    process.end(raised="ValueError: no")
    report = report_of(program_of(process))
    assert [one.kind for one in report.program.between] == ["importing", "training"]
    assert [one.share for one in report.program.samples] == [0.75, 0.25]
    assert report.program.overhead.total_ns == 4 * MS
    text = report_text(report, 80, full=True)
    for words in ("training: fit at app.py:7", "importing packages (tensorflow 2.00 s)", "ValueError: no"):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_what_is_imported_within_an_import_counts_once(process):
    process.site()
    process.group()
    process.call()
    begin = process.now
    process.activity("import", "keras", begin=begin, wall=900 * MS)
    process.activity("import", "tensorflow", begin=begin + 100 * MS, wall=700 * MS)
    process.activity("import", "tensorflow", begin=begin + 100 * MS, wall=300 * MS, thread=1)
    process.activity("import", "numpy", begin=begin + 900 * MS, wall=50 * MS)
    report = report_of(program_of(process))
    assert [(one.name, one.total_ns // MS, one.count) for one in report.program.between] == [
        ("tensorflow", 1000, 2),
        ("keras", 200, 1),
        ("numpy", 50, 1),
    ]


def test_a_program_that_did_not_end_is_told(tmp_path):
    made = streams.program(tmp_path / "app", exit_code=None, complete=False)
    process = streams.Process(made)
    process.site()
    process.group()
    process.calls(10)
    report = report_of(made)
    assert any("has not ended" in note for note in report.notes)
    assert any("the program had not ended" in note for note in report.groups[0].notes)
    killed = streams.program(tmp_path / "app", exit_code=137)
    assert any("1 of 1 processes ended before" in note for note in report_of(killed).notes)
    stopped = streams.program(
        tmp_path / "app",
        exit_code=130,
        interrupted=True,
        given_up=[{"group": 0, "text": "XLA", "reason": "it did not return within 9 s"}],
    )
    notes = report_of(stopped).notes
    assert "an interrupt or the time limit came while the program ran; figures cover" in notes[0]
    process.end(raised="KeyboardInterrupt: ")
    assert not any("KeyboardInterrupt" in note for note in report_of(stopped).notes)
    assert any("'XLA' is given up" in note for note in notes)


def test_a_program_without_calls_is_told(tmp_path):
    made = streams.program(tmp_path / "app")
    streams.Process(made).end()
    with pytest.raises(RecordingError) as caught:
        report_of(made)
    assert caught.value.kind == program_report.NO_CALLS
    assert caught.value.advice


def test_spans_that_were_cut_off_leave_a_group_without_phases(process):
    process.site()
    process.group()
    process.call(capture="spans")
    (group,) = report_of(program_of(process)).groups
    assert group.calls.warm is None


def test_the_cause_is_found_with_the_loop(tmp_path):
    report = report_of(streams.usual(tmp_path / "app", 100))
    (found,) = [one for one in report.groups[0].findings if one.verdict == "found"]
    assert found.rule == "pipeline_rebuilt"
    assert "101 calls in a row at app.py:41" in found.title
    text = report_text(report, 80, full=True)
    assert text.startswith("app.py: ")
    assert "1. predict at app.py:41 in act\n   101 calls, 1.30 s (99% of the program), median 10.0 ms" in text
    assert "up to 101 calls in a row" in text


def test_files_of_a_report_and_what_reads_them(tmp_path):
    made = streams.usual(tmp_path / "app")
    content = report_of(made)
    place = tmp_path / "report"
    place.mkdir()
    written = write_report(content, place, OpenedProgram(made))
    assert sorted(path.name for path in written) == ["report.html", "report.json", "report.md"]
    for name in ("report.json", "report.md", "report.html"):
        assert (place / "group-1" / name).is_file()
    assert b'href="group-1/report.html"' in (place / "report.html").read_bytes()
    assert read_report(place / "report.json") == content
    loaded = keras_profile.load(place)
    assert loaded.content == content
    assert loaded.groups[0].attribution == content.groups[0].attribution
    assert "101%" not in repr(loaded)
    from_recording = keras_profile.load(made)
    assert from_recording.content == content
    assert from_recording.save(tmp_path / "saved")
    assert "app.py" in from_recording._repr_html_()
    assert read_report(place / "group-1" / "report.json") == content.of_group(content.groups[0])


@pytest.mark.parametrize("name", [contents.HOSTILE, "\"' onload='x' a=\"", "a\n<b>\n/c & d.py", "`<i>`"])
def test_no_name_is_an_element_or_an_attribute_of_the_page(tmp_path, name):
    def shape(name):
        folder = streams.program(tmp_path / ("plain" if name == "plain" else "named"), command=[name])
        process = streams.Process(folder)
        process.site(file=name, function=name, source=name)
        process.group()
        process.calls(10)
        process.activity("fit", name, where=name)
        process.stacks(
            ([streams.line(1, name, name, name, looped=True), streams.library(name, name)], 400, 1),
            ([streams.line(2, name, name, name), streams.inference()], 300, 1),
            ([streams.imported(name)], 200, 1),
        )
        process.end(raised=name)
        found = []

        class Reader(html.parser.HTMLParser):
            def handle_starttag(self, tag, attrs):
                found.append((tag, [attribute for attribute, _ in attrs]))

        report = report_of(folder)
        for page in (render_program_page(report, ["x.html"]).decode(), render_notebook(report)):
            Reader().feed(page)
        # What stands between backticks is code: that is no markup of a name's.
        return [one for one in found if one[0] != "code"]

    assert shape(name) == shape("plain")


def test_each_way_to_write_takes_reports_of_both_kinds(tmp_path):
    content = report_of(streams.usual(tmp_path / "app"))
    (group,) = content.groups
    for report in (content, content.of_group(group)):
        buffer = io.StringIO()
        print_report(report, Console(file=buffer, width=80))
        answer = report_text(report, 80, full=True).splitlines()[0]
        assert buffer.getvalue().splitlines()[0] == answer
        assert answer[:20] in render_markdown(report)
        assert answer[:20] in render_notebook(report)
        assert [name for name, _ in data_files(report)] == ["report.json", "report.md"]


def test_names_are_escaped_everywhere(tmp_path):
    made = streams.program(tmp_path / "app", command=[contents.HOSTILE])
    process = streams.Process(made)
    process.site(
        file=contents.HOSTILE,
        function=contents.HOSTILE,
        source=contents.HOSTILE,
        through={"file": contents.HOSTILE, "line": 1, "function": contents.HOSTILE},
    )
    process.group()
    process.calls(10)
    process.activity("fit", contents.HOSTILE, where=contents.HOSTILE)
    process.stacks(
        (
            [
                streams.line(1, contents.HOSTILE, contents.HOSTILE, contents.HOSTILE, looped=True),
                streams.library(contents.HOSTILE, contents.HOSTILE),
            ],
            400,
            1,
        ),
        ([streams.imported(contents.HOSTILE)], 200, 1),
    )
    process.tell(events.Announce(contents.HOSTILE))
    process.end(raised=contents.HOSTILE)
    report = report_of(made)
    page = render_program_page(report, [None]).decode()
    markdown = render_markdown(report)
    text = report_text(report, full=True)
    assert "<script" not in page
    assert "default-src 'none'" in page
    outside_code = [part for number, part in enumerate(markdown.split("````")) if number % 2 == 0]
    assert "<script" not in re.sub(r"(?s)```.*?```", "", "".join(outside_code))
    for output in (page, markdown, text):
        assert not {"\x1b", "\x07"} & set(output)
    for parts in ("http://", "https://", "style="):
        assert parts not in page


def test_a_light_group_writes_no_folder(process, tmp_path):
    process.site()
    process.group()
    process.call(flags=1)
    process.end()
    content = report_of(program_of(process))
    place = tmp_path / "report"
    place.mkdir()
    write_report(content, place, OpenedProgram(program_of(process)))
    assert not (place / "group-1").exists()
    assert "No warm call" in (place / "report.md").read_text()
    assert program_groups.read_program(program_of(process)).content.complete
