"""What is said of a program outside of its calls: causes with healthy twins, conclusions, gains."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from keras_profile.analysis.program_causes.catalogue import PROGRAM_RULES
from keras_profile.analysis.program_conclusions import conclusions
from keras_profile.analysis.program_gains import keeps_no_model, program_gains
from keras_profile.analysis.program_reasons import by_the_program, program_reasons
from keras_profile.analysis.reports import make_report
from keras_profile.model.report import Comparison, Finding
from keras_profile.model.workload import DataFlow, InProgram, MadeModels, ModelObjects, RecordedWorkload
from keras_profile.output.reports import report_text
from keras_profile.recordings.opened import OpenedProgram
from support import streams
from support.program_cause_cases import CASES
from support.streams import MS, activity, imported, inference, library, line

WALL_MS = 10_000
SECOND = 1_000_000_000


def program_with(folder, paths, activities=(), busy=1.0, **fields):
    """The report of a program of ten seconds, whose time else is that of one plain line."""
    process = streams.Process(streams.program(folder))
    process.site()
    process.group()
    process.call(flags=1, gap=0)
    for kind, number, count, wall in activities:
        for _ in range(count):
            process.activity(kind, kind, where=f"/home/u/app.py:{number}, in act", wall=wall * MS)
    taken = sum(wall for _, wall in paths) + sum(count * wall for _, _, count, wall in activities)
    process.now = streams.BEGAN + WALL_MS * MS
    rest = (
        WALL_MS
        - 10
        - taken
        + sum(wall for path, wall in paths if any(frame[0] == "activity" for frame in path))
    )
    process.stacks(
        *((path, wall, busy) for path, wall in paths),
        ([line(3, "x = data()", "<module>")], rest, 1),
        ([line(41), inference()], 10, 1),
    )
    process.end()
    return make_report(OpenedProgram(process.folder.parent))


def test_every_cause_has_cases():
    without = {
        "forked_after_start",
        "batches_in_python",
        "code_in_calls",
        "imported_again",
        "lock_waited_for",
        "time_limit_waited_for",
    }
    assert {case.cause for case in CASES} | without == {rule.id for rule in PROGRAM_RULES}
    assert all(rule.meaning.endswith(".") for rule in PROGRAM_RULES)


def generator_report(folder, samples):
    """A program whose only call, nine tenths of it, was given a generator that was seen so often."""
    process = streams.Process(streams.program(folder))
    process.site()
    lines = {
        "samples": 400,
        "lines": [{"where": "/home/u/app.py:12, in batches", "source": "row = f(x)", "samples": samples}],
    }
    process.group(input_lines=lines)
    process.call(flags=1, wall=9 * SECOND, gap=0)
    process.now += SECOND
    process.stacks(([line(41), inference()], 9000, 1), ([line(3)], 1000, 1))
    process.end()
    return make_report(OpenedProgram(process.folder.parent))


def test_a_call_that_waits_for_a_generator_is_named_by_its_lines(tmp_path):
    report = generator_report(tmp_path / "app", 360)
    (cause,) = report.causes
    assert (cause.cause, cause.file, cause.line) == ("batches_in_python", "/home/u/app.py", 12)
    assert cause.total_ns == pytest.approx(0.9 * 9 * SECOND, rel=0.01)
    assert "in 90% of 400 samples" in cause.evidence[0]


CALLBACKS = library("keras.src.callbacks.callback_list", "CallbackList.on_predict_batch_end")
LAYER = library("keras.src.layers.layer", "Layer.__call__")
WRITE = library("pathlib", "Path.write_text")
MATMUL = library("tensorflow.python.ops.math_ops", "matmul")
TENSOR_READ = library("tensorflow.python.framework.tensor", "_TensorIterator.__next__")
A_FINDING = Finding("a_rule", "found", "A title", "", 0, [], [])


def only_call(folder, *inside):
    """The report of a program whose only call takes 9 of 10 s, and ``inside`` is seen in 4 of these."""
    process = streams.Process(streams.program(folder))
    process.site()
    process.group()
    process.call(flags=1, wall=9 * SECOND, gap=0)
    process.now += SECOND
    process.stacks(
        ([line(41), inference()], 5000, 1),
        ([line(41), inference(), *inside], 4000, 1),
        ([line(3)], 1000, 1),
    )
    process.end()
    return make_report(OpenedProgram(process.folder.parent))


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ([CALLBACKS, line(12, function="on_end")], "Your own callback runs within predict at app.py:41"),
        ([CALLBACKS, line(12, function="on_end"), MATMUL], "Your own callback"),
        ([LAYER, line(12, function="call"), WRITE], "Your own code runs within predict at app.py:41"),
    ],
)
def test_the_users_code_within_a_call_that_is_not_divided_is_named(tmp_path, inside, said):
    report = only_call(tmp_path / "app", *inside)
    (cause,) = report.causes
    assert (cause.cause, cause.file, cause.line) == ("code_in_calls", "/home/u/app.py", 12)
    assert cause.title.startswith(said)
    assert cause.total_ns == pytest.approx(4 * SECOND, rel=0.01)
    assert [one.reason for one in report.reasons] == ["code_in_calls"]
    # It is inference all the same: nothing is counted twice.
    assert sum(one.total_ns for one in report.whole.parts) == report.whole.wall_ns


@pytest.mark.parametrize("inside", [[], [LAYER, line(12), MATMUL]], ids=["none", "the_models"])
def test_what_a_layers_own_code_calls_of_the_framework_is_the_models(tmp_path, inside):
    assert only_call(tmp_path / "app", *inside).causes == []


def test_a_generator_that_is_quick_is_none(tmp_path):
    assert generator_report(tmp_path / "app", 40).causes == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.cause}-{case.name}")
def test_the_cause_is_found_with_its_line_and_its_time(tmp_path, case):
    report = program_with(tmp_path / "app", case.paths, case.activities)
    (cause,) = report.causes
    least = case.least or sum(wall for _, wall in case.paths)
    assert (cause.cause, cause.line) == (case.cause, case.at)
    assert cause.total_ns == pytest.approx(least * MS, rel=0.02)
    assert cause.share == pytest.approx(cause.total_ns / report.whole.wall_ns, rel=0.001)
    assert cause.evidence
    assert cause.advice
    text = report_text(report, 120, full=True)
    assert text.index(cause.title[:40]) < text.index("1. predict at")
    assert any(sentence.startswith(cause.title) for sentence in report.conclusions)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.cause}-{case.name}")
def test_a_healthy_twin_is_left_alone(tmp_path, case):
    report = program_with(tmp_path / "app", case.healthy, case.healthy_activities)
    assert [one.cause for one in report.causes] == []


def test_what_one_cause_has_no_other_is_given(tmp_path):
    report = program_with(tmp_path / "app", [path for case in CASES[:5] for path in case.paths[:1]][:3])
    assert sum(one.total_ns for one in report.causes) <= report.whole.wall_ns
    assert [one.cause for one in report.causes] == ["tensor_elements"]


def test_large_ops_in_a_loop_are_not_those_on_elements(tmp_path):
    """Each image of a tensor is resized: an array would save only the reading."""
    paths = [
        ([line(30, "for image in images:", looped=True), TENSOR_READ], 900),
        ([line(31, "resize(image)", looped=True), MATMUL], 5000),
    ]
    found = {one.cause: one for one in program_with(tmp_path / "app", paths).causes}
    assert (found["tensor_elements"].line, found["single_ops"].line) == (30, 31)
    assert found["single_ops"].total_ns == pytest.approx(5000 * MS, rel=0.02)


def test_waiting_in_a_loop_is_no_python_loop(tmp_path):
    waits = [([line(30, "time.sleep(1)", looped=True)], 5000)]
    report = program_with(tmp_path / "app", waits, busy=0.01)
    assert report.causes == []
    assert ("waiting", 30) in [(one.kind, one.line) for one in report.whole.parts]
    assert any("app.py:30, waiting" in sentence for sentence in report.conclusions)


def forked(folder, calls=0, hanging=7_000, forked=True):
    made = streams.program(folder)
    parent = streams.Process(made)
    parent.site()
    parent.group()
    parent.calls(4)
    parent.stacks(([line(41), inference()], 100, 1))
    child = streams.Process(made, pid=101, parent=100, forked=forked, time=streams.TIME + 1)
    for _ in range(calls):
        child.call()
    child.stacks(([line(60, "model.predict(x)", "work"), inference()], hanging, 0))
    parent.end()
    return make_report(OpenedProgram(made))


def test_a_forked_child_that_hangs_is_named_first(tmp_path):
    report = forked(tmp_path / "app")
    (cause,) = report.causes
    assert (cause.cause, cause.line) == ("forked_after_start", 60)
    assert "spawn" in cause.advice
    assert report.conclusions[0] == cause.title


@pytest.mark.parametrize("healthy", [{"calls": 3}, {"hanging": 300}, {"forked": False}], ids=str)
def test_a_child_that_works_does_not_hang(tmp_path, healthy):
    assert forked(tmp_path / "app", **healthy).causes == []


def in_processes(folder, starts, importing_ms):
    """Children of one process, each of which imports for a while and makes a call, begun at these seconds."""
    program = streams.program(folder)
    for number, start in enumerate(starts):
        process = streams.Process(program, pid=100 + number, parent=50, time=streams.TIME + start)
        process.activity("import", "import", where="", wall=importing_ms * MS)
        process.site()
        process.group()
        process.call(flags=1, wall=300 * MS, gap=0)
        process.stacks(([activity("import"), imported("tensorflow")], importing_ms, 1))
        process.end()
    return make_report(OpenedProgram(program))


def test_processes_in_turn_that_import_again_are_named(tmp_path):
    (cause,) = in_processes(tmp_path / "app", (0, 4, 8), 3000).causes
    assert cause.cause == "imported_again"
    assert cause.title.startswith("3 processes start one after another")
    assert cause.total_ns == pytest.approx(3 * SECOND, rel=0.01)


@pytest.mark.parametrize(("starts", "importing_ms"), [((0, 1, 2), 3000), ((0,), 3000), ((0, 4, 8), 60)])
def test_processes_at_the_same_time_and_quick_imports_are_none(tmp_path, starts, importing_ms):
    assert in_processes(tmp_path / "app", starts, importing_ms).causes == []


def of_two_threads(folder, source, waiting, threads=(0, 1), below=()):
    """Two threads that call the model for a second each of ten, and are at a line for so many seconds."""
    process = streams.Process(streams.program(folder))
    process.site()
    process.group()
    for thread in threads:
        process.call(flags=1, wall=SECOND, gap=0, thread=thread)
    process.now = streams.BEGAN + 10 * SECOND
    at = [line(12, source, "answer"), *below]
    rest = 9000 - 1000 * waiting
    paths = [([line(41), inference()], 1000, 1), (at, 1000 * waiting, 0), ([line(3)], rest, 0)]
    process.stacks(*paths, of_worker=paths)
    process.end()
    return make_report(OpenedProgram(process.folder.parent))


@pytest.mark.parametrize("source", ["with self.guard:", "lock.acquire()", "if not lock.acquire(timeout=9):"])
def test_threads_that_wait_for_a_lock_are_named_with_its_line(tmp_path, source):
    causes = of_two_threads(tmp_path / "app", source, waiting=6).causes
    (cause,) = [one for one in causes if one.cause == "lock_waited_for"]
    assert (cause.file, cause.line) == ("/home/u/app.py", 12)
    assert cause.title.startswith(
        "2 threads that call the model wait for a lock in `answer` at app.py:12: 60%"
    )
    assert cause.total_ns == pytest.approx(6 * SECOND, rel=0.02)


@pytest.mark.parametrize(
    "healthy",
    [
        {"source": "with self.guard:", "waiting": 1},
        {"source": "with self.guard:", "waiting": 6, "threads": (0,)},
        {"source": "x = compute(y)", "waiting": 6},
        {"source": "without = f(x)", "waiting": 6},
        # What Python's own code enters is no lock.
        {"source": "with opened(x):", "waiting": 6, "below": [library("contextlib", "_Manager.__enter__")]},
    ],
    ids=str,
)
def test_threads_that_wait_little_or_for_nothing_have_no_lock(tmp_path, healthy):
    causes = of_two_threads(tmp_path / "app", **healthy).causes
    assert "lock_waited_for" not in [one.cause for one in causes]


GET = (library("queue", "Queue.get"), library("threading", "Condition.wait"))
JOIN = (library("threading", "Thread.join"), library("threading", "Thread._wait_for_tstate_lock"))
LIMITED = "jobs.append(inbox.get(timeout=left))"


def of_a_batcher(
    folder, source=LIMITED, pauses=(80,) * 40, waited=3000, below=GET, main=JOIN, main_waits=3900
):
    """A worker calls the model with these pauses in ms between, and waits at a line for so many ms."""
    process = streams.Process(streams.program(folder))
    process.site()
    process.group()
    process.call(flags=1, wall=100 * MS, gap=0, thread=1)
    for pause in pauses:
        process.now += pause * MS
        process.call(wall=5 * MS, gap=0, thread=1)
    rest = 4000 - waited
    process.now = streams.BEGAN + 4 * SECOND
    process.stacks(
        ([line(90, "worker.join()", "main"), *main], main_waits, 0),
        ([line(3)], 4000 - main_waits, 1),
        of_worker=[
            ([line(46, source, "collect"), *below], waited, 0),
            ([line(57), inference()], rest, 1),
        ],
    )
    process.end()
    return make_report(OpenedProgram(process.folder.parent))


@pytest.mark.parametrize("source", [LIMITED, "ready.wait(0.08)", "job = inbox.get(True, left)"])
def test_a_batch_that_never_fills_is_named_with_its_time_limit(tmp_path, source):
    causes = of_a_batcher(tmp_path / "app", source).causes
    (cause,) = [one for one in causes if one.cause == "time_limit_waited_for"]
    assert (cause.file, cause.line) == ("/home/u/app.py", 46)
    assert cause.title.startswith("`collect` at app.py:46 waits for its time limit before each call")
    assert "about 80" in cause.title
    assert cause.total_ns == pytest.approx(3 * SECOND, rel=0.02)


@pytest.mark.parametrize(
    "healthy",
    [
        {"source": "job = inbox.get()"},
        # Work that arrives now and then, and a service that has little to do.
        {"pauses": (10, 150, 40, 90, 200, 20, 120, 60) * 5},
        {"pauses": (80,) * 5},
        {"pauses": (80,) * 40, "waited": 200},
        # The main thread makes the work itself, or waits for a connection.
        {"main": (library("selectors", "EpollSelector.select"),)},
        {"main": ()},
        # Limits that are longer than the pauses, and a main thread that also does something else.
        {"source": "frame = frames.get(timeout=1)"},
        {"main_waits": 2500},
        {"below": (library("requests.api", "get"),)},
    ],
    ids=str,
)
def test_a_worker_that_waits_for_work_is_none(tmp_path, healthy):
    causes = of_a_batcher(tmp_path / "app", **healthy).causes
    assert "time_limit_waited_for" not in [one.cause for one in causes]


@pytest.mark.parametrize(
    ("paths", "title"),
    [
        ([(30, 5000)], "A line of `work` at app.py:30, in a loop, takes 50%"),
        ([(30, 2600), (31, 2400)], "Your own loop in `work` at app.py:30 takes 50%"),
        (
            [(30, 4500, library("numpy.lib.function_base", "percentile")), (31, 500)],
            "`work` at app.py:30 calls `percentile` of numpy in a loop: 50%",
        ),
    ],
    ids=["one line", "several lines", "one function"],
)
def test_a_loop_is_called_what_it_is(tmp_path, paths, title):
    process = streams.Process(streams.program(tmp_path / "app"))
    process.site()
    process.group()
    process.call(flags=1, wall=SECOND, gap=0)
    process.now = streams.BEGAN + 10 * SECOND
    process.stacks(
        *(([line(at, "", "work", looped=True), *below], ms, 1) for at, ms, *below in paths),
        ([line(41), inference()], 1000, 1),
        ([line(3)], 4000, 1),
    )
    process.end()
    (cause,) = make_report(OpenedProgram(process.folder.parent)).causes
    assert cause.cause == "python_loops"
    assert cause.title.startswith(title)


# --- gains ---


def change(speedup, building_ms=0.0):
    return Comparison(
        recipe="predict_on_batch",
        title="model.predict_on_batch(x)",
        code="y = model.predict_on_batch(x)",
        verdict="faster",
        before_ns=100 * MS,
        after_ns=int(100 * MS / speedup),
        speedup=speedup,
        speedup_ci99=(speedup, speedup),
        outputs=None,
        reason="",
        warmup_ns=int(building_ms * MS),
        pays_off_after=501,
    )


@pytest.fixture
def group(tmp_path):
    """The one group of a program in which predict has 100 warm calls of 10 ms after one of 300."""
    (group,) = make_report(OpenedProgram(streams.usual(tmp_path / "app", 100))).groups
    return group


def test_a_gain_is_that_of_the_warm_calls_less_the_building(group):
    # Its first call takes 500 ms more than others; that of the call as it is took 290 ms more.
    (gain,) = program_gains([replace(group, comparisons=[change(5.0, 520)])], 10 * SECOND)
    assert gain.calls == 100
    assert gain.building_ns == pytest.approx(210 * MS, rel=0.01)
    assert gain.gain_ns == pytest.approx(590 * MS, rel=0.01)  # 100 calls, each of 2 ms and not of 10
    assert gain.program_ns == 10 * SECOND - gain.gain_ns
    assert gain.call_gain_ns == pytest.approx(8 * MS, rel=0.01)


def test_a_change_that_is_built_sooner_than_the_call_as_it_is_costs_nothing(group):
    (gain,) = program_gains([replace(group, comparisons=[change(5.0, 200)])], 10 * SECOND)
    assert gain.building_ns == 0
    assert gain.gain_ns == pytest.approx(800 * MS, rel=0.01)


def test_what_takes_longer_to_build_than_it_gains_is_no_gain_and_says_when_it_is(tmp_path, group):
    slow = replace(group, comparisons=[change(5.0, 4_000)])
    assert program_gains([slow], 10 * SECOND) == []
    report = make_report(OpenedProgram(tmp_path / "app"))
    sentences = conclusions(report.whole, [slow], [], [], [])
    assert any("it pays off after 501 calls, and the program made 101" in one for one in sentences)


@pytest.mark.parametrize(("alone_ms", "gain_ms"), [(2.5, 2.0), (8.0, 8.0)])
def test_a_change_gains_nothing_of_what_only_the_program_s_calls_have(group, alone_ms, gain_ms):
    # A call takes 10 ms in the program, and less when it is replayed alone, where the change is measured.
    again = InProgram(warm_calls=75, warm_ns=10 * MS, again_calls=20, again_ns=round(alone_ms * MS))
    workload = RecordedWorkload({**group.workload.as_recorded, "in_program": msgspec.to_builtins(again)})
    (gain,) = program_gains([replace(group, workload=workload, comparisons=[change(5.0)])], 10 * SECOND)
    assert gain.call_gain_ns == pytest.approx(gain_ms * MS, rel=0.01)


def of_new_models(group, objects=100, calls=101, flow=None, **more):
    """The group if each call had a new model, which is loaded in 20 ms; alone a call takes 6 ms."""
    made = MadeModels("load_model", "/home/u/app.py:40, in main", objects, 20 * MS)
    facts = {
        "models": ModelObjects(objects=objects, calls=calls, made_by=[made]),
        "in_program": InProgram(warm_calls=75, warm_ns=10 * MS, again_calls=20, again_ns=6 * MS),
        **({} if flow is None else {"data_flow": flow}),
    }
    workload = RecordedWorkload({**group.workload.as_recorded, **msgspec.to_builtins(facts)})
    return replace(group, workload=workload, findings=[finding("model_loaded", 4)], **more)


def test_where_each_call_gets_a_new_model_the_gain_is_that_of_keeping_one(group):
    # A change is measured on a model that is kept, and pays its building with each new one otherwise.
    (gain,) = program_gains([of_new_models(group, comparisons=[change(5.0, 520)])], 10 * SECOND)
    assert gain.title == "one model for all calls and model.predict_on_batch(x)"
    assert gain.models_ns == 99 * 20 * MS
    assert gain.building_ns == pytest.approx(210 * MS, rel=0.01)
    # A call of a model that is kept takes 6 ms, and a fifth of that with the change.
    assert gain.call_gain_ns == pytest.approx(8.8 * MS, rel=0.01)
    assert gain.gain_ns == pytest.approx(880 * MS + gain.models_ns - gain.building_ns, rel=0.01)
    (alone,) = program_gains([of_new_models(group)], 10 * SECOND)
    assert (alone.title, alone.recipe) == ("one model for all calls", "")
    assert alone.call_gain_ns == pytest.approx(4 * MS, rel=0.01)
    assert alone.gain_ns == pytest.approx(400 * MS + 99 * 20 * MS, rel=0.01)


def test_models_of_two_lines_are_made_once(group):
    first, second = program_gains([of_new_models(group), of_new_models(group)], 10 * SECOND)
    assert (first.models_ns, second.models_ns) == (99 * 20 * MS, 0)


@pytest.mark.parametrize(
    "kept",
    [
        {"calls": 201},
        {"objects": 7, "calls": 7},
        {"flow": DataFlow(calls=10, from_outputs=0, same_input=9)},  # an ensemble
    ],
)
def test_models_that_are_kept_or_are_an_ensemble_are_not_to_be_one(group, kept):
    assert keeps_no_model(of_new_models(group))
    assert not keeps_no_model(of_new_models(group, **kept))


@pytest.mark.parametrize(
    ("source", "starting_ms", "title"),
    [
        ("for one in scans.skip(number).take(1):", 1000, "app.py:30 restarts its pipeline for each part"),
        ("for one in scans.take(1):", 1000, "The loop at app.py:30 waits for the batches of its dataset"),
        ("for one in scans.skip(10):", 100, "The loop at app.py:30 waits for the batches of its dataset"),
        ("for one in scans:", 1000, "The loop at app.py:30 waits for the batches of its dataset"),
    ],
)
def test_a_dataset_that_is_started_for_each_part_is_not_a_slow_one(tmp_path, source, starting_ms, title):
    waiting = library("tensorflow.python.data.ops.iterator_ops", "OwnedIterator.__next__")
    starting = library("tensorflow.python.data.ops.dataset_ops", "DatasetV2.__iter__")
    at = line(30, source, looped=True)
    report = program_with(tmp_path / "app", [([at, waiting], 4_000), ([at, starting], starting_ms)])
    (cause,) = report.causes
    assert cause.cause == "dataset_waited_for"
    assert cause.title.startswith(title)
    mine = 4_000 + (starting_ms if "restarts" in title else 0)
    assert cause.total_ns == pytest.approx(mine * MS, rel=0.05)


def test_a_line_that_loads_models_counts_what_is_within_once(tmp_path):
    process = streams.Process(streams.program(tmp_path / "app"))
    process.site()
    process.group()
    process.calls(20)
    for _ in range(4):
        began = process.now
        process.activity("load_model", "load_model", wall=50 * MS)
        process.activity("compile", "compile", wall=10 * MS, begin=began + 5 * MS)
    process.end()
    report = make_report(OpenedProgram(tmp_path / "app"))
    (cause,) = [one for one in report.causes if one.cause == "models_made"]
    assert cause.title.startswith("`load_model` is called 4 times at app.py:7: ")
    assert cause.total_ns == 200 * MS


def finding(rule, cost_ms, once_ms=0):
    return Finding(
        rule=rule,
        verdict="found",
        title=f"{rule} it is",
        phase="",
        cost_ns_per_call=cost_ms * MS,
        evidence=[],
        recipes=[],
        cost_once_ns=once_ms * MS,
    )


def test_what_explains_comes_before_what_is_explained_where_both_have_about_as_much(group):
    costs = {"pipeline_rebuilt": 5, "retraced": 4, "model_loaded": 1}
    found = replace(group, findings=[finding(rule, ms) for rule, ms in costs.items()])
    reasons = program_reasons([found], [], 10 * SECOND)
    assert [(one.reason, one.total_ns) for one in reasons] == [
        ("retraced", 4 * 101 * MS),
        ("pipeline_rebuilt", 5 * 101 * MS),
        ("model_loaded", 101 * MS),
    ]


def test_a_line_s_causes_are_in_the_program_s_order(group):
    """An unrolled graph costs its seconds once, a pipeline its milliseconds in each call."""
    once = replace(A_FINDING, rule="unrolled_graph", cost_once_ns=4_000 * MS)
    each = replace(A_FINDING, rule="pipeline_rebuilt", cost_ns_per_call=50 * MS)
    ruled_out = replace(A_FINDING, rule="retraced", verdict="not_found")

    def order(calls):
        total = 50 * MS * calls + 4_000 * MS
        of_line = replace(group, count=calls, total_ns=total, findings=[each, once, ruled_out])
        reasons = [one.reason for one in program_reasons([of_line], [], total)]
        assert [one.rule for one in by_the_program(of_line, total)] == [*reasons, "retraced"]
        return reasons

    assert order(3) == ["unrolled_graph", "pipeline_rebuilt"]
    assert order(1_000) == ["pipeline_rebuilt", "unrolled_graph"]


def test_what_is_paid_once_counts_for_the_whole_program(tmp_path, group):
    found = replace(group, findings=[finding("unrolled_graph", 0, 280), finding("retraced", 1)])
    whole = make_report(OpenedProgram(tmp_path / "app")).whole
    reasons = program_reasons([found], [], whole.wall_ns)
    assert [(one.reason, one.total_ns) for one in reasons] == [
        ("unrolled_graph", 280 * MS),
        ("retraced", 101 * MS),
    ]
    first, second, *_ = conclusions(whole, [found], [], [], reasons)
    assert first.startswith("Inference takes")
    assert second == "unrolled_graph it is: 280 ms of the program"


def test_the_gain_is_said_of_the_whole_program(tmp_path, group):
    report = make_report(OpenedProgram(tmp_path / "app"))
    better = replace(group, comparisons=[change(5.0)])
    gains = program_gains([better], report.whole.wall_ns)
    sentences = conclusions(report.whole, [better], gains, [], [])
    (sentence,) = [one for one in sentences if "computed" in one]
    assert sentence.startswith("With model.predict_on_batch(x) at app.py:41 the program would take ")
    assert "8.00 ms less per call, for 100 calls" in sentence


def test_where_inference_is_little_no_call_is_advised_on(tmp_path):
    report = program_with(tmp_path / "app", [([line(30, looped=True)], 9_000)])
    better = [replace(one, comparisons=[change(5.0)]) for one in report.groups]
    gains = program_gains(better, report.whole.wall_ns)
    sentences = conclusions(report.whole, better, gains, report.causes, report.reasons)
    assert not any("With " in one for one in sentences)
