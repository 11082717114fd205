"""Profiles of other profilers: read, divided by the internals table, and said what they do not show."""

from __future__ import annotations

import cProfile
import json
import marshal
import pstats
import shutil

import jsonschema
import pytest
from pyinstrument import Profiler
from pyinstrument.renderers import SpeedscopeRenderer
from pyinstrument.stack_sampler import get_stack_sampler

from keras_profile.analysis.attribution.counted import counted_partition
from keras_profile.analysis.attribution.internals import phase_by_internal
from keras_profile.analysis.attribution.named_functions import name_functions
from keras_profile.analysis.attribution.sampled import sampled_partition
from keras_profile.analysis.attribution.vocabulary import PHASES, TRANSPARENT
from keras_profile.cli import main
from keras_profile.errors import RecordingError
from keras_profile.features.trace.trace_files import make_trace_report
from keras_profile.model.call_graph import Function
from keras_profile.output.exporting import export
from keras_profile.recordings.opened import open_recording
from support.device_traces import waiting_for_input, written
from support.foreign_profiles import LAYER, PACKAGES, SCRIPT, TRAINER, clocked, counted, keras, program
from support.golden import ROOT, recordings
from support.key_tables import SCHEMAS

LOOP = """
def act(x):
    return keras.predict(x)

def main():
    for _ in range(10):
        act(1)
"""
ALL = """
def act(x):
    return keras.predict(x)

def score(x):
    return keras.predict_on_batch(x)

def direct(x):
    return keras.call(None, x)

def main():
    keras.compile(0)
    for _ in range(10):
        act(1)
    for _ in range(20):
        score(1)
    for _ in range(30):
        direct(1)
    keras.fit(1)
"""
WITHOUT = """
import json

def encode(x):
    return json.dumps([x] * 1000)

def main():
    for number in range(50):
        encode(number)
"""


def divided(path):
    (profile,) = make_trace_report([path]).profiles
    assert sum(phase.cost for phase in profile.phases) == profile.inference
    assert sum(entry.cost for entry in profile.entries) == profile.inference + profile.training
    return profile


def entries(profile):
    return {one.entry: (one.cost, one.calls) for one in profile.entries}


def costs(profile):
    return {one.phase: one.cost for one in profile.phases}


def callers(profile):
    return {(one.function, one.entry): one.calls for one in profile.callers}


def ms(number):
    return pytest.approx(number * 1e6, abs=1e3)


def refused(path):
    with pytest.raises(RecordingError) as caught:
        make_trace_report([path])
    assert caught.value.advice
    return caught.value.message


# --- counts of cProfile ---


def test_a_loop_of_predict_is_divided(tmp_path):
    found = divided(counted(tmp_path / "loop.prof", LOOP))
    assert (found.format, found.made_by, found.unit) == ("pstats", "cProfile", "nanoseconds")
    assert (found.keras, found.has_framework) == ("keras.src", True)
    assert entries(found) == {"predict": (ms(60), 10)}
    assert costs(found) == {
        "dataset_building": ms(40),
        "function_building": ms(10),
        "entry": ms(10),
    }
    assert callers(found) == {("act", "predict"): 10}
    (caller,) = found.callers
    assert (caller.file, caller.line) == (SCRIPT, 2)
    internals = {one.qualname: (one.cost, one.calls) for one in found.internals}
    assert internals["TensorFlowTrainer.predict"] == (ms(60), 10)
    assert internals["ArrayDataAdapter.get_tf_dataset"] == (ms(40), 10)
    assert found.notes == []


def test_entry_points_that_share_a_wrapper_are_told_apart(tmp_path):
    """``error_handler`` calls predict, fit, compile and layers: counts do not say for whom."""
    path = counted(tmp_path / "all.prof", ALL)
    found = divided(path)
    assert entries(found) == {
        "predict": (ms(60), 10),
        "predict_on_batch": (ms(60), 20),
        "call": (pytest.approx(60e6, rel=0.1), 30),
        "fit": (pytest.approx(10e6, rel=0.3), 1),
    }
    assert [one.entry for one in found.entries if one.is_training] == ["fit"]
    assert callers(found) == {
        ("act", "predict"): 10,
        ("score", "predict_on_batch"): 20,
        ("direct", "call"): 30,
        ("main", "fit"): 1,
    }
    assert found.total == ms(sum(row[2] for row in pstats.Stats(str(path)).stats.values()) * 1e3)
    assert all(one.phases == [] for one in found.entries)
    assert "an estimate" in found.notes[0]


def test_what_was_called_before_the_profiler_began_has_no_caller(tmp_path):
    clock, work = clocked()
    made = keras(work)
    profile = cProfile.Profile(clock)
    with profile:
        made.predict(1)
        made.call(None, 1)
    profile.dump_stats(tmp_path / "inline.prof")
    found = divided(tmp_path / "inline.prof")
    assert {one.entry: one.cost for one in found.entries} == {"predict": ms(6), "call": ms(2)}
    assert found.callers[1:] == []
    assert not any("incomplete" in note for note in found.notes)


def test_counts_of_the_profiler_in_python_have_only_how_often(tmp_path):
    stats = pstats.Stats(str(counted(tmp_path / "loop.prof", LOOP))).stats
    older = {
        place: (*row[:4], {caller: count for caller, (count, *_) in row[4].items()})
        for place, row in stats.items()
    }
    (tmp_path / "older.prof").write_bytes(marshal.dumps(older))
    found = divided(tmp_path / "older.prof")
    assert entries(found) == {"predict": (ms(60), 10)}
    # What three functions call equally often is divided equally.
    assert costs(found) == {phase: ms(20) for phase in ("dataset_building", "function_building", "entry")}


def test_lost_calls_are_said(tmp_path):
    """Python 3.12 loses calls: then functions of Keras have no caller."""
    stats = dict(pstats.Stats(str(counted(tmp_path / "loop.prof", LOOP))).stats)
    lost = {place: row for place, row in stats.items() if place[2] not in ("predict", "error_handler")}
    for place, (*row, above) in list(lost.items()):
        lost[place] = (*row, {caller: edge for caller, edge in above.items() if caller in lost})
    (tmp_path / "lost.prof").write_bytes(marshal.dumps(lost))
    found = divided(tmp_path / "lost.prof")
    assert found.entries == []
    assert "the profile is incomplete: 2 functions of Keras and TensorFlow have no caller" in found.notes[0]


def test_a_program_without_keras_gets_a_sentence(tmp_path, capsys):
    path = counted(tmp_path / "other.prof", WITHOUT)
    stats = pstats.Stats(str(path)).stats
    place = next(iter(stats))
    stats[place] = (*stats[place][:2], 0.75, 1.0, stats[place][4])
    path.write_bytes(marshal.dumps(stats))
    assert divided(path).has_framework is False
    assert main(["trace", str(path)]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "There is no function of Keras or TensorFlow in it; most of its own time:" in text
    assert place[2] in text
    assert "100%" in text
    assert "keras-profile run script.py" in text


def test_keras_without_calls_of_a_model_is_something_else(tmp_path, capsys):
    path = counted(tmp_path / "compile.prof", "def main():\n    keras.compile(1)\n")
    assert divided(path).has_framework is True
    assert main(["trace", str(path)]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "no call of predict, predict_on_batch, model(x), fit or evaluate in it" in text


@pytest.mark.parametrize(
    "recording", [one for one in recordings() if (one / "cprofile.prof").exists()], ids=lambda path: path.name
)
def test_recordings_of_all_generations_are_divided_as_their_own_reports_do(recording):
    """Files and names alone give the shares of functions that were looked up in the interpreter."""
    opened = open_recording(recording)
    internals = opened.recording.content.internals
    phases = [phase_by_internal().get((one.table_module, one.qualname), TRANSPARENT) for one in internals]
    graph, samples = opened.call_graph, opened.samples
    assert graph is not None
    assert samples is not None
    for name, own in (
        ("cprofile.prof", counted_partition(graph, internals, phases).self_ns),
        ("pyinstrument.pyisession", sampled_partition(samples, internals, phases).self_ns.sum(axis=0)),
    ):
        found = divided(recording / name)
        if any("incomplete" in note for note in found.notes):
            assert (found.format, recording.name) in LOST
            continue
        shares = {one.phase: one.share for one in found.phases}
        own = dict(zip(PHASES, own / own.sum()))
        for phase in set(PHASES) - UNLIKE:
            assert shares.get(phase, 0) == pytest.approx(own[phase], abs=0.045), (name, phase)
        assert {one.entry for one in found.entries} == {"predict"}


#: Python 3.12 recorded these.
LOST = {("pstats", f"demo-{name}") for name in ("keras-3.6", "keras-3.15", "tf_keras-2.21")}
#: Destroying what a call leaves behind happens where the call returns, which is not a part of Keras.
UNLIKE = {"teardown", "unattributed"}


# --- samples ---


@pytest.fixture(scope="module")
def session():
    """A session of pyinstrument of a program that calls all entry points, by a clock that only it moves."""
    clock, work = clocked()
    script = program(keras(work), ALL)
    sampler = get_stack_sampler()
    sampler.timer_func = clock
    try:
        profiler = Profiler(interval=0.0005)
        profiler.start()
        script()
        return profiler.stop()
    finally:
        sampler.timer_func = None


def test_a_session_of_pyinstrument_is_divided(tmp_path, session):
    session.save(tmp_path / "a.pyisession")
    found = divided(tmp_path / "a.pyisession")
    assert (found.format, found.made_by, found.threads) == ("pyinstrument", "pyinstrument", 1)
    assert entries(found) == {
        "predict": (ms(60), None),
        "predict_on_batch": (ms(60), None),
        "call": (ms(60), None),
        "fit": (ms(10), None),
    }
    (predict,) = [one for one in found.entries if one.entry == "predict"]
    assert {one.phase: one.cost for one in predict.phases} == {
        "dataset_building": ms(40),
        "function_building": ms(10),
        "entry": ms(10),
    }
    assert {(one.function, one.line, one.entry) for one in found.callers} == {
        ("act", 3, "predict"),
        ("score", 6, "predict_on_batch"),
        ("direct", 9, "call"),
    }


def test_the_same_session_in_speedscopes_format(tmp_path, session):
    (tmp_path / "a.json").write_text(SpeedscopeRenderer(show_all=True).render(session))
    session.save(tmp_path / "a.pyisession")
    found, whole = divided(tmp_path / "a.json"), divided(tmp_path / "a.pyisession")
    assert (found.format, found.made_by) == ("speedscope", "pyinstrument")
    assert "leaves out of this format" in found.notes[0]
    assert found.inference == ms(whole.inference / 1e6)
    assert costs(found) == {phase: ms(cost / 1e6) for phase, cost in costs(whole).items()}


@pytest.mark.parametrize("name", ["demo-keras-3.15", "demo-tf-2.6"])
def test_what_this_program_exports_has_its_own_shares(tmp_path, name):
    """An export has several views of the same calls: only the first one counts."""
    opened = open_recording(ROOT / "traces" / name)
    data, _ = export(opened, "speedscope")
    (tmp_path / "own.speedscope.json").write_bytes(data)
    found = divided(tmp_path / "own.speedscope.json")
    first = json.loads(data)["profiles"][0]
    assert found.total == first["endValue"]
    assert found.threads == 1
    assert [one.entry for one in found.entries] == ["predict"]
    assert {"iterator_creation", "dataset_building", "function_tracing"} <= set(costs(found))


def speedscope(*profiles, frames, **more):
    return json.dumps(
        {
            "$schema": "https://www.speedscope.app/file-format-schema.json",
            "exporter": "py-spy@0.4.3",
            "shared": {"frames": [{"name": name, "file": file, "line": line} for name, file, line in frames]},
            "profiles": list(profiles),
            **more,
        }
    ).encode()


FRAMES = (
    ("<module>", "/home/me/script.py", 30),
    ("TensorFlowTrainer.predict", "keras/src/backend/tensorflow/trainer.py", 526),
    ("DatasetV2.map", "tensorflow/python/data/ops/dataset_ops.py", 2341),
    ("TensorFlowTrainer.fit", "keras/src/backend/tensorflow/trainer.py", 380),
)


def sampled(samples, weights, unit="seconds"):
    return {"type": "sampled", "name": "t", "unit": unit, "samples": samples, "weights": weights}


def test_threads_of_py_spy_are_summed(tmp_path):
    path = tmp_path / "x.json"
    one, other = sampled([[0, 1], [0, 1, 2]], [0.25, 0.5]), sampled([[0, 3], [0], []], [0.25, 0.5, 0.5])
    path.write_bytes(speedscope(one, other, frames=FRAMES))
    found = divided(path)
    assert (found.total, found.inference, found.training) == (2_000_000_000, 750_000_000, 250_000_000)
    assert found.threads == 2
    assert costs(found) == {"dataset_building": 500_000_000, "entry": 250_000_000}


def test_events_of_speedscope_are_stretches_of_time(tmp_path):
    events = [
        {"type": kind, "at": at, "frame": frame}
        for kind, at, frame in (("O", 1, 0), ("O", 3, 1), ("O", 4, 2), ("C", 8, 2), ("C", 9, 1), ("C", 11, 0))
    ]
    profile = {"type": "evented", "name": "t", "unit": "milliseconds", "events": events}
    (tmp_path / "x.json").write_bytes(speedscope(profile, frames=FRAMES))
    found = divided(tmp_path / "x.json")
    assert (found.total, found.inference) == (10_000_000, 6_000_000)
    assert costs(found) == {"dataset_building": 4_000_000, "entry": 2_000_000}


def test_a_sample_in_the_wrapper_after_predict_is_its_teardown(tmp_path):
    wrapper = ("error_handler", "keras/src/utils/traceback_utils.py", 117)
    frames = (*FRAMES, wrapper)
    profile = sampled([[0, 4], [0, 4, 1], [0, 4], [0], [0, 4]], [1.0, 2.0, 0.5, 1.0, 1.0])
    (tmp_path / "x.json").write_bytes(speedscope(profile, frames=frames))
    assert costs(divided(tmp_path / "x.json")) == {"entry": 2_000_000_000, "teardown": 500_000_000}


def test_folded_stacks_have_samples_and_no_times(tmp_path, capsys):
    path = tmp_path / "stacks.txt"
    path.write_text(
        "<module> (script.py:30);TensorFlowTrainer.predict (keras/src/backend/tensorflow/trainer.py:526) 3\n"
        "<module> (script.py:30);TensorFlowTrainer.fit (keras/src/backend/tensorflow/trainer.py:380) 4\n"
        "<module> (script.py:30);wait (threading.py:5) 2\n"
        " 1\n"
    )
    found = divided(path)
    assert (found.format, found.unit, found.total) == ("folded", "samples", 10)
    assert (found.inference, found.training) == (3, 4)
    assert [(one.function, one.file, one.line) for one in found.callers] == [("<module>", "script.py", 30)]
    assert main(["trace", str(path)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "10 samples of a program, in folded stacks: 30% in calls of a model, 40% in training" in out
    assert "do not show times" in out


def test_a_tree_of_a_model_that_is_made_is_no_inference(tmp_path):
    """A layer that is called on a symbolic input makes a part of a model."""
    frames = (
        *FRAMES,
        ("Layer.__call__", "keras/src/layers/layer.py", 900),
        ("Layer.symbolic_call", "keras/src/layers/layer.py", 870),
    )
    making = sampled([[0, 4], [0, 4, 5]], [0.1, 1.0])
    (tmp_path / "making.json").write_bytes(speedscope(making, frames=frames))
    assert divided(tmp_path / "making.json").entries == []
    calling = sampled([[0, 4], [0, 4, 5]], [1.0, 0.1])
    (tmp_path / "calling.json").write_bytes(speedscope(calling, frames=frames))
    assert [one.entry for one in divided(tmp_path / "calling.json").entries] == ["call"]


# --- names ---


def test_functions_are_found_by_the_ends_of_their_paths():
    def phases(*functions, first=True):
        return [one.phase for one in name_functions([Function(*one) for one in functions], first).functions]

    assert phases(
        (TRAINER, 1, "predict"), ("C:\\x\\keras\\src\\backend\\tensorflow\\trainer.py", 1, "predict")
    ) == [
        "entry",
        "entry",
    ]
    # Nobody else's.
    assert phases(
        ("/home/me/trainer.py", 1, "predict"), ("/home/me/contextlib.py", 1, "helper"), (TRAINER, 1, "other")
    ) == [None, None, None]
    core = f"{PACKAGES}/tensorflow_core/python/data/ops/dataset_ops.py"
    assert phases((core, 1, "from_tensors")) == ["dataset_building"]
    # Two functions of one name where the table has one row: no one knows which.
    assert phases((TRAINER, 5, "concat"), (TRAINER, 9, "concat")) == [None, None]
    assert phases((TRAINER, 5, "concat"), (TRAINER, 9, "concat"), first=False) == ["output_assembly"] * 2
    # Rows of one name and different phases.
    older = f"{PACKAGES}/tensorflow/python/eager/function.py"
    assert phases((older, 1, "__call__")) == [None]
    assert phases((older, 1, "ConcreteFunction.__call__")) == ["execution"]


def test_the_root_and_the_generation_are_those_of_most_functions():
    older = f"{PACKAGES}/tensorflow/python/keras/engine/training.py"
    named = name_functions([Function(older, 1, "predict"), Function(older, 9, "make_predict_function")], True)
    assert named.root == "tensorflow.python.keras"
    assert named.generation.startswith("tf-2.")
    assert name_functions([Function("a.py", 1, "f")], True).root == ""
    assert name_functions([Function(LAYER, 1, "Layer.__call__")], False).generation.startswith("keras-3")


# --- files and folders ---


def test_a_folder_has_traces_and_profiles(tmp_path, capsys):
    counted(tmp_path / "loop.prof", LOOP)
    written(tmp_path / "host.xplane.pb", *waiting_for_input())
    (tmp_path / "broken.prof").write_bytes((tmp_path / "loop.prof").read_bytes()[:100])
    (tmp_path / "torch.trace.json").write_bytes(b'{"traceEvents": [], "deviceProperties": []}')
    (tmp_path / "other.json").write_bytes(b"[]")
    report = make_trace_report([tmp_path])
    assert (len(report.hosts), len(report.profiles)) == (1, 1)
    assert "broken.prof" in report.failed[0].file
    assert "PyTorch (Kineto)" in report.failed[1].reason
    assert main(["trace", str(tmp_path), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    jsonschema.validate(content, json.loads((SCHEMAS / "trace.schema.json").read_text()))
    assert main(["trace", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "predict(): 10 calls, 6.00 ms a call" in out
    assert "PyTorch (Kineto)" in out


def test_of_several_profiles_each_has_its_entry_points(tmp_path, capsys):
    counted(tmp_path / "a.prof", LOOP)
    counted(tmp_path / "b.prof", ALL)
    assert main(["trace", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out.count("predict(): 10 calls") == 2
    assert "phase, in calls" not in out
    assert "--full" in out
    assert main(["trace", str(tmp_path), "--full"]) == 0
    assert capsys.readouterr().out.count("phase, in calls of a model") == 2


def test_profiles_of_a_recording_have_their_own_report(tmp_path):
    shutil.copytree(ROOT / "traces" / "demo-tf-2.6", tmp_path / "demo")
    report = make_trace_report([tmp_path])
    assert (bool(report.hosts), report.profiles) == (True, [])


def test_a_thread_is_of_a_trace(tmp_path):
    path = counted(tmp_path / "loop.prof", LOOP)
    with pytest.raises(RecordingError, match="expected a trace for --thread") as caught:
        make_trace_report([path], "MainThread")
    assert caught.value.advice == "leave out --thread"


def test_the_answer_fits_one_screen(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["trace", str(counted(tmp_path / "all.prof", ALL))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 45
    assert max(len(line) for line in lines if str(tmp_path) not in line) <= 100


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.prof", marshal.dumps({("a", 1, "f"): 1}), "a function without calls, times and callers"),
        ("a.prof", marshal.dumps({("a", "1", "f"): (1, 1, 0.1, 0.1, {})}), "without file, line and name"),
        ("a.prof", marshal.dumps({("a", 1, "f"): (1, -1, 0.1, 0.1, {})}), "a number of calls that none"),
        ("a.prof", marshal.dumps({("a", 1, "f"): (1, 1, float("nan"), 1, {})}), "a time that none can be"),
        ("a.prof", marshal.dumps({("a", 1, "f"): (1, 1, 1e300, 1, {})}), "a time that none can be"),
        ("a.prof", marshal.dumps({("a", 1, "f"): (1, 1, 0.0, 0.0, {})}), "nothing took any time"),
        ("a.pyisession", b'{"frame_records": [[["f"], "x"]]}', "expected a pyinstrument session"),
        ("a.pyisession", b'{"frame_records": []}', "found no samples"),
        ("a.pyisession", b'{"frame_records": [[["f"], 1e300]]}', "expected a pyinstrument session"),
        ("a.json", speedscope(sampled([[9]], [1.0]), frames=FRAMES), "frame 9 of 4"),
        ("a.json", speedscope(sampled([[0]], [1.0, 2.0]), frames=FRAMES), "1 samples with 2 weights"),
        ("a.json", speedscope(sampled([[0]], [-1.0]), frames=FRAMES), "a weight of -1.0"),
        ("a.json", speedscope(sampled([[0]], [1.0], "bytes"), frames=FRAMES), "found one of memory"),
        ("a.json", speedscope(frames=FRAMES), "found one without samples"),
        (
            "a.json",
            speedscope(sampled([[0]], [1.0]), sampled([[0]], [1.0], "none"), frames=FRAMES),
            "profiles in different units",
        ),
        (
            "a.json",
            speedscope(
                {"type": "evented", "unit": "none", "events": [{"type": "C", "at": 1, "frame": 0}]},
                frames=FRAMES,
            ),
            "an event that closes '<module>'",
        ),
        ("a.prof", b"something else", "expected a profile of cProfile, pyinstrument or speedscope"),
        ("a.txt", b"a (x.py:1);b 3\nand so on\n", "found line 2, which is not frames and a count"),
    ],
)
def test_damage_is_one_clear_error(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    assert words in refused(tmp_path / name)


def test_names_cannot_control_the_terminal(tmp_path, capsys):
    frames = (("\x1b[31mact\n", "/home/\x1b]0;x\x07/script.py", 30), *FRAMES[1:])
    (tmp_path / "x.json").write_bytes(
        speedscope(sampled([[0, 1], [0]], [1.0, 1.0]), frames=frames, exporter="py\x1b[2Jspy")
    )
    assert main(["trace", str(tmp_path / "x.json")]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[31mact" in out


def test_the_key_that_names_a_format_may_come_last(tmp_path):
    content = json.loads(speedscope(sampled([list(range(2)) * 50] * 4_000, [1.0] * 4_000), frames=FRAMES))
    content["$schema"] = content.pop("$schema")
    path = tmp_path / "x.json"
    path.write_text(json.dumps(content))
    assert path.stat().st_size > 1 << 20
    assert divided(path).format == "speedscope"


def test_many_wrappers_and_long_paths_take_no_time(tmp_path):
    """Names from a file are hostile: none may cost more than its length."""
    wrapper = "keras/src/utils/traceback_utils.py"
    stats = {(TRAINER, 1, "predict"): (1, 1, 1.0, 1.0, {})}
    for number in range(3000):
        place = (f"/{number}/{wrapper}", 110, "error_handler")
        stats[place] = (1, 1, 0.1, 1.1, {})
        stats[TRAINER, 1, "predict"][4][place] = (1, 1, 0.1, 1.0)
    for number in range(300):
        stats["/" * 4000 + f"a/b{number}" * 500, 1, "f"] = (1, 1, 0.1, 0.1, {})
    (tmp_path / "hostile.prof").write_bytes(marshal.dumps(stats))
    assert [one.entry for one in divided(tmp_path / "hostile.prof").entries] == ["predict"]


def test_a_file_of_absurd_size_is_refused(tmp_path):
    path = tmp_path / "large.prof"
    with path.open("wb") as file:
        file.write(b"\xfb\xa9\x03")
        file.truncate(1 << 30)
    assert "expected at most 32 MB, found 1024 MB" in refused(path)
