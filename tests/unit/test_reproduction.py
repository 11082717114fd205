"""The claims of the compile() question: each verdict both ways, on facts made by hand."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from rich.console import Console

from keras_profile.analysis.intervals import ratio_interval
from keras_profile.errors import KerasProfileError, TargetError
from keras_profile.features.experiments import runner
from keras_profile.features.experiments.compile_question import steps
from keras_profile.features.experiments.compile_question.claims import CLAIMS, judge_claims
from keras_profile.features.experiments.compile_question.reproduction import (
    CANNOT_TELL,
    DOES_NOT_HOLD,
    HOLDS,
    REPRODUCTION_SCHEMA,
    InternalFact,
    InternalName,
    Reproduction,
    Spans,
    Timing,
    WorkloadFacts,
)
from keras_profile.features.experiments.compile_question.summary import (
    print_reproduction,
    render_reproduction,
)
from keras_profile.features.experiments.occurrences import names, occurrences
from keras_profile.model.environment import RecordedEnvironment
from keras_profile.model.recorded import from_json
from keras_profile.model.timeline import COLLECTION, ROOT, Timeline
from keras_profile.recordings.folders import new_folder
from keras_profile.recordings.json_files import read_recording
from support import contents

E = "tensorflow.python.keras.engine"
PROCESS = f"{E}.training_v2", "_process_inputs"
CREATE = "tensorflow.python.eager.function", "Function._create_graph_function"
LOOP = f"{E}.training_v2", "Loop.predict"
ARRAY_LOOP = f"{E}.training_arrays", "ArrayLikeTrainingLoop.predict"
ADAPTER = f"{E}.data_adapter", "TensorLikeDataAdapter.__init__"
DISTRIBUTED = f"{E}.training_v2_utils", "_make_execution_function.<locals>.distributed_function"
MAKE_PREDICT = f"{E}.training", "Model._make_predict_function"
MAKE_LATER = ("keras.engine.training", "Model.make_predict_function")
#: What works in place of the first two in later releases.
HANDLER = ("keras.engine.data_adapter", "DataHandler.__init__")
CONCRETE = "tensorflow.python.eager.polymorphic_function.tracing_compilation", "_create_concrete_function"
LATER = {PROCESS: HANDLER, CREATE: CONCRETE}


def fact(name, share=0.5, width=0.02):
    return InternalFact(*name, share, (share - width, share + width), 1.0)


def spans(warm=(), cold=(), traced=0.0):
    return Spans(0.5, traced, list(warm), [InternalName(*name) for name in cold])


def workload(name, speedup=1.0, calls=50, width=0.02, **more):
    timing = Timing(
        calls,
        1_000_000,
        (900_000, 1_100_000),
        5_000_000,
        speedup,
        (speedup * (1 - width), speedup * (1 + width)),
    )
    return WorkloadFacts(name, name.replace("_", " "), name, timing=timing, **more)


def facts(**changes):
    """Facts by which every claim holds; ``changes`` replaces workloads."""
    found = [
        workload(
            "tiny_uncompiled",
            40.0,
            flag=False,
            compiled=False,
            spans=spans([fact(ARRAY_LOOP, 0.9)], [MAKE_PREDICT]),
        ),
        workload(
            "tiny_compiled",
            flag=True,
            compiled=True,
            spans=spans(
                [fact(LOOP, 0.95), fact(PROCESS, 0.7), fact(ADAPTER, 0.69), fact(CREATE, 0.6)],
                [DISTRIBUTED],
                3.0,
            ),
        ),
        workload("tiny_train_function"),
        workload("medium_uncompiled", spans=spans()),
        workload("medium_compiled", spans=spans([fact(PROCESS, 0.004, 0.001)])),
        workload("tiny_weights_loaded", 30.0),
        workload("tiny_loaded_uncompiled", 30.0),
        workload("tiny_call", 30.0),
        workload("tiny_call_inference", 30.0),
        workload("tiny_predict_on_batch", 20.0),
    ]
    return {one.workload: one for one in found} | changes


def verdict(claim, **changes):
    return next(one for one in judge_claims(facts(**changes)) if one.claim == claim)


def with_warm(name, *warm, cold=(), traced=0.0):
    return {name: replace(facts()[name], spans=spans(warm, cold, traced))}


def test_every_claim_can_hold():
    results = judge_claims(facts())
    assert {one.verdict for one in results} == {HOLDS}
    assert [one.claim for one in results] == [claim.id for claim in CLAIMS]
    assert all(one.measured and one.rule and one.claimed for one in results)


COMPILED = [fact(PROCESS, 0.7), fact(CREATE, 0.6)]

NOT = {
    "slowdown": {"tiny_uncompiled": workload("tiny_uncompiled", 1.1)},
    "process_inputs": with_warm("tiny_compiled", fact(PROCESS, 0.3)),
    "create_graph_function": with_warm("tiny_compiled", fact(CREATE, 0.3)),
    "neither_uncompiled": with_warm("tiny_uncompiled", fact(PROCESS, 0.0001)),
    "medium_process_inputs": with_warm("medium_compiled", fact(PROCESS, 0.2)),
    "medium_same": {"medium_uncompiled": workload("medium_uncompiled", 1.5)},
    "new_graph": with_warm("tiny_compiled", *COMPILED, traced=0.0),
    "flag": {"tiny_uncompiled": replace(facts()["tiny_uncompiled"], flag=True)},
    "training_loop": with_warm("tiny_uncompiled", fact(LOOP)),
    "data_adapter": with_warm("tiny_uncompiled", fact(ADAPTER)),
    "distribution_function": with_warm("tiny_uncompiled", cold=[DISTRIBUTED]),
    "train_function": {"tiny_train_function": workload("tiny_train_function", 0.5)},
    "weights_loaded": {"tiny_weights_loaded": workload("tiny_weights_loaded", 1.0)},
    "loaded_uncompiled": {"tiny_loaded_uncompiled": workload("tiny_loaded_uncompiled", 1.0)},
    "call": {"tiny_call": workload("tiny_call", 0.5)},
    "call_inference": {"tiny_call_inference": workload("tiny_call_inference", 0.5)},
    "predict_on_batch": {"tiny_predict_on_batch": workload("tiny_predict_on_batch", 0.9)},
}

WIDE = {
    "slowdown": {"tiny_uncompiled": workload("tiny_uncompiled", 10.0)},
    "process_inputs": with_warm("tiny_compiled", fact(PROCESS)),
    "create_graph_function": with_warm("tiny_compiled", fact(CREATE)),
    "neither_uncompiled": with_warm("tiny_compiled"),
    "medium_process_inputs": with_warm("medium_compiled", fact(PROCESS, 0.01, 0.005)),
    "medium_same": {"medium_compiled": workload("medium_compiled", calls=2)},
    "new_graph": {"tiny_compiled": replace(facts()["tiny_compiled"], spans=None)},
    "flag": {name: replace(facts()[name], flag=None) for name in ("tiny_compiled", "tiny_uncompiled")},
    "training_loop": {"tiny_compiled": replace(facts()["tiny_compiled"], spans=None)},
    "data_adapter": {"tiny_uncompiled": replace(facts()["tiny_uncompiled"], spans=None)},
    "distribution_function": with_warm("tiny_uncompiled") | with_warm("tiny_compiled"),
    "train_function": {"tiny_train_function": workload("tiny_train_function", width=0.5)},
    "weights_loaded": {"tiny_weights_loaded": workload("tiny_weights_loaded", 1.25)},
    "loaded_uncompiled": {"tiny_loaded_uncompiled": WorkloadFacts("a", "the step", "", "it broke")},
    "call": {"tiny_call": workload("tiny_call", 1.25)},
    "call_inference": {"tiny_call_inference": workload("tiny_call_inference", 1.25)},
    "predict_on_batch": {"tiny_predict_on_batch": workload("tiny_predict_on_batch", 1.25)},
}


@pytest.mark.parametrize("claim", [claim.id for claim in CLAIMS])
def test_every_claim_can_fail(claim):
    assert verdict(claim, **NOT[claim]).verdict == DOES_NOT_HOLD


@pytest.mark.parametrize("claim", [claim.id for claim in CLAIMS])
def test_of_every_claim_nothing_may_be_known(claim):
    judged = verdict(claim, **WIDE[claim])
    assert judged.verdict == CANNOT_TELL
    assert judged.measured


def test_without_facts_nothing_is_claimed_and_the_reason_is_told():
    assert {one.verdict for one in judge_claims({})} == {CANNOT_TELL}
    broken = WorkloadFacts("tiny_call", "tiny, model(x)", "", "it broke")
    assert verdict("call", tiny_call=broken).measured == "tiny, model(x): it broke"


def test_successors_are_judged_and_named():
    later = {
        "tiny_compiled": replace(
            facts()["tiny_compiled"],
            spans=spans(
                [
                    replace(
                        one,
                        module=LATER[one.module, one.qualname][0],
                        qualname=LATER[one.module, one.qualname][1],
                    )
                    for one in COMPILED
                ]
            ),
        )
    }
    assert verdict("process_inputs", **later).verdict == HOLDS
    assert "DataHandler.__init__, its successor" in verdict("process_inputs", **later).measured
    assert "in _create_concrete_function" in verdict("create_graph_function", **later).measured
    assert "DataHandler.__init__ or _create_concrete" in verdict("neither_uncompiled", **later).measured


def test_a_function_of_the_same_name_elsewhere_is_another():
    other = ("somewhere.else.training_v2x", "_process_inputs")
    assert verdict("process_inputs", **with_warm("tiny_compiled", fact(other, 0.7))).verdict == CANNOT_TELL


def test_a_release_with_one_loop_says_so():
    entry = ("keras.src.backend.tensorflow.trainer", "TensorFlowTrainer.predict")
    one = with_warm("tiny_compiled", fact(entry)) | with_warm("tiny_uncompiled", fact(entry))
    judged = verdict("training_loop", **one)
    assert (judged.verdict, judged.measured) == (DOES_NOT_HOLD, "this release has one loop")


@pytest.mark.parametrize("claim", ["training_loop", "data_adapter", "distribution_function"])
def test_of_a_release_that_is_not_known_nothing_is_told(claim):
    unknown = with_warm("tiny_compiled") | with_warm("tiny_uncompiled")
    assert verdict(claim, **unknown).verdict == CANNOT_TELL


def test_functions_that_changed_for_both_are_named():
    both = with_warm("tiny_compiled", cold=[MAKE_LATER]) | with_warm("tiny_uncompiled", cold=[MAKE_LATER])
    judged = verdict("distribution_function", **both)
    assert judged.verdict == DOES_NOT_HOLD
    assert judged.measured.count("Model.make_predict_function") == 2


def test_the_train_function_is_told_as_the_factor_of_time():
    judged = verdict("train_function", tiny_train_function=workload("tiny_train_function", 0.5, width=0.0))
    assert judged.measured == "2.00× (2.00–2.00) the time before"


# --- facts ---


def test_the_interval_of_a_ratio_has_it():
    random = np.random.default_rng(3)
    slow, fast = random.integers(28_000, 32_000, 200), random.integers(900, 1100, 200)
    low, high = ratio_interval(slow, fast)
    assert 27 < low < np.median(slow) / np.median(fast) < high < 33


def test_occurrences_leave_nothing_out_and_count_recursion_once():
    # Two calls: in the first 0 holds itself and 1, in the second 1 runs for next to nothing.
    line = Timeline(
        call=np.array([0, 0, 0, 0, 1, 1, 1]),
        internal=np.array([ROOT, 0, 0, 1, ROOT, COLLECTION, 1]),
        parent=np.array([-1, 0, 1, 2, -1, 4, 4]),
        depth=np.array([0, 1, 2, 3, 0, 1, 1]),
        resumed=np.array([False, False, False, False, False, False, True]),
        begin=np.array([0, 10, 20, 30, 200, 205, 210]),
        end=np.array([100, 60, 50, 40, 100_100, 206, 211]),
    )
    internals = [contents.internal("a"), contents.internal("b"), contents.internal("c")]
    found = {one.qualname: one for one in occurrences(line, internals)}
    assert set(found) == {"a", "b"}
    assert found["a"].share == pytest.approx(50 / 100_000, abs=1e-6)
    assert found["a"].count_per_call == 1.0
    assert found["b"].count_per_call == 0.5
    assert [one.qualname for one in names(line, internals)] == ["a", "b"]


def test_the_speedup_is_of_the_baseline_over_this():
    found = steps.with_speedup(workload("tiny_call"), [10, 10, 10], [300, 300])
    assert found.timing.speedup == 30.0
    assert found.timing.speedup_ci95 == (30.0, 30.0)
    assert steps.with_speedup(found, [10], None) == found


def test_steps_name_functions_that_there_are_and_share_the_time():
    text = steps._MODELS.read_text(encoding="utf-8")
    by_name = {step.name: step for step in steps.STEPS}
    assert len(by_name) == len(steps.STEPS)
    assert sum(step.part for step in steps.STEPS) == pytest.approx(1.0)
    for step in steps.STEPS:
        assert f"\ndef {step.build}()" in text
        assert step.baseline in by_name
    assert set(by_name) == set(facts())


# --- the whole, with a recorder that is none ---


def run(tmp_path, seconds=100.0):
    told = []
    traces = new_folder(tmp_path / "traces", "reproduce-now")
    content = steps.reproduce(
        sys.executable, seconds, traces, tmp_path / "reports" / "reproduce-now", told.append
    )
    return content, told


def test_each_step_is_a_recording_with_a_report(recorder, tmp_path):
    content, told = run(tmp_path)
    assert content.schema == REPRODUCTION_SCHEMA
    assert [one.workload for one in content.workloads] == [step.name for step in steps.STEPS]
    for step in steps.STEPS:
        assert read_recording(tmp_path / "traces" / "reproduce-now" / step.name)
        assert (tmp_path / "reports" / "reproduce-now" / step.name / "report.md").exists()
    assert sum(request.seconds for _, _, request in recorder.done) == pytest.approx(100.0)
    assert (told[0].of, told[0].text) == ("1/10 tiny, before compile()", "loading")


def test_a_step_that_fails_costs_itself_alone(recorder, tmp_path):
    recorder.fails["medium_compiled"] = TargetError("no memory left")
    content, told = run(tmp_path)
    failed = [one for one in content.workloads if one.timing is None]
    assert [(one.workload, one.reason) for one in failed] == [("medium_compiled", "no memory left")]
    assert not (tmp_path / "traces" / "reproduce-now" / "medium_compiled").exists()
    assert any("no memory left" in one.text for one in told)
    assert "no memory left" in next(one.measured for one in content.claims if one.claim == "medium_same")


def test_what_fails_first_fails_all_and_leaves_nothing(recorder, tmp_path):
    recorder.fails["tiny_uncompiled"] = TargetError("there is no TensorFlow")
    with pytest.raises(KerasProfileError, match="there is no TensorFlow"):
        run(tmp_path)
    assert list((tmp_path / "traces").iterdir()) == []


def test_after_an_interrupt_before_the_first_call_nothing_more_is_measured(recorder, tmp_path):
    recorder.fails["tiny_compiled"] = TargetError("interrupted before", kind="interrupted")
    content, _ = run(tmp_path)
    assert len(recorder.done) == 2
    assert [one.reason for one in content.workloads][1:] == ["interrupted before"] * 9


def test_after_an_interrupt_what_there_is_is_judged(recorder, tmp_path):
    recorder.interrupted_in = "tiny_compiled"
    content, _ = run(tmp_path)
    assert len(recorder.done) == 2
    assert [one.reason for one in content.workloads][2:] == ["interrupted before"] * 8
    assert len(content.claims) == len(CLAIMS)


# --- outputs ---


@pytest.fixture
def content():
    broken = WorkloadFacts("tiny_call", "tiny, model(x)", "", contents.HOSTILE)
    found = facts(tiny_call=broken)
    return Reproduction(
        REPRODUCTION_SCHEMA,
        "reproduce-now",
        RecordedEnvironment(contents.ENVIRONMENT),
        120.0,
        list(found.values()),
        judge_claims(found),
        [contents.HOSTILE],
    )


@pytest.mark.parametrize("width", [80, 160])
def test_the_terminal_shows_every_workload_claim_and_verdict(content, width):
    buffer = io.StringIO()
    print_reproduction(content, Console(file=buffer, width=width, color_system=None))
    text = buffer.getvalue()
    assert "claims and the measurements here" in text
    assert text.count("holds ") >= len(CLAIMS) - 1
    assert "cannot tell" in text
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
    assert "\x07" not in text


def test_markdown_has_the_rules_and_no_one_elses_markup(content):
    text = render_reproduction(content)
    for claim in CLAIMS:
        assert claim.rule.split(",")[0][:20] in text
    assert "<script>" not in text
    assert "\x1b" not in text


def test_the_summary_is_written_and_read_again(content, tmp_path):
    paths = runner.write_summary(content, tmp_path, steps.SUMMARY_FILES)
    assert [path.name for path in paths] == ["reproduce.json", "reproduce.md"]
    assert msgspec.json.decode(paths[0].read_bytes(), type=Reproduction, dec_hook=from_json) == content
