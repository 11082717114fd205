"""What goes into the recorder, and what it does with the user's own code."""

from __future__ import annotations

import collections
import dataclasses
import importlib
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from keras_profile.recorder import user_code
from keras_profile.recorder.frameworks.tensorflow import installation
from keras_profile.recorder.measuring import make_numbered_call, measured_call
from keras_profile.recorder.protocol import (
    CALL_BEGIN,
    CALL_END,
    CALL_FRAME,
    CAPTURES,
    GC_BEGIN,
    GC_END,
    RESUMED,
    RecorderError,
    events,
)
from keras_profile.recorder.protocol.requests import (
    RecorderOptions,
    RecordRequest,
    ServedChange,
    ServeRequest,
    SurveyRequest,
    TrialOptions,
    TryRequest,
    WorkloadRequest,
    read_request,
)
from keras_profile.recorder.structures import leaves, map_leaves
from keras_profile.recorder.workload import target

# --- requests ---

WORKLOAD = {
    "folder": "/r",
    "target": "net.py:build",
    "entry": "predict",
    "input": "x.npy",
    "batch_size": 32,
    "rows": 4,
    "steps": 2,
    "vary_input": True,
    "callbacks": "net.py:callbacks",
    "compiled": False,
    "eager": True,
    "verbose": True,
    "trust_model": True,
    "shapes_seen": [[[4, 2]], [[1, 2]]],
    "models_seen": 3,
    "chained": True,
}
RECORD = RecordRequest(
    **WORKLOAD,
    seconds=1.5,
    rounds=3,
    captures=["bare", "spans"],
    mechanism="recompilation",
    internals=[["K.a", "f", "entry", True]],
    extra_path="/p",
    append=True,
)
TRIALS = TrialOptions(seconds=2.0, recipes=["litert"], approximate=True, processes=True)
OPTIONS = RecorderOptions(
    0.03, 500, [["K.a", "f", "entry", True]], ["spans"], "/p", keep_inputs=False, trials=TRIALS, driver=7
)


@pytest.mark.parametrize(
    "request_",
    [
        RECORD,
        SurveyRequest(**vars(RECORD)),
        TryRequest(**WORKLOAD, trials=TRIALS, given_up={"litert:0": "it hangs"}),
        ServeRequest(**WORKLOAD, change=ServedChange("t", "call", "set up", "prepare", "before", 3)),
    ],
    ids=lambda request_: request_.do,
)
def test_a_request_survives_json(request_):
    assert all(getattr(request_, one.name) != one.default for one in dataclasses.fields(request_)), (
        "each field has another value than its default"
    )
    read = read_request(request_.to_json())
    assert type(read) is type(request_)
    assert read == request_


def test_what_is_not_given_has_its_default():
    request = read_request('{"do": "record", "folder": "/r", "target": "a.keras"}')
    assert request == RecordRequest("/r", "a.keras")
    assert request.captures == list(CAPTURES)


def test_recipes_are_tried_on_the_workload_that_was_recorded():
    request = RECORD.trying(TRIALS)
    assert request == TryRequest(**WORKLOAD, trials=TRIALS)


def test_a_change_is_served_on_the_workload_that_is_tried():
    change = ServedChange("t", "call")
    assert RECORD.trying(TRIALS).serving(change) == ServeRequest(**WORKLOAD, change=change)


@pytest.mark.parametrize("kind", [WorkloadRequest, RecordRequest, TrialOptions, RecorderOptions])
def test_every_field_is_documented(kind):
    inherited = (
        {one.name for one in dataclasses.fields(kind.__bases__[0])} if kind is RecordRequest else set()
    )
    for one in dataclasses.fields(kind):
        assert one.name in inherited or f"``{one.name}``" in kind.__doc__


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '{"do": "record", "folder": "a", "target": "b", "later": 1}',
            "unknown fields of RecordRequest: later",
        ),
        ('{"do": "try", "trials": {"driver": 1}}', "unknown fields of TrialOptions: driver"),
        ('{"do": "dance"}', "record or serve or survey or try, found 'dance'"),
        ("{}", "found None"),
    ],
)
def test_unknown_fields_and_kinds_raise(text, words):
    with pytest.raises(TypeError, match=words):
        read_request(text)


def test_requests_share_no_list():
    one, other = RecordRequest("a", "b"), RecordRequest("a", "b")
    assert one.captures is not other.captures
    assert one.internals is not other.internals


def test_options_survive_json():
    assert RecorderOptions.from_json(OPTIONS.to_json()) == OPTIONS
    assert RecorderOptions.from_json('{"share": 0.03, "grace_ns": 5}') == RecorderOptions(0.03, 5)
    with pytest.raises(TypeError, match="unknown fields of RecorderOptions: later"):
        RecorderOptions.from_json('{"share": 0.03, "grace_ns": 5, "later": 1}')


# --- events ---


def test_all_kinds_of_events_can_be_decoded():
    def kinds_below(kind):
        for one in kind.__subclasses__():
            yield from [one] if "event" in vars(one) else []
            yield from kinds_below(one)

    assert {kind.event: kind for kind in kinds_below(events.Event)} == events.KINDS


@pytest.mark.parametrize("kind", events.KINDS.values(), ids=events.KINDS)
def test_an_event_survives_its_line(kind):
    event = kind(*range(sum(one.init for one in dataclasses.fields(kind))))
    event.of = ""
    if isinstance(event, events.Told):
        event.group = 4
    assert "\n" not in event.to_json()
    assert events.decode(event.to_json()) == event


def test_lines_of_other_versions_are_read():
    assert events.decode('{"event": "done", "later": 1}') == events.Done(0)
    assert events.decode('{"event": "stage", "text": "a", "of": "b"}') == events.Stage("a")
    assert events.decode('{"event": "not_recorded", "why": "a"}') is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[]", "expected an event"),
        ('{"no": 1}', "expected an event"),
        ("not JSON", "Expecting value"),
        ('{"event": "stage"}', "stage: .*text"),
    ],
)
def test_what_is_no_event_raises(line, words):
    with pytest.raises(ValueError, match=words):
        events.decode(line)


def test_an_event_of_an_unknown_object_is_written_as_its_text():
    """A workload holds what the user's program holds."""
    line = events.Environment({"path": Path("a")}).to_json()
    assert events.decode(line).environment == {"path": "a"}


def test_event_codes_are_apart():
    assert RESUMED < CALL_BEGIN < CALL_END < GC_BEGIN < GC_END < 2**31


def test_an_error_of_the_recorder_is_data():
    error = RecorderError("kind", "message", "advice", "trace")
    assert (error.kind, error.message, error.advice, error.trace) == ("kind", "message", "advice", "trace")
    assert str(error) == "message"


# --- measured calls ---


def test_a_measured_call_tells_what_it_took():
    seen = []
    before = time.perf_counter_ns()
    measured = measured_call(lambda x: seen.append((x, time.perf_counter_ns())), 5)
    ((given, within),) = seen
    assert given == 5
    assert before <= measured.begin_ns <= within <= measured.end_ns <= time.perf_counter_ns()
    assert measured.cpu_ns >= 0


def test_the_frame_of_a_call_carries_its_number():
    names = []
    measured_call(lambda x: names.append(sys._getframe(1).f_code.co_name), 1, make_numbered_call(42))
    measured_call(lambda x: names.append(sys._getframe(1).f_code.co_name), 1)
    assert names[0] == CALL_FRAME + "42"
    assert names[1].startswith(CALL_FRAME)
    assert not names[1][len(CALL_FRAME) :].isdigit()


def test_the_result_is_destroyed_after_the_call_is_measured():
    log = []

    class Loud:
        def __del__(self):
            log.append("destroyed")

    def frame(call, x):
        result = call(x)
        log.append("returned")
        return result

    measured_call(lambda x: Loud(), 1, frame)
    assert log == ["returned", "destroyed"]


# --- references ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("module:build", True),
        ("a.b.c:build", True),
        ("dir/file.py:build", True),
        ("C:/dir/file.py:build", True),
        ("model.keras", False),
        ("file.py", False),
        (":build", False),
        ("module:", False),
        ("module:a.b", False),
        ("module:1", False),
        ("file.py:a b", False),
        ("", False),
        ("C:/dir/file.keras", False),
    ],
)
def test_references(text, expected):
    assert user_code.is_reference(text) is expected


MODULE = """
from os.path import join


def build():
    return "built"


def another():
    raise ValueError("wrong " + "number")


def _hidden():
    pass


class Net:
    pass


number = 5
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file of the user's, in the working folder; what it loads is forgotten after."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    (tmp_path / "their_net.py").write_text(MODULE)
    importlib.invalidate_caches()
    yield tmp_path / "their_net.py"
    for name in set(sys.modules) - before:
        del sys.modules[name]


def load_error(reference, what="target"):
    with pytest.raises(RecorderError) as caught:
        user_code.load_callable(reference, what)
    return caught.value


@pytest.mark.parametrize("place", ["their_net.py", "their_net", "./their_net.py"])
def test_a_callable_is_loaded_from_file_and_module(file, place):
    assert user_code.load_callable(place + ":build", "target")() == "built"


def test_a_file_is_loaded_once(file):
    one = user_code.load_callable("their_net.py:build", "target")
    assert user_code.load_callable("their_net.py:build", "input") is one


def test_a_file_named_like_a_loaded_module_does_not_replace_it(file):
    (file.parent / "json.py").write_text(MODULE)
    assert user_code.load_callable("json.py:build", "target")() == "built"
    assert sys.modules["json"] is json


def test_what_stands_beside_a_file_can_be_imported_by_it(file):
    (file.parent / "deeper").mkdir()
    (file.parent / "deeper" / "their_helper.py").write_text("word = 'helped'")
    (file.parent / "deeper" / "their_main.py").write_text(
        "import their_helper\ndef build():\n    return their_helper.word\n"
    )
    assert user_code.load_callable("deeper/their_main.py:build", "target")() == "helped"


@pytest.mark.parametrize("place", ["their_net.py", "their_net"])
@pytest.mark.parametrize("name", ["bild", "number", "_missing"])
def test_a_missing_function_is_told_with_those_that_are_there(file, place, name):
    error = load_error(f"{place}:{name}")
    assert error.kind == "no_such_callable"
    assert name in error.message
    assert error.advice == "functions defined there: Net, another, build"


def test_a_file_without_functions_says_none(file):
    file.write_text("number = 5\n")
    assert load_error("their_net.py:build").advice == "functions defined there: none"


def test_a_missing_file_is_told(file):
    error = load_error("none.py:build", "input")
    assert error.kind == "no_such_file"
    assert error.message == "input: no such file: none.py"
    assert str(file.parent) in error.advice


@pytest.mark.parametrize("reference", ["no_such_package_at_all:build", "no_such_package_at_all.deeper:build"])
def test_a_missing_module_is_told(file, reference):
    error = load_error(reference)
    assert error.kind == "no_such_module"
    assert error.trace == ""


def test_a_module_that_their_module_misses_is_their_error(file):
    file.write_text("import missing_dependency_of_theirs\n")
    for reference in ("their_net.py:build", "their_net:build"):
        error = load_error(reference)
        assert error.kind == "user_code_raised"
        assert "missing_dependency_of_theirs" in error.message
        assert 'their_net.py", line 1' in error.trace


def frames(trace):
    return [line.split('"')[1] for line in trace.splitlines() if line.startswith('  File "')]


@pytest.mark.parametrize(
    ("source", "kind"),
    [("1 / 0\n", "ZeroDivisionError"), ("def f(:\n", "SyntaxError"), ("raise KeyError('x')\n", "KeyError")],
)
@pytest.mark.parametrize("place", ["their_net.py", "their_net"])
def test_an_error_while_loading_has_their_frames_alone(file, source, kind, place):
    file.write_text(source)
    error = load_error(f"{place}:build")
    assert error.kind == "user_code_raised"
    assert kind in error.message
    assert [frame for frame in frames(error.trace) if "keras_profile" in frame] == []
    assert kind in error.trace
    assert str(file) in error.trace


def test_a_file_that_failed_to_load_can_be_loaded_again(file):
    file.write_text("1 / 0\n")
    load_error("their_net.py:build")
    file.write_text(MODULE + "# longer, so that no cached bytecode fits\n")
    importlib.invalidate_caches()
    assert user_code.load_callable("their_net.py:build", "target")() == "built"


def test_an_error_in_a_call_has_their_frames_alone(file):
    function = user_code.load_callable("their_net.py:another", "target")
    with pytest.raises(RecorderError) as caught:
        user_code.call(function, "their_net.py:another", "the factory")
    error = caught.value
    assert error.message == "the factory their_net.py:another raised ValueError: wrong number"
    assert frames(error.trace) == [str(file)]


def test_a_call_that_works_returns_its_value(file):
    function = user_code.load_callable("their_net.py:build", "target")
    assert user_code.call(function, "x", "the factory") == "built"


# --- targets, as far as they need no TensorFlow ---


def target_error(function, *arguments):
    with pytest.raises(RecorderError) as caught:
        function(*arguments)
    return caught.value


@pytest.mark.parametrize("text", ["none.keras", "deep/er/none", "none.py", "./none"])
def test_a_missing_target_is_told(file, text):
    error = target_error(target.check, text)
    assert error.kind == "no_such_file"
    assert text in error.message
    assert str(file.parent) in error.advice


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("net.pb", b"PK", "a model file ends with .keras or .h5"),
        ("net.py", b"", "net.py:FUNCTION"),
        ("net.keras", b"version https://git-lfs", "cut short"),
        ("net.keras", b"", "cut short"),
        ("net.h5", b"PK\x03\x04", "cut short"),
    ],
)
def test_a_file_that_is_no_model_is_told(file, name, data, words):
    (file.parent / name).write_bytes(data)
    error = target_error(target.check, name)
    assert error.kind == "not_a_model"
    assert name in error.message
    assert words in error.advice


@pytest.mark.parametrize(("name", "data"), [("net.h5", b"\x89HDF\r\n"), ("net.hdf5", b"\x89HDF\r\n")])
def test_a_file_that_may_be_a_model_passes(file, name, data):
    (file.parent / name).write_bytes(data)
    assert target.check(name) is None


def test_an_archive_needs_a_configuration(file):
    with zipfile.ZipFile(file.parent / "net.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    assert target.check("net.keras") is None
    (file.parent / "net.keras").write_bytes(b"PK\x03\x04")
    assert "not a zip file" in target_error(target.check, "net.keras").message


def test_a_folder_needs_a_saved_model(file):
    (file.parent / "exported").mkdir()
    assert target_error(target.check, "exported").kind == "not_a_model"
    (file.parent / "exported" / "saved_model.pb").write_bytes(b"")
    assert target.check("exported") is None


@pytest.mark.parametrize("text", ["their_net.py:build", "not.yet.imported:build"])
def test_references_pass_without_being_loaded(file, text):
    assert target.check(text) is None
    assert "their_net" not in sys.modules


@pytest.mark.parametrize("text", ["nonsense", "", "a:b c"])
def test_a_target_of_no_form_is_told_with_those_there_are(file, text):
    error = target_error(target.check, text)
    assert error.kind == "bad_target"
    assert "path/to/file.py:callable" in error.advice


@pytest.mark.parametrize("result", ["5", "None", "'text'", "[1, 2]", "(1, 2, 3)"])
def test_a_factory_of_something_else_is_told(file, result):
    file.write_text(f"def build():\n    return {result}\n")
    error = target_error(target.load, "their_net.py:build", None, None, False)
    assert error.kind == "not_a_model"
    assert "their_net.py:build: expected a Keras model, found builtins." in error.message


def test_a_factory_may_return_inputs_too(file):
    file.write_text(
        "class Model:\n    __module__ = 'keras.src.models.model'\n"
        "    def predict(self):\n        pass\n\ndef build():\n    return Model(), [1, 2]\n"
    )
    loaded = target.load("their_net.py:build", None, None, False)
    assert type(loaded.model).__name__ == "Model"
    assert loaded.inputs == [1, 2]


def test_a_keras_object_that_cannot_predict_is_no_model():
    layer = type("Dense", (), {"__module__": "keras.src.layers.core.dense"})()
    with pytest.raises(RecorderError, match=r"keras\.src\.layers\.core\.dense\.Dense"):
        target.check_model(layer, "the model")


def test_a_factory_that_raises_is_their_error(file, monkeypatch):
    monkeypatch.setattr(target, "check_keras", lambda cause: None)  # would import TensorFlow
    error = target_error(target.load, "their_net.py:another", None, None, False)
    assert error.kind == "user_code_raised"
    assert frames(error.trace) == [str(file)]


def without_tensorflow(monkeypatch, source=None, folder=None):
    """Makes TensorFlow missing, or a module of that name with this source."""
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorflow"]:
        monkeypatch.delitem(sys.modules, name)
    if source is None:
        monkeypatch.setitem(sys.modules, "tensorflow", None)
    else:
        (folder / "tensorflow.py").write_text(source)
        monkeypatch.syspath_prepend(folder)


def tensorflow_error():
    with pytest.raises(RecorderError) as caught:
        installation.import_tensorflow()
    return caught.value


def test_missing_tensorflow_is_told_with_the_interpreter(monkeypatch):
    without_tensorflow(monkeypatch)
    error = tensorflow_error()
    assert error.kind == "no_tensorflow"
    assert sys.executable in error.message
    assert "pip install" in error.advice


@pytest.mark.parametrize(
    ("source", "kind", "word"),
    [
        ("import missing_part_of_tensorflow", "broken_tensorflow", "missing_part_of_tensorflow"),
        ("raise RuntimeError('no AVX')", "broken_tensorflow", "no AVX"),
        ("", "broken_tensorflow", "empty shell"),
        ("__version__ = '1.15.5'", "old_tensorflow", "1.15.5"),
    ],
)
def test_a_broken_or_old_tensorflow_is_told(monkeypatch, tmp_path, source, kind, word):
    without_tensorflow(monkeypatch, source, tmp_path)
    error = tensorflow_error()
    assert error.kind == kind
    assert word in error.message
    assert error.advice
    sys.modules.pop("tensorflow", None)


# --- structures ---

Pair = collections.namedtuple("Pair", ["first", "second"])


def test_leaves_are_mapped_and_the_structure_stays():
    thing = {"b": [1, (2, 3)], "a": Pair(4, {"c": 5})}
    found = map_leaves(lambda leaf: leaf * 10, thing)
    assert found == {"b": [10, (20, 30)], "a": Pair(40, {"c": 50})}
    assert type(found["a"]) is Pair
    assert list(found) == ["b", "a"]
    assert type(found["b"][1]) is tuple


def test_leaves_are_in_order_and_dicts_by_key():
    assert leaves({"b": [1, (2, 3)], "a": Pair(4, {"d": 6, "c": 5})}) == [4, 5, 6, 1, 2, 3]
    assert leaves(7) == [7]
    assert leaves([]) == []


def test_arrays_are_leaves():
    array = np.zeros((2, 2))
    assert leaves([array])[0] is array
    assert map_leaves(np.shape, {"x": array}) == {"x": (2, 2)}


def test_inputs_module_needs_no_tensorflow_to_be_imported():
    code = "import sys, keras_profile.recorder.workload.inputs; assert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
