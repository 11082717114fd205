"""What is known of Keras and its backends: each fact by the names of old and new releases."""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import pytest

from keras_profile.recorder import frameworks
from keras_profile.recorder.facts.function_traces import Traces
from keras_profile.recorder.frameworks import event_loops, keras, tensorflow
from keras_profile.recorder.frameworks.tensorflow import datasets, functions, switches
from keras_profile.recorder.frameworks.tensorflow.profiler import has_options, tracing

RECORDER = Path(frameworks.__file__).parents[1]


def thing(class_name, module="somewhere", **attributes):
    made = type(class_name, (), {"__module__": module})()
    vars(made).update(attributes)
    return made


# --- what a backend has ---

#: The functions that the description of a backend names.
FUNCTIONS = re.findall(r"``(\w+)\(", frameworks.__doc__)


def test_a_backend_is_described():
    assert {"load", "version", "devices", "is_tensor", "tensor", "graph_builder"} <= set(FUNCTIONS)


@pytest.mark.parametrize("backend", frameworks.BACKENDS, ids=lambda backend: backend.__name__)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_backend_has_every_function(backend, function):
    assert callable(getattr(backend, function))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_of_a_backend_is_used(function):
    inside = RECORDER / "frameworks" / "tensorflow"
    users = [file for file in RECORDER.rglob("*.py") if inside not in file.parents]
    assert any(re.search(rf"\b(backend|tensorflow)\.{function}\b", file.read_text()) for file in users)


def test_a_backend_that_is_not_loaded_says_nothing(monkeypatch):
    for module in ("tensorflow", "tensorflow.python.framework.func_graph"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    assert tensorflow.version() is None
    assert tensorflow.devices() == []
    assert set(tensorflow.settings().values()) == {None}
    assert tensorflow.graph_builder() is None
    assert "tensorflow" not in sys.modules


def test_without_a_backend_nothing_is_traced_and_nothing_is_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "tensorflow.python.framework.func_graph", raising=False)
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # importing it raises
    traces = Traces()
    with traces:
        pass
    assert not Traces.are_possible()
    assert traces.describe() == [[]]


# --- Keras ---


def test_the_keras_of_a_module_is_known_by_its_name():
    for module in ("keras.src.models", "tf_keras.src.engine", "tensorflow.python.keras.engine"):
        assert keras.is_keras_module(module)
    for module in ("keras_ocr.recognition", "tensorflow.python.eager", "mine.keras"):
        assert not keras.is_keras_module(module)


def test_a_model_was_compiled_by_the_name_of_each_release():
    assert keras.is_compiled(thing("Functional", compiled=True))
    assert not keras.is_compiled(thing("Functional", compiled=False, optimizer="adam"))
    assert keras.is_compiled(thing("Model", _is_compiled=True))
    assert not keras.is_compiled(thing("Model", _is_compiled=False))
    assert keras.is_compiled(thing("Model", optimizer="adam"))
    assert not keras.is_compiled(thing("Model"))


def test_a_model_of_its_own_class_is_subclassed():
    assert keras.is_subclassed(thing("Mine"))
    assert not keras.is_subclassed(thing("Model", _is_graph_network=True))
    assert not keras.is_subclassed(type("Mine", (type("Functional", (), {}),), {})())


def test_the_inputs_of_a_model_by_the_name_of_each_release():
    assert keras.input_structure(thing("Functional", _inputs_struct={"a": 1}, inputs=[1])) == {"a": 1}
    assert keras.input_structure(thing("Model", _nested_inputs=(1, 2), inputs=[1, 2])) == (1, 2)
    assert keras.input_structure(thing("Sequential", inputs=[1])) == [1]
    assert keras.input_structure(thing("Mine", inputs=[])) is None

    class Unbuilt:
        @property
        def inputs(self):
            raise ValueError("not built")

    assert keras.input_structure(Unbuilt()) is None


def test_the_shape_that_a_model_was_built_for_by_the_name_of_each_release():
    assert keras.built_shape(thing("Mine", _build_shapes_dict={"input_shape": (None, 4)})) == (None, 4)
    assert keras.built_shape(thing("Mine", _build_input_shape=(None, 3))) == (None, 3)
    assert keras.built_shape(thing("Mine", _build_shapes_dict={})) is None


def test_the_switch_of_the_first_releases():
    assert keras.run_tf_function(thing("Model", _experimental_run_tf_function=False)) is False
    assert keras.run_tf_function(thing("Functional")) is None


def test_a_keras_and_its_backend(monkeypatch):
    new = types.SimpleNamespace(__version__="3.15.1", config=types.SimpleNamespace(backend=lambda: "jax"))
    old = types.SimpleNamespace(__version__="2.15.0")
    assert (keras.is_keras_3(new), keras.backend_name(new)) == (True, "jax")
    assert (keras.is_keras_3(old), keras.backend_name(old)) == (False, "tensorflow")
    assert keras.keras_of(types.SimpleNamespace(keras=old)) is old
    monkeypatch.setitem(sys.modules, "keras", new)
    legacy = types.SimpleNamespace(__version__="2.21.0")
    monkeypatch.setitem(sys.modules, "tf_keras", legacy)
    for module, meant in (("keras.src.models.model", new), ("tf_keras.src.engine.training", legacy)):
        view = types.SimpleNamespace(Model=type("Model", (), {"__module__": module}))
        assert keras.keras_of(types.SimpleNamespace(keras=view)) is meant
    assert keras.loaded_keras("keras.src") is new
    assert keras.loaded_keras(None) is new


def test_how_a_program_imports_its_keras():
    assert keras.import_name("keras.src", (3, 15)) == "keras"
    assert keras.import_name("keras.src", (2, 15)) == "tensorflow.keras"
    assert keras.import_name("tensorflow.python.keras", (2, 4)) == "tensorflow.keras"
    assert keras.import_name("tf_keras.src", (2, 21)) == "tf_keras"
    assert keras.import_name(None, (3,)) == "keras"


def test_the_keras_within_tensorflow_has_a_version_of_its_own(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(__version__="2.4.0"))
    monkeypatch.setitem(sys.modules, "tensorflow.python.keras", types.SimpleNamespace(__version__="2.4.0-tf"))
    assert keras.loaded_keras("tensorflow.python.keras").__version__ == "2.4.0-tf"


def test_a_pydataset_is_keras_own():
    batches = {"__getitem__": lambda self, number: number}
    theirs = type("Sequence", (), {"__module__": "keras.utils", **batches})
    other = type("Sequence", (), {"__module__": "collections.abc", **batches})
    assert keras.is_pydataset(type("Mine", (theirs,), {})())
    assert not keras.is_pydataset(other())
    assert not keras.is_pydataset([1])


# --- TensorFlow ---


def test_tensors_are_told_from_arrays():
    assert frameworks.is_tensor(thing("EagerTensor"))
    assert frameworks.is_tensor(thing("Tensor", op="MatMul"))
    assert not frameworks.is_tensor(np.zeros(3))


def test_the_shape_of_what_holds_values_is_known_fast():
    inside = {"__module__": "tensorflow.python.framework.ops", "_shape_tuple": lambda self: (2, 3)}
    assert frameworks.shape_of(type("EagerTensor", (), inside)()) == (2, 3)
    assert frameworks.shape_of(np.zeros((4, 5))) == (4, 5)
    assert frameworks.shape_of(type("Mine", (), {"shape": (1,)})()) is None


def test_what_is_no_tensor_stays_an_array():
    array = np.zeros(3)
    assert frameworks.tensor_like(array, np.ones(3)) is array


def test_an_array_becomes_a_tensor_of_the_same_dtype(monkeypatch):
    fake = types.SimpleNamespace(
        __version__="2.15.0", constant=lambda array, dtype=None: ("tensor", list(array), dtype)
    )
    monkeypatch.setitem(sys.modules, "tensorflow", fake)
    made = frameworks.tensor_like(np.zeros(2), thing("EagerTensor", dtype="float16"))
    assert made == ("tensor", [0.0, 0.0], "float16")


def test_what_stands_for_values_while_a_graph_is_built():
    assert frameworks.is_symbolic(thing("KerasTensor"))
    assert frameworks.is_symbolic(thing("SymbolicTensor"))
    assert frameworks.is_symbolic(thing("Tensor"))
    assert not frameworks.is_symbolic(thing("Tensor", numpy=lambda: 1))


def test_files_that_autograph_wrote():
    folder = tempfile.gettempdir()
    assert frameworks.is_generated(f"{folder}/__autograph_generated_file0a1b2c3d.py")
    assert frameworks.is_generated(f"{folder}/tmp0a1b_c3d.py")
    for name in ("tmp_model.py", "tmpl.py", "tmp0a1b_c3d/app.py", "tmp0a1b_c3d.pyc", "app.py"):
        assert not frameworks.is_generated(f"{folder}/{name}")
    assert not frameworks.is_generated("/home/me/tmp0a1b_c3d.py")


def test_the_folder_for_temporary_files_is_still_the_programs_to_choose(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert not frameworks.is_generated("/tmp/tmp0a1b_c3d.py")
    assert tempfile.tempdir is None


def test_settings_by_the_names_of_old_and_new_releases(monkeypatch):
    def loaded(**config):
        monkeypatch.setitem(
            sys.modules, "tensorflow", types.SimpleNamespace(config=types.SimpleNamespace(**config))
        )
        return tensorflow.settings()["functions_run_eagerly"]

    assert loaded(functions_run_eagerly=lambda: True) is True
    inner = types.SimpleNamespace(functions_run_eagerly=lambda: False)
    assert loaded(experimental=inner) is False
    old = types.SimpleNamespace(RUN_FUNCTIONS_EAGERLY=True)
    monkeypatch.setitem(sys.modules, "tensorflow.python.eager.def_function", old)
    assert loaded() is True


def test_devices_by_the_names_of_old_and_new_releases(monkeypatch):
    device = types.SimpleNamespace(device_type="CPU", name="/physical_device:CPU:0")
    new = types.SimpleNamespace(list_physical_devices=lambda: [device])
    for config in (new, types.SimpleNamespace(experimental=new)):
        monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(config=config))
        assert tensorflow.devices() == ["CPU:0"]


def test_what_is_under_a_decorator():
    assert functions.decorated(thing("f", _tf_decorator=thing("D", decorated_target=len))) is len
    assert functions.decorated(len) is None


def test_the_classes_that_a_dataset_is_made_of():
    mapped = thing("_MapDataset", _input_dataset=thing("CacheDataset"))
    wrapped = thing("DatasetV1Adapter", _dataset=mapped)
    assert datasets.class_names(wrapped) == ["DatasetV1Adapter", "MapDataset", "CacheDataset"]
    assert datasets.class_names(None) == []


def test_a_dataset_is_known_by_what_it_has():
    assert datasets.is_dataset(thing("PrefetchDataset", element_spec=1))
    assert datasets.is_dataset(thing("DatasetV1Adapter", element_spec=1))
    assert datasets.is_dataset(thing("MyDataset", map=len))
    assert not datasets.is_dataset(thing("PyDataset"))


def test_a_trace_under_options_ends_although_what_runs_raises():
    calls = []
    experimental = types.SimpleNamespace(
        ProfilerOptions=dict,
        start=lambda folder, options: calls.append((folder, options)),
        stop=lambda: calls.append("stop"),
    )
    framework = types.SimpleNamespace(profiler=types.SimpleNamespace(experimental=experimental))
    assert has_options(framework)
    assert not has_options(types.SimpleNamespace())
    with pytest.raises(ZeroDivisionError), tracing(framework, "here", {"host_tracer_level": 1}):
        _ = 1 / 0
    assert calls == [("here", {"host_tracer_level": 1}), "stop"]


def test_the_class_that_overrides_a_method_of_keras():
    def predict(self):
        return None

    keras_model = type("Model", (), {"__module__": "keras.src.models.model", "predict": predict})
    theirs = type("Theirs", (keras_model,), {"predict": predict})
    further = type("Further", (theirs,), {"predict": predict})
    plain = type("Plain", (keras_model,), {})
    assert keras.overriding_class(further(), "predict") is theirs
    assert keras.overriding_class(plain(), "predict") is None
    assert keras.overriding_class(theirs(), "predict_on_batch") is None


def test_the_batches_that_predict_has_begun():
    def frame(module, **names):
        code = types.SimpleNamespace(co_varnames=tuple(names))
        return types.SimpleNamespace(f_globals={"__name__": module}, f_locals=names, f_code=code)

    theirs = frame("app", step=99)
    assert keras.batches_so_far([theirs, frame("keras.src.trainers.trainer", step=3)]) == 4
    assert keras.batches_so_far([frame("keras.src.trainers.trainer", end_step=7, step=None)]) == 8
    assert keras.batches_so_far([theirs, frame("keras.src.trainers.trainer", step="1")]) is None


def test_what_waits_for_a_loop():
    import asyncio

    async def look():
        loop = asyncio.get_running_loop()
        assert event_loops.running_loop() is loop
        loop.call_soon(print)
        before = event_loops.waiting(loop)
        timer = loop.call_later(0, print)
        due = event_loops.waiting(loop)
        timer.cancel()
        return before, due, event_loops.coroutine_frame(sys._getframe())

    before, due, frame = asyncio.run(look())
    assert before.ready == 1
    assert due.ready == 2
    assert due.next == before.next
    assert frame.f_code.co_name == "look"
    assert event_loops.running_loop() is None
    assert event_loops.waiting(object()) is None


def test_a_callback_that_is_new_is_not_taken_for_one_that_is_gone():
    import asyncio

    async def look():
        loop = asyncio.get_running_loop()
        seen = []
        for _ in range(5):
            loop.call_soon(str)
            seen.append(event_loops.waiting(loop).next)
            await asyncio.sleep(0)
        return seen

    seen = asyncio.run(look())
    assert all(len(one) == 1 for one in seen)
    assert not any(one == other for one, other in itertools.pairwise(seen))


@pytest.mark.parametrize(
    ("attributes", "compiled"),
    [
        ({"_jit_compile": True}, True),
        ({"_jit_compile": False}, False),
        ({"_jit_compile": None, "_experimental_compile": True}, True),
        ({"_jit_compile": None}, None),
        ({}, None),
    ],
)
def test_whether_xla_compiles_a_function(attributes, compiled):
    assert functions.compiled_by_xla(types.SimpleNamespace(**attributes)) is compiled


# --- switches ---


def loaded(monkeypatch, name, **attributes):
    """A module of that name in the process."""
    module = types.ModuleType(name)
    vars(module).update(attributes)
    monkeypatch.setitem(sys.modules, name, module)


def test_without_tensorflow_nothing_is_known_of_switches(monkeypatch):
    for name in list(sys.modules):
        if name.startswith("tensorflow"):
            monkeypatch.delitem(sys.modules, name)
    assert set(switches.switched_on().values()) == {None}


@pytest.mark.parametrize("on", [False, True])
def test_switches_are_read_where_their_modules_keep_them(monkeypatch, on):
    callback = {"check_numerics_callback": object()} if on else {}
    debug = "tensorflow.python.debug.lib."
    loaded(monkeypatch, debug + "check_numerics_callback", _state=types.SimpleNamespace(**callback))
    loaded(monkeypatch, debug + "dumping_callback", _state=types.SimpleNamespace())
    loaded(monkeypatch, "tensorflow.python.framework.config", is_op_determinism_enabled=lambda: on)
    loaded(monkeypatch, "tensorflow.python.data.ops.debug_mode", DEBUG_MODE=on)
    context = types.SimpleNamespace(_log_device_placement=on or None, _optimizer_jit=on or None)
    loaded(monkeypatch, "tensorflow.python.eager.context", _context=context)
    loaded(monkeypatch, "tensorflow.python.profiler.profiler_v2", _profiler=object() if on else None)
    loaded(monkeypatch, "tensorflow.python.eager.record", could_possibly_record=lambda: on)
    assert switches.switched_on() == {
        "check_numerics": on,
        "dump_debug_info": False,
        "op_determinism": on,
        "data_debug_mode": on,
        "log_device_placement": on,
        "jit_everywhere": on,
        "profiler": on,
        "tape": on,
    }


def test_before_there_is_a_context_none_is_made(monkeypatch):
    loaded(monkeypatch, "tensorflow.python.eager.context", _context=None)
    assert switches.switched_on()["log_device_placement"] is False


def test_the_debugger_goes_on_after_what_runs_without_it(monkeypatch):
    class Context:
        def __init__(self):
            self.op_callbacks = ["checks", "dumps"]

        def add_op_callback(self, callback):
            self.op_callbacks.append(callback)

        def remove_op_callback(self, callback):
            self.op_callbacks.remove(callback)

    context = Context()
    loaded(monkeypatch, "tensorflow.python.eager.context", _context=context)
    seen = []

    def run():
        seen.extend(context.op_callbacks)
        raise ValueError("of the user")

    with pytest.raises(ValueError, match="of the user"), switches.without_debugger():
        run()
    assert seen == []
    assert context.op_callbacks == ["checks", "dumps"]


def test_a_call_on_a_tape_has_one_of_its_own(monkeypatch):
    tapes = []

    class Tape:
        def __enter__(self):
            tapes.append("open")

        def __exit__(self, *error):
            tapes.append("closed")

    loaded(monkeypatch, "tensorflow", GradientTape=Tape)
    call = switches.on_a_tape(lambda x: (x, list(tapes)))
    assert call(1) == (1, ["open"])
    assert call(2) == (2, ["open", "closed", "open"])
