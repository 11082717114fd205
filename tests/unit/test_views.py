"""The views: trees that sum to the report, folding that loses nothing, calls as they went."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_profile.analysis.attribution.internals import internals_table
from keras_profile.analysis.attribution.vocabulary import NUMBER, PHASES
from keras_profile.analysis.drilldown import timelines
from keras_profile.analysis.drilldown.assembly import make_views, measured_calls
from keras_profile.analysis.drilldown.folding import FOLDED_NAME, fold, totals
from keras_profile.analysis.drilldown.frames import FrameTable, module_of
from keras_profile.analysis.drilldown.paths import STEP, SampledPaths, sampled_paths
from keras_profile.analysis.drilldown.timelines import (
    choose_calls,
    sampled_calls,
    shorten,
    span_calls,
    traced_calls,
)
from keras_profile.analysis.drilldown.trees import sampled_tree, span_tree
from keras_profile.model.call_graph import CallGraph, Function
from keras_profile.model.drilldown import (
    BUILT_IN,
    FUNCTION,
    PART,
    STANDARD_LIBRARY,
    WRAPPER,
    CallTree,
    Lane,
)
from keras_profile.model.report import PhaseShare
from keras_profile.model.samples import Samples
from keras_profile.model.trace import Trace, TraceLine
from support import contents, trees

LIBRARY = "/env/lib/python3.12/site-packages/keras/src/"


@pytest.fixture(scope="module")
def rows():
    """A probed row of the internals table for each phase that has one, and a wrapper."""
    found = {}
    for row in internals_table():
        if row.phase in PHASES and row.probed and row.module.startswith("K."):
            found.setdefault(row.phase, row)
        elif row.phase == "transparent":
            found.setdefault("transparent", row)
    return found


@pytest.fixture
def made(rows):
    """A recording whose internals are the rows, the number of each by its phase, and a table."""
    internals = [
        contents.internal(
            row.qualname,
            row.module.replace("K.", "keras.src."),
            row.module,
            f"{LIBRARY}{number}.py",
            10 + number,
        )
        for number, row in enumerate(rows.values())
    ]
    recording = contents.recording(internals=internals)
    table = FrameTable(internals, list(rows))
    return recording, {phase: number for number, phase in enumerate(rows)}, table


def share(phase, self_ns, total):
    return PhaseShare(phase, self_ns, self_ns / total, (0.0, 1.0), None, 1.0)


def by_phase(tree):
    return {
        phase: int(tree.self_ns[tree.phase == number].sum())
        for phase, number in NUMBER.items()
        if (tree.phase == number).any()
    }


def names(tree, table):
    return [table.frames[frame].name for frame in tree.frame]


# --- frames ---


@pytest.mark.parametrize(
    ("function", "kind", "module"),
    [
        (Function("/env/lib/python3.12/site-packages/pkg/a.py", 3, "f"), FUNCTION, "pkg.a"),
        (Function("/env/lib/python3.12/threading.py", 3, "run"), STANDARD_LIBRARY, "threading"),
        (Function("<frozen importlib._bootstrap>", 3, "_call"), STANDARD_LIBRARY, "importlib._bootstrap"),
        (Function("~", 0, "<built-in method len>"), BUILT_IN, ""),
        (Function("<built-in>", 0, "len"), BUILT_IN, ""),
        (Function("C:\\env\\Lib\\site-packages\\pkg\\a.py", 3, "f"), FUNCTION, "pkg.a"),
        (Function("C:\\Python312\\Lib\\threading.py", 3, "run"), STANDARD_LIBRARY, "threading"),
        (Function("/home/user/net.py", 3, "build"), FUNCTION, "net"),
    ],
)
def test_frames_know_what_they_are(function, kind, module):
    table = FrameTable([], [])
    number = table.function(function)
    assert (table.frames[number].kind, table.frames[number].module) == (kind, module)
    assert table.function(function) == number


def test_a_sampled_internal_is_the_same_frame_as_its_span(made):
    recording, number_of, table = made
    row = recording.content.internals[number_of["entry"]]
    frame = table.function(Function(row.file, row.line, row.qualname.rpartition(".")[2]))
    assert frame == table.internal(number_of["entry"])
    assert table.frames[frame].name == row.qualname
    assert table.frames[table.internal(number_of["transparent"])].kind == WRAPPER


@given(st.text())
def test_any_file_has_a_module(file):
    assert isinstance(module_of(file), str)


# --- trees ---


def test_the_tree_of_spans_sums_to_the_report_by_phase(made):
    recording, number_of, table = made
    entry, execution = number_of["entry"], number_of["execution"]
    warm = trees.timeline(
        *[
            trees.call(
                0, 100, trees.span(entry, 10, 90, trees.span(execution, 20, 50), trees.span("gc", 60, 65))
            )
        ]
        * 3
    )
    shares = [
        share("entry", 331, 997),
        share("execution", 402, 997),
        share("teardown", 200, 997),
        share("garbage_collection", 55, 997),
        share("unattributed", 9, 997),
    ]
    tree = span_tree(recording, warm, shares, table)
    found = by_phase(tree)
    assert found == {one.phase: one.self_ns for one in shares}
    assert int(tree.self_ns.sum()) == 997
    assert int(totals(tree.parent, tree.self_ns)[0]) == 997
    assert tree.count[names(tree, table).index(recording.content.internals[execution].qualname)] == 3
    assert "garbage collection" in names(tree, table)


def sampled(*stacks, weights=None):
    """Samples of one call; stacks are lists of functions."""
    frames = sorted({frame for stack in stacks for frame in stack}, key=str)
    paths = [tuple(frames.index(frame) for frame in stack) for stack in stacks]
    unique = sorted(set(paths))
    return Samples(
        frames,
        unique,
        [unique.index(path) for path in paths],
        [0] * len(paths),
        list(weights or [1000] * len(paths)),
    )


def function_of(recording, number):
    row = recording.content.internals[number]
    return Function(row.file, row.line, row.qualname.rpartition(".")[2])


def test_the_tree_of_samples_sums_to_the_call_and_knows_phases(made):
    recording, number_of, table = made
    wrapper, entry, execution = (
        function_of(recording, number_of[name]) for name in ("transparent", "entry", "execution")
    )
    helper = Function(f"{LIBRARY}helper.py", 5, "helper")
    samples = sampled(
        [wrapper],
        [wrapper, entry],
        [wrapper, entry, execution, helper],
        [wrapper, entry, execution, helper],
        [wrapper],
        weights=[10, 20, 30, 30, 10],
    )
    tree = sampled_tree(samples, sampled_paths(recording, samples, table), table, 1_000_001)
    assert int(tree.self_ns.sum()) == 1_000_001
    # The wrapper before the first internal works for it, after the last one it destroys.
    assert by_phase(tree) == {"unattributed": 0, "entry": 300_000, "execution": 600_001, "teardown": 100_000}
    assert int(tree.count.sum()) == len(samples.stack)
    assert "≈" not in tree.basis
    assert "5 samples in 1 calls" in tree.basis


random_tree = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 1000), st.integers(0, 3)), min_size=1, max_size=60
)


def tree_of(nodes):
    parent = [-1, *(above % number for number, (above, _, _) in enumerate(nodes[1:], 1))]
    columns = [
        np.array(column, dtype=np.int64)
        for column in (
            [0] * len(nodes),
            parent,
            [phase for _, _, phase in nodes],
            [own for _, own, _ in nodes],
        )
    ]
    return CallTree(
        "t", "", True, columns[0], columns[1], columns[2], columns[3], np.ones(len(nodes), np.int64)
    )


@given(random_tree, st.integers(1, 40))
def test_folding_keeps_every_total(nodes, most):
    table = FrameTable([], [])
    table.part("the call")
    tree = tree_of(nodes)
    folded = fold(tree, table, most)
    assert folded.self_ns.sum() == tree.self_ns.sum()
    assert folded.count.sum() == tree.count.sum()
    for phase in range(4):
        assert folded.self_ns[folded.phase == phase].sum() == tree.self_ns[tree.phase == phase].sum()
    assert (folded.parent[1:] < np.arange(1, len(folded.parent))).all()
    assert folded.parent[0] == -1
    labelled = [table.frames[frame].name == FOLDED_NAME for frame in folded.frame]
    assert len(labelled) - sum(labelled) <= max(most, 1)
    if len(nodes) <= most:
        assert folded is tree
    else:
        assert folded.folded == len(nodes) - (len(labelled) - sum(labelled))
        kept = np.flatnonzero(~np.array(labelled))[1:]
        assert (totals(folded.parent, folded.self_ns)[kept] >= folded.folded_below_ns).all()


# --- single calls ---


def test_few_calls_are_all_kept_and_of_many_the_extremes():
    assert choose_calls([3, 1, 2], [1, 1, 1], 10) == [0, 1, 2]
    assert choose_calls([], [], 10) == []
    walls = list(range(100, 0, -1))
    kept = choose_calls(walls, [10] * 100, 95)
    assert len(kept) == 9
    assert {0, 99} <= set(kept)
    assert choose_calls([5], [1000], 10) == [0]
    many = choose_calls([7] * 10_000, [1] * 10_000, 10**6)
    assert len(many) == timelines.MOST_CALLS
    assert max(np.diff(many)) <= 10_000 / timelines.MOST_CALLS * 2


def test_a_call_under_spans_is_shown_as_it_was(made):
    recording, number_of, table = made
    warm = trees.timeline(
        trees.call(
            1000,
            1100,
            trees.span(
                number_of["entry"],
                1010,
                1090,
                trees.span(number_of["execution"], 1020, 1050),
                trees.span("gc", 1060, 1065),
            ),
        )
    )
    [call] = span_calls(recording, warm, False, table)
    [lane] = call.lanes
    assert (call.capture, call.cold, call.wall_ns) == ("spans", False, 100)
    assert lane.begin_ns.tolist() == [0, 10, 20, 60]
    assert lane.duration_ns.tolist() == [100, 80, 30, 5]
    assert lane.depth.tolist() == [0, 1, 2, 2]
    assert [list(PHASES)[phase] for phase in lane.phase[1:]] == ["entry", "execution", "garbage_collection"]


def test_neighbouring_samples_that_share_a_frame_are_one_box(made):
    recording, number_of, table = made
    entry, execution = (
        function_of(recording, number_of["entry"]),
        function_of(recording, number_of["execution"]),
    )
    samples = sampled(
        [entry],
        [entry, execution],
        [entry, execution],
        [entry],
        [entry, execution],
        weights=[5, 10, 20, 5, 10],
    )
    [call], below = sampled_calls(samples, sampled_paths(recording, samples, table), table)
    [lane] = call.lanes
    assert call.wall_ns == 50
    assert list(zip(lane.depth.tolist(), lane.begin_ns.tolist(), lane.duration_ns.tolist())) == [
        (0, 0, 50),
        (1, 0, 50),
        (2, 5, 30),
        (2, 40, 10),
    ]
    assert below == 0


def boxes_one_by_one(steps, of_sample, weights):
    """What a sampled call's boxes are, by keeping a stack of open ones."""
    boxes, is_open, now = [], [], 0
    for number, weight in zip(of_sample, weights):
        path = steps[number]
        same = 0
        while same < min(len(is_open), len(path)) and is_open[same][0] == path[same]:
            same += 1
        for box in is_open[same:]:
            box[3] = now - box[2]
        del is_open[same:]
        for depth in range(same, len(path)):
            is_open.append([path[depth], depth + 1, now, 0])
            boxes.append(is_open[-1])
        now += weight
    for box in is_open:
        box[3] = now - box[2]
    return [[step, depth, begin, duration] for step, depth, begin, duration in boxes]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 9)), min_size=1, max_size=40),
    st.lists(st.lists(st.integers(0, 700), max_size=5), min_size=6, max_size=6),
)
def test_all_boxes_of_sampled_calls_are_those_of_samples_taken_one_by_one(taken, steps):
    table = FrameTable([], [])
    of_sample, calls, weights = zip(*taken)
    samples = Samples([], [], [], list(calls), list(weights))
    paths = SampledPaths(np.array(of_sample), steps)
    with patch("keras_profile.analysis.drilldown.timelines._AT_ONCE", 3):
        found, _ = sampled_calls(samples, paths, table)
    for call in found:
        rows = [row for row, number in enumerate(calls) if number == call.number]
        [lane] = call.lanes
        boxes = zip(lane.frame * STEP + lane.phase, lane.depth, lane.begin_ns, lane.duration_ns)
        assert [[int(value) for value in box] for box in boxes][1:] == boxes_one_by_one(
            steps, [of_sample[row] for row in rows], [weights[row] for row in rows]
        )
        assert call.wall_ns == lane.duration_ns[0] == sum(weights[row] for row in rows)
    assert len(found) == len(set(calls))


def test_a_lane_that_is_too_long_keeps_its_longest_boxes():
    lane = Lane(
        "t",
        *(
            np.array(column)
            for column in (
                [0, 1, 2, 2, 1],
                [0, 0, 0, 5, 60],
                [100, 50, 4, 3, 40],
                [0, 0, 0, 0, 0],
                [0, 0, 0, 0, 0],
            )
        ),
    )
    short, below = shorten(lane, 3)
    assert short.duration_ns.tolist() == [100, 50, 40]
    assert below == 40
    # Of boxes that are of one length none can be chosen.
    assert len(shorten(replace(lane, duration_ns=np.array([100, 50, 4, 4, 4])), 3)[0].depth) == 2
    assert shorten(lane, 5) == (lane, 0)


def trace(*lines):
    """A trace; each line is a thread and its (name, begin, end) in ns."""
    known = sorted({name for _, events in lines for name, _, _ in events})
    columns = []
    for thread, events in lines:
        name, begin, end = (
            np.array(column, dtype=np.int64)
            for column in zip(*[(known.index(name), begin * 1000, end * 1000) for name, begin, end in events])
        )
        columns.append(TraceLine(thread, name, begin, end))
    return Trace("made", known, columns)


def test_a_traced_call_has_internals_above_events_and_other_threads_below(made):
    recording, number_of, table = made
    traces = [
        trace(
            (
                "python",
                [
                    ("predict", 0, 100),
                    ("keras_profile.entry", 5, 95),
                    ("keras_profile.execution", 10, 80),
                    ("EagerExecute", 20, 70),
                ],
            ),
            ("pool", [("MatMul", 30, 60), ("MatMul", 300, 310)]),
        )
    ]
    warm = trees.timeline(
        trees.call(0, 100, trees.span(number_of["entry"], 5, 95, trees.span(number_of["execution"], 10, 80)))
    )
    [call] = traced_calls(recording, traces, warm, table)
    calling, other = call.lanes
    shown = [table.frames[frame].name for frame in calling.frame]
    internals = recording.content.internals
    assert shown == [
        "the call",
        internals[number_of["entry"]].qualname,
        internals[number_of["execution"]].qualname,
        "EagerExecute",
    ]
    assert (calling.thread, other.thread) == ("python", "pool")
    assert other.begin_ns.tolist() == [30]
    assert list(PHASES)[other.phase[0]] == "execution"
    # Without a call under spans that went the same way the phase is all that is known.
    [unnamed] = traced_calls(recording, traces, None, FrameTable(internals, []))
    assert len(unnamed.lanes[0].frame) == 4


def test_annotations_that_two_paths_could_have_made_are_not_named(made, rows):
    recording, number_of, table = made
    entry = number_of["entry"]
    twin = replace(
        recording.content.internals[entry], line=9999, qualname=recording.content.internals[entry].qualname
    )
    internals = [*recording.content.internals, twin]
    both = contents.recording(internals=internals)
    warm = trees.timeline(
        trees.call(0, 9, trees.span(entry, 1, 8)), trees.call(10, 19, trees.span(len(internals) - 1, 11, 18))
    )
    traces = [trace(("python", [("predict", 0, 100), ("keras_profile.entry", 5, 95)]))]
    [call] = traced_calls(both, traces, warm, table)
    frame = table.frames[call.lanes[0].frame[1]]
    assert (frame.name, frame.kind) == ("entry", PART)


# --- all together ---


def test_what_is_not_there_is_left_out():
    recording = contents.recording(calls=[{}, {"cold": True}])
    views = make_views(recording, contents.report(), None, None, None, None, [])
    assert views.trees == []
    assert views.calls_in_time == []
    assert views.functions is None
    assert views.measured.gc_ns == [-1, -1]


def test_collections_are_those_of_the_calls_under_spans():
    recording = contents.recording(
        calls=[{"capture": "spans", "cold": True}, {}, {"capture": "spans"}, {"capture": "spans"}]
    )
    cold = trees.timeline(trees.call(0, 10, trees.span("gc", 1, 4)))
    warm = trees.timeline(
        trees.call(0, 10), trees.call(20, 40, trees.span("gc", 21, 23), trees.span("gc", 30, 35))
    )
    assert measured_calls(recording, cold, warm).gc_ns == [3, -1, 0, 7]


def test_counted_functions_keep_their_edges(made):
    recording, number_of, _ = made
    entry = function_of(recording, number_of["entry"])
    graph = CallGraph(
        2, 100, [entry, Function("~", 0, "len")], [2, 8], [2, 8], [60, 40], [100, 40], [(0, 1, 8, 40)]
    )
    views = make_views(recording, _report_of(recording), None, None, None, graph, [])
    functions = views.functions
    assert functions.edge_calls.tolist() == [8]
    assert functions.self_ns.tolist() == [60, 40]
    assert [list(PHASES)[phase] for phase in functions.phase] == ["entry", "entry"]


def _report_of(recording):
    from keras_profile.analysis.attribution.attribute import nothing_attributed
    from keras_profile.model.report import REPORT_SCHEMA, CallFigures, ColdCalls, ReportContent, WarmCalls

    return ReportContent(
        REPORT_SCHEMA,
        "r",
        recording.content.environment,
        recording.content.workload,
        CallFigures(ColdCalls(0, 0), WarmCalls(1, 100, (90, 110), 110, 100, None)),
        [],
        nothing_attributed(100, asked=True),
        [],
        [],
    )


def test_calls_that_are_left_out_are_told(made, monkeypatch):
    recording, number_of, _ = made
    warm = trees.timeline(*[trees.call(0, 100, trees.span(number_of["entry"], 10, 90))] * 9)
    monkeypatch.setattr(timelines.span_calls, "__defaults__", (6, timelines.MOST_CALLS))
    report = replace(
        _report_of(recording),
        attribution=replace(
            _report_of(recording).attribution, phases=[share("entry", 80, 100), share("teardown", 20, 100)]
        ),
    )
    views = make_views(recording, report, None, warm, None, None, [])
    assert len(views.calls_in_time) == 3
    assert views.notes == [
        (
            "time order shows 3 of 9 calls under spans, spread over the recording; "
            "the others are in the recording only"
        )
    ]
