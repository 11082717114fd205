"""Exports: balanced, never decreasing, and adding up to what the recording has, for any calls."""

from __future__ import annotations

import gzip
import json
import marshal
import pstats
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_profile import cli
from keras_profile.analysis.attribution.partition import partition
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.analysis.drilldown.assembly import MeasuredCalls, views_of
from keras_profile.analysis.drilldown.lanes import edges, own_stretches
from keras_profile.analysis.drilldown.tracks import tracks
from keras_profile.analysis.reports import make_report
from keras_profile.errors import KerasProfileError
from keras_profile.model.call_graph import CallGraph, Function
from keras_profile.model.drilldown import FUNCTION, NATIVE, PART, CallInTime, CallTree, Frame, Lane, Views
from keras_profile.output import exporting
from keras_profile.output.encoding.boxes import call_phases
from keras_profile.output.exporting import export
from keras_profile.output.exports import chrome, firefox
from keras_profile.output.exports.chrome import encode_chrome
from keras_profile.output.exports.collapsed import encode_collapsed
from keras_profile.output.exports.firefox import encode_firefox
from keras_profile.output.exports.pprof import VALUES, encode_pprof
from keras_profile.output.exports.pstats import encode_pstats
from keras_profile.output.exports.speedscope import encode_speedscope
from keras_profile.recordings.json_files import read_recording
from keras_profile.recordings.opened import open_recording
from keras_profile.recordings.readers.wire import fields, read_varint
from support import trees

DEMO = Path(__file__).parents[2] / "traces" / "demo-tf-2.0"
#: A name with everything in it that some format could take for its own.
HOSTILE = '<a>; b\n"c"\\d\x00\u2028 é'
FRAMES = [
    Frame("the call", "", "", 0, PART),
    Frame("Model.predict", "keras.a", "/k/a.py", 3, FUNCTION),
    Frame(HOSTILE, HOSTILE, HOSTILE, 9, FUNCTION),
    Frame("MatMul", "", "", 0, NATIVE),
]
ENTRY, TRACING, EXECUTION = NUMBER["entry"], NUMBER["function_tracing"], NUMBER["execution"]
NONE = NUMBER["unattributed"]


def column(*values):
    return np.array(values, dtype=np.int64)


def lane(*boxes, thread="calling thread"):
    """A lane of boxes: depth, begin, duration, frame, phase."""
    return Lane(thread, *(np.array(values, dtype=np.int64) for values in zip(*boxes)))


def called(capture, number, cold, wall_ns, lanes, begin_ns=0):
    """A call in time with its own time."""
    return CallInTime(capture, number, cold, wall_ns, lanes, own_stretches(lanes[0]), begin_ns)


def views(calls=(), call_trees=(), notes=()):
    return Views(
        dict(PHASES), FRAMES, list(call_trees), list(calls), MeasuredCalls([], [], [], []), None, list(notes)
    )


#: A call of 100 ns: 10 before predict, 80 in it, of which 30 run the model, 10 after.
ONE = lane((0, 0, 100, 0, NONE), (1, 10, 80, 1, ENTRY), (2, 20, 30, 2, EXECUTION))
TREE = CallTree(
    "samples",
    "by samples",
    True,
    column(0, 1, 2, 2),
    column(-1, 0, 1, 1),
    column(NONE, ENTRY, EXECUTION, TRACING),
    column(0, 700, 1600, 700),
    column(0, 1, 2, 1),
)


@pytest.fixture
def both():
    """Two warm calls and a cold one under spans, one traced with another thread, and a tree."""
    other = lane((0, 15, 90, 3, ENTRY), (1, 20, 10, 3, ENTRY), thread="pool")
    return views(
        [
            called("spans", 0, True, 100, [ONE], 5_000),
            called("spans", 0, False, 100, [ONE], 6_000),
            called("spans", 1, False, 100, [ONE], 7_000),
            called("tensorflow", 0, False, 100, [ONE, other, other], 8_000),
            called("tensorflow", 1, False, 100, [ONE, other], 9_001),
        ],
        [TREE],
        ["a note"],
    )


# --- nesting ---


@st.composite
def lanes(draw):
    """Lanes as clocks that were read apart could give them: depths that nest, times that need not."""
    boxes, depth = [(0, 0, draw(st.integers(0, 60)), 0, NONE)], 0
    for _ in range(draw(st.integers(0, 12))):
        depth = draw(st.integers(1, depth + 1))
        boxes.append(
            (
                depth,
                draw(st.integers(0, 70)),
                draw(st.integers(0, 70)),
                draw(st.integers(1, 3)),
                draw(st.sampled_from([ENTRY, TRACING, EXECUTION])),
            )
        )
    return lane(*boxes)


@given(lanes())
def test_boxes_balance_and_never_go_back(one):
    now, open_rows, seen = 0, [], []
    for at, row, opens in edges(one):
        assert at >= now
        now = at
        if opens:
            assert one.depth[row] == len(open_rows)
            open_rows.append(row)
            seen.append(row)
        else:
            assert open_rows.pop() == row
    assert open_rows == []
    assert seen == list(range(len(one.depth)))
    assert now == one.duration_ns[0]


@given(lanes())
def test_phases_cover_the_call_without_gaps(one):
    runs = call_phases(views(), called("spans", 0, False, 0, [one]))
    bounds = [0, *(end for _, end, _ in runs)]
    assert [begin for begin, _, _ in runs] == bounds[:-1]
    assert bounds[-1] == one.duration_ns[0]


def test_what_nests_is_left_as_it_is():
    assert list(edges(ONE)) == [
        (0, 0, True),
        (10, 1, True),
        (20, 2, True),
        (50, 2, False),
        (90, 1, False),
        (100, 0, False),
    ]


def test_phases_of_a_call_are_those_of_the_partition():
    made = trees.timeline(
        trees.call(
            0,
            200,
            trees.span("gc", 2, 5),
            trees.span("entry", 10, 150, trees.span("execution", 20, 60)),
            trees.span("teardown", 150, 160),
            trees.span("dispatch", 170, 180),
            trees.span("teardown", 190, 195),
        )
    )
    parts = partition(made, trees.ROWS)
    one = Lane("t", made.depth, made.begin, made.end - made.begin, made.internal * 0, parts.phase)
    found = dict.fromkeys(PHASES, 0)
    for begin, end, phase in call_phases(views(), called("spans", 0, False, 200, [one])):
        found[phase] += end - begin
    assert list(found.values()) == parts.self_ns[0].tolist()


def test_threads_of_one_name_are_told_apart_and_the_calling_one_is_first(both):
    calls = [call for call in both.calls_in_time if call.capture == "tensorflow"]
    assert {name: len(found) for name, found in tracks(calls).items()} == {
        "calling thread": 2,
        "pool": 2,
        "pool (2)": 1,
    }
    assert next(iter(tracks(calls))) == "calling thread"


# --- speedscope ---


def evented(profile):
    """The own time of each frame of an evented profile, which must balance."""
    assert profile["type"] == "evented"
    open_frames, now, own = [], 0, {}
    for event in profile["events"]:
        assert profile["startValue"] <= now <= event["at"] <= profile["endValue"]
        if open_frames:
            own[open_frames[-1]] = own.get(open_frames[-1], 0) + event["at"] - now
        now = event["at"]
        if event["type"] == "O":
            open_frames.append(event["frame"])
        else:
            assert open_frames.pop() == event["frame"]
    assert open_frames == []
    return own


def test_speedscope_has_a_profile_for_each_way_to_look(both):
    file = json.loads(encode_speedscope(both, "demo"))
    names = [profile["name"] for profile in file["profiles"]]
    assert names == [
        "internals in 2 warm calls, end to end",
        "phases of 2 warm calls, end to end",
        "sampled Python functions, scaled to one call",
        "TensorFlow's trace of 2 calls: calling thread",
        "TensorFlow's trace of 2 calls: pool",
        "TensorFlow's trace of 2 calls: pool (2)",
        "internals in the first call",
    ]
    named = [frame["name"] for frame in file["shared"]["frames"]]
    internals, phases, samples = file["profiles"][:3]
    own = {named[frame]: ns for frame, ns in evented(internals).items()}
    assert own == {"the call": 40, "[entry]": 0, "Model.predict": 100, "[execution]": 0, HOSTILE: 60}
    assert internals["endValue"] == 200
    by_phase = {}
    for stack, weight in zip(phases["samples"], phases["weights"]):
        by_phase[named[stack[0]]] = by_phase.get(named[stack[0]], 0) + weight
    assert by_phase == {"[entry]": 120, "[execution]": 60, "[teardown]": 20}
    assert sum(samples["weights"]) == samples["endValue"] == 3000
    assert len(samples["samples"]) == len(samples["weights"])
    # Another thread outlasts its call by 5 ns: the next call begins after that, on all threads.
    assert {profile["endValue"] for profile in file["profiles"][3:6]} == {210}


@settings(max_examples=25)
@given(st.lists(lanes(), min_size=1, max_size=4))
def test_speedscope_balances_whatever_is_in_it(found):
    made = views(
        [
            called("tensorflow", number, False, int(one.duration_ns[0]), [one, one], 0)
            for number, one in enumerate(found)
        ]
    )
    for profile in json.loads(encode_speedscope(made, "x"))["profiles"]:
        assert sum(evented(profile).values()) <= profile["endValue"]


# --- Chrome ---


def slices(file):
    """(thread, name, begin, end) in ns of every box of a file, which must nest in each thread."""
    threads, open_boxes, last, found = {}, {}, {}, []
    processes = {}
    for event in file["traceEvents"]:
        place = event["pid"], event["tid"]
        if event["ph"] == "M":
            if event["name"] == "process_name":
                processes[event["pid"]] = event["args"]["name"].split(":")[0]
            elif event["name"] == "thread_name":
                threads[place] = f"{processes[event['pid']]}/{event['args']['name']}"
            continue
        at = round(event["ts"] * 1000)
        assert at >= last.get(place, 0)
        assert at / 1000 == event["ts"]
        last[place] = at
        if event["ph"] == "B":
            open_boxes.setdefault(place, []).append((event["name"], at))
        else:
            name, begin = open_boxes[place].pop()
            assert event["name"] == name
            found.append((threads[place], name, begin, at))
    assert not any(open_boxes.values())
    return found


def test_chrome_has_all_captures_on_one_clock(both):
    found = slices(json.loads(encode_chrome(both, "demo")))
    assert ("spans/calling thread", "first call", 0, 100) in found
    assert ("spans/calling thread", "call 2", 2_000, 2_100) in found
    assert ("spans/phases", "execution", 2_020, 2_050) in found
    assert ("tensorflow/pool", "MatMul", 3_015, 3_105) in found
    assert ("tensorflow/calling thread", "call 2", 4_001, 4_101) in found


def test_chrome_cuts_what_would_overlap():
    calls = [called("spans", number, False, 100, [ONE], begin) for number, begin in enumerate((0, 95))]
    found = slices(json.loads(encode_chrome(views(calls), "x")))
    assert [(begin, end) for _, name, begin, end in found if name.startswith("call ")] == [
        (0, 100),
        (100, 195),
    ]


@settings(max_examples=25)
@given(st.lists(st.tuples(lanes(), st.integers(0, 200)), min_size=1, max_size=4))
def test_chrome_nests_whatever_is_in_it(found):
    made = views(
        [
            called("spans", number, False, int(one.duration_ns[0]), [one], begin)
            for number, (one, begin) in enumerate(found)
        ]
    )
    slices(json.loads(encode_chrome(made, "x")))


@pytest.mark.parametrize("writer", [chrome, firefox])
def test_every_phase_has_a_colour(writer):
    assert set(writer.COLOURS) == set(PHASES)


# --- Firefox ---


def test_firefox_tables_hold_together_and_samples_weigh_what_they_last(both):
    file = json.loads(encode_firefox(both, "demo"))
    shared = file["shared"]
    for table in ("frameTable", "funcTable", "stackTable", "sources"):
        lengths = {len(values) for name, values in shared[table].items() if name != "length"}
        assert lengths == {shared[table]["length"]}
    assert [thread["name"] for thread in file["threads"]] == [
        "calling thread",
        "calling thread",
        "pool",
        "pool (2)",
    ]
    for thread in file["threads"]:
        for table in ("samples", "markers"):
            columns = [values for values in thread[table].values() if isinstance(values, list)]
            assert {len(values) for values in columns} == {thread[table]["length"]}
        assert thread["samples"]["time"] == sorted(thread["samples"]["time"])
    spans = file["threads"][0]
    assert sum(spans["samples"]["weight"]) == pytest.approx(300e-6)
    by_phase = {}
    for stack, weight in zip(spans["samples"]["stack"], spans["samples"]["weight"]):
        if stack is not None:
            category = shared["frameTable"]["category"][shared["stackTable"]["frame"][stack]]
            name = file["meta"]["categories"][category]["name"]
            by_phase[name] = by_phase.get(name, 0) + weight
    assert by_phase == pytest.approx({"unattributed": 60e-6, "entry": 150e-6, "execution": 90e-6})
    names = [shared["stringArray"][name] for name in spans["markers"]["name"]]
    assert names == [
        "first call",
        "entry",
        "execution",
        "entry",
        "teardown",
        "call 1",
        "entry",
        "execution",
        "entry",
        "teardown",
        "call 2",
        "entry",
        "execution",
        "entry",
        "teardown",
    ]


@settings(max_examples=25)
@given(st.lists(st.tuples(lanes(), st.integers(0, 200)), min_size=1, max_size=4))
def test_firefox_samples_never_go_back(found):
    made = views(
        [
            called("spans", number, False, int(one.duration_ns[0]), [one], begin)
            for number, (one, begin) in enumerate(found)
        ]
    )
    (thread,) = json.loads(encode_firefox(made, "x"))["threads"]
    assert thread["samples"]["time"] == sorted(thread["samples"]["time"])
    assert min(thread["samples"]["weight"]) >= 0


# --- collapsed ---


def test_collapsed_stacks_are_a_line_each_and_sum_to_the_call():
    lines = encode_collapsed(views(call_trees=[TREE]), "x").decode().splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["1", "1", "1"]
    assert lines[0].startswith("the call;[entry];keras.a.Model.predict ")
    hostile = lines[1].rpartition(" ")[0].split(";")
    assert hostile[1] == "[execution]"
    assert hostile[3] == '<a>, b "c"\\d\\x00\\u2028 é.<a>, b "c"\\d\\x00\\u2028 é'


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=20))
def test_rounding_neither_makes_nor_loses_time(own):
    size = len(own)
    tree = CallTree(
        "samples",
        "",
        True,
        column(0, *[1] * (size - 1)),
        column(-1, *range(size - 1)),
        column(*[ENTRY] * size),
        column(*own),
        column(*[1] * size),
    )
    lines = encode_collapsed(views(call_trees=[tree]), "x").decode().splitlines()
    assert abs(sum(int(line.rpartition(" ")[2]) for line in lines) * 1000 - sum(own)) <= 500


# --- pprof ---


def decoded(data):
    """Samples of a pprof file as (frames from the call on, values, labels), and its value types."""
    table, samples, functions, locations, types = [], [], {}, {}, []
    for number, _, value in fields(memoryview(gzip.decompress(data))):
        if number == 6:
            table.append(bytes(value).decode())
        elif number == 1:
            types.append(numbers(value))
        elif number == 2:
            samples.append(value)
        elif number == 4:
            inner = {one: content for one, _, content in fields(value)}
            locations[read_varint(inner[1], 0)[0]] = numbers(inner[4])[1]
        elif number == 5:
            function = numbers(value)
            functions[function[1]] = function[2]
    found = []
    for sample in samples:
        ids, values, labels = [], [], {}
        for number, _, value in fields(sample):
            if number == 3:
                label = numbers(value)
                labels[table[label[1]]] = table[label[2]]
            else:
                (ids if number == 1 else values).extend(packed(value))
        found.append(([table[functions[locations[one]]] for one in reversed(ids)], values, labels))
    return found, [(table[one[1]], table[one[2]]) for one in types]


def numbers(message):
    return {number: read_varint(value, 0)[0] for number, kind, value in fields(message) if kind == 0}


def packed(value):
    found, position = [], 0
    while position < len(value):
        one, position = read_varint(value, position)
        found.append(one)
    return found


def test_pprof_has_values_of_each_capture_and_labels_of_phases(both):
    samples, types = decoded(encode_pprof(both, "demo"))
    assert types == list(VALUES)
    sums = [sum(values) for values in zip(*(values for _, values, _ in samples))]
    # Of TensorFlow: each call 100 ns on its own thread, 90 in the pool, once twice.
    assert sums == [4, 3000, 0, 0, 12, (200 + 270) // 2]
    assert (["the call", "Model.predict"], [1, 700, 0, 0, 0, 0], {"phase": "entry"}) in samples
    assert {labels.get("thread") for _, _, labels in samples} == {None, "calling thread", "pool", "pool (2)"}


def test_pprof_is_the_same_each_time(both):
    assert encode_pprof(both, "demo") == encode_pprof(both, "demo")


# --- pstats ---

GRAPH = CallGraph(
    calls=2,
    wall_ns=900,
    functions=[Function("a.py", 1, "outer"), Function("~", 0, "<built-in>"), Function("a.py", 9, "other")],
    primitive_calls=[2, 4, 1],
    total_calls=[2, 6, 1],
    self_ns=[300_000_000, 600_000_000, 0],
    total_ns=[700_000_000, 600_000_000, 200_000_000],
    edges=[(0, 1, 4, 400_000_000), (2, 1, 2, 200_000_000)],
)


def test_pstats_loads_what_is_written(tmp_path):
    path = tmp_path / "x.prof"
    path.write_bytes(encode_pstats(GRAPH))
    loaded = pstats.Stats(str(path))
    assert loaded.total_calls == 9
    assert loaded.total_tt == pytest.approx(0.9)
    assert loaded.stats["~", 0, "<built-in>"] == (
        4,
        6,
        0.6,
        0.6,
        {("a.py", 1, "outer"): (4, 4, 0.4, 0.4), ("a.py", 9, "other"): (2, 2, 0.2, 0.2)},
    )


@pytest.mark.parametrize(
    "own",
    [
        Function("/x/site-packages/keras_profile/recorder/measuring.py", 45, "measured_call"),
        Function(r"C:\x\keras_profile\recorder\captures\__init__.py", 62, "measure"),
        Function("<string>", 1, "keras_profile_call_7"),
    ],
)
def test_pstats_begins_at_the_call_and_not_at_the_recorder(own):
    around = CallGraph(
        calls=2,
        wall_ns=900,
        functions=[*GRAPH.functions, own],
        primitive_calls=[*GRAPH.primitive_calls, 2],
        total_calls=[*GRAPH.total_calls, 2],
        self_ns=[*GRAPH.self_ns, 100],
        total_ns=[*GRAPH.total_ns, 900_000_000],
        edges=[*GRAPH.edges, (3, 0, 2, 700_000_000)],
    )
    assert marshal.loads(encode_pstats(around)) == marshal.loads(encode_pstats(GRAPH))


def test_pstats_keeps_what_only_sounds_like_the_recorder():
    user = Function("/home/u/my_keras_profile/recorder.py", 1, "outer")
    graph = CallGraph(**{**vars(GRAPH), "functions": [user, *GRAPH.functions[1:]]})
    assert (user.file, 1, "outer") in marshal.loads(encode_pstats(graph))


def test_pstats_takes_own_times_of_edges_where_the_recording_has_them():
    known = CallGraph(**{**vars(GRAPH), "edge_self_ns": [500_000_000, 100_000_000]})
    callers = marshal.loads(encode_pstats(known))["~", 0, "<built-in>"][4]
    assert [counts[2] for counts in callers.values()] == [0.5, 0.1]


# --- the command ---


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_export_writes_a_file_named_like_the_recording_and_none_over_another(capsys, folder):
    def exported():
        assert cli.main(["export", str(DEMO), "--format", "pstats"]) == 0
        return capsys.readouterr().out.splitlines()[0]

    assert exported() == "demo-tf-2.0.prof"
    assert (folder / "demo-tf-2.0.prof").stat().st_size > 1000
    assert exported() == "demo-tf-2.0.prof"  # the same file is not written twice
    (folder / "demo-tf-2.0.prof").write_text("of the user's")
    assert exported() == "demo-tf-2.0-2.prof"
    assert (folder / "demo-tf-2.0.prof").read_text() == "of the user's"
    with pytest.raises(KerasProfileError, match="already exists"):
        cli.main(["export", str(DEMO), "--format", "pstats", "--output", "demo-tf-2.0.prof", "--debug"])


def test_a_recording_without_the_capture_is_refused(capsys, folder, tmp_path):
    content = json.loads((DEMO / "recording.json").read_text())
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "recording.json").write_text(json.dumps(content))
    assert cli.main(["export", str(bare), "--format", "pstats"]) == 2
    assert "expected the capture cprofile, which pstats shows, found none" in capsys.readouterr().err


def test_a_recording_without_a_whole_call_is_refused(folder, monkeypatch):
    monkeypatch.setattr(exporting, "make_report", lambda opened: None)
    monkeypatch.setattr(exporting, "views_of", lambda opened, report, most_calls: views())
    with pytest.raises(KerasProfileError, match="found none that was fully recorded"):
        export(open_recording(DEMO), "collapsed")


def test_a_real_recording_adds_up_in_every_format(capsys, folder):
    report = make_report(open_recording(DEMO))
    calls = read_recording(DEMO).content.calls
    walls = calls.wall("spans")
    made = views_of(open_recording(DEMO), report)
    # All captures are on one clock: that of the table, which the trace's is set by.
    for capture, most_ns in (("spans", 0), ("pyinstrument", 0), ("tensorflow", 1_000_000)):
        begins = [
            begin
            for name, cold, begin in zip(calls.capture, calls.cold, calls.begin_ns)
            if name == capture and not cold
        ]
        found = [call.begin_ns for call in made.calls_in_time if call.capture == capture and not call.cold]
        assert found == pytest.approx(begins, abs=most_ns)
    file = json.loads(encode_speedscope(made, "x"))
    assert sum(evented(file["profiles"][0]).values()) == sum(walls)
    found = slices(json.loads(encode_chrome(made, "x")))
    assert sum(
        end - begin
        for thread, name, begin, end in found
        if thread == "spans/calling thread" and name.startswith("call ")
    ) == sum(walls)
    lines = encode_collapsed(made, "x").decode().splitlines()
    in_lines = sum(int(line.rpartition(" ")[2]) for line in lines) * 1000
    assert abs(in_lines - report.attribution.total_ns) <= 500
    samples, _ = decoded(encode_pprof(made, "x"))
    sums = [sum(values) for values in zip(*(values for _, values, _ in samples))]
    assert sums[1] == sums[3] == report.attribution.total_ns
