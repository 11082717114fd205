"""What the recorder reads of models, inputs and calls, on things made by hand."""

from __future__ import annotations

import sys
import threading
import time
import types

import pytest

from keras_profile.recorder.facts import input_lines
from keras_profile.recorder.facts.environment import settings
from keras_profile.recorder.facts.function_traces import Traces
from keras_profile.recorder.facts.inner_calls import InnerCalls
from keras_profile.recorder.facts.input_lines import InputLines
from keras_profile.recorder.facts.model_facts import (
    dataset_facts,
    layer_facts,
    model_facts,
    pydataset_facts,
)
from keras_profile.recorder.facts.other_threads import threads_in_keras


def test_of_the_process_s_variables_only_those_that_change_speed_are_kept(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    kept = settings()
    assert kept["OMP_NUM_THREADS"] == "3"
    assert all(name.startswith(("KERAS_", "TF_", "OMP_", "XLA_", "CUDA_")) for name in kept)
    assert "hunter2" not in str(kept)


class Number:
    """A tensor or variable with one number."""

    def __init__(self, value):
        self._value = value

    def numpy(self):
        return self._value


def thing(class_name, **attributes):
    made = type(class_name, (), {})()
    vars(made).update(attributes)
    return made


def test_the_settings_of_a_model_by_the_names_of_old_and_new_releases():
    new = thing(
        "Functional",
        jit_compile=True,
        steps_per_execution=4,
        dtype_policy=thing("Policy", name="mixed_float16"),
    )
    old = thing(
        "Functional",
        _jit_compile=None,
        _steps_per_execution=Number(2),
        _dtype_policy=thing("Policy", name="float32"),
    )
    assert {**model_facts(new), "functions_run_eagerly": None} == {
        "jit_compile": True,
        "steps_per_execution": 4,
        "functions_run_eagerly": None,
        "dtype_policy": "mixed_float16",
        "strategy": None,
    }
    assert model_facts(old)["steps_per_execution"] == 2
    assert model_facts(old)["jit_compile"] is None
    assert model_facts(None)["dtype_policy"] is None


def test_a_usual_layer_has_no_facts():
    assert layer_facts(thing("Dense", dtype_policy=thing("Policy", name="float32"))) == {}


def tanh():
    """Stands for an activation."""


def test_a_recurrent_layer_tells_how_it_runs():
    facts = layer_facts(
        thing("LSTM", activation=tanh, recurrent_activation=tanh, recurrent_dropout=0.2, unroll=False)
    )
    assert facts == {
        "activation": "tanh",
        "recurrent_activation": "tanh",
        "recurrent_dropout": 0.2,
        "unroll": False,
    }


def test_a_quantised_layer_tells_its_mode():
    assert layer_facts(thing("Dense", quantization_mode="int8")) == {"quantization": "int8"}


@pytest.mark.parametrize(
    ("attributes", "steps"),
    [
        ({"input_shape": (None, 200, 32)}, 200),
        ({"input_shape": (None, None, 32)}, None),
        ({"_build_shapes_dict": {"input_shape": (32, 50, 4)}}, 50),
        ({}, None),
    ],
)
def test_time_distributed_tells_its_steps(attributes, steps):
    facts = layer_facts(thing("TimeDistributed", layer=thing("Dense"), **attributes))
    assert facts == {"wraps": "Dense", "time_steps": steps}


def wrapper(name, *ops, inner=()):
    """A dataset's function; ``inner`` are the ops of a function that it calls."""
    nodes = [thing("Node", op=op) for op in ops]
    library = thing("Library", function=[thing("Function", node_def=[thing("Node", op=op) for op in inner])])
    definition = thing("GraphDef", node=nodes, library=library)
    graph = thing("Graph", as_graph_def=lambda: definition)
    return thing(
        "StructuredFunctionWrapper",
        function=thing("Concrete", graph=graph),
        _func=types.SimpleNamespace(__name__=name),
    )


def test_a_dataset_tells_its_steps_from_the_last_to_the_first():
    source = thing("_TensorSliceDataset", _inputs=list)
    mapped = thing(
        "_ParallelMapDataset",
        _inputs=lambda: [source],
        _num_parallel_calls=Number(2),
        _map_func=wrapper("clean", "Mul", inner=["EagerPyFunc"]),
    )
    options = thing("_OptionsDataset", _dataset=mapped, _inputs=lambda: [mapped])
    batched = thing("BatchDataset", _inputs=lambda: [options], _batch_size=Number(8))
    assert dataset_facts(thing("DatasetV1Adapter", _dataset=batched)) == [
        {"kind": "Batch", "batch_size": 8, "elements": None},
        {
            "kind": "ParallelMap",
            "parallel": 2,
            "elements": None,
            "python": True,
            "generator": False,
            "function": "clean",
        },
        {"kind": "TensorSlice", "elements": None},
    ]


@pytest.mark.parametrize(("cardinality", "told"), [(100, 100), (-1, -1), (-2, None)])
def test_a_dataset_tells_how_many_elements_it_gives(monkeypatch, cardinality, told):
    module = types.ModuleType("tensorflow.python.data.experimental.ops.cardinality")
    module.cardinality = lambda dataset: Number(cardinality)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    repeated = thing("RepeatDataset", _inputs=list, _count=Number(3))
    assert dataset_facts(repeated) == [{"kind": "Repeat", "count": 3, "elements": told}]


def test_a_program_whose_ops_are_logged_is_not_given_one_to_log(monkeypatch):
    module = types.ModuleType("tensorflow.python.data.experimental.ops.cardinality")
    module.cardinality = lambda dataset: pytest.fail("an op was run")
    context = types.ModuleType("tensorflow.python.eager.context")
    context._context = types.SimpleNamespace(_log_device_placement=True, _optimizer_jit=None)
    for one in (module, context):
        monkeypatch.setitem(sys.modules, one.__name__, one)
    assert dataset_facts(thing("RangeDataset", _inputs=list)) == [{"kind": "Range", "elements": None}]


def test_a_pydataset_tells_its_workers():
    class Batches(list):
        workers = 4

    assert pydataset_facts(Batches([1, 2])) == {
        "batches": 2,
        "workers": 4,
        "use_multiprocessing": None,
        "max_queue_size": None,
    }


# --- traces ---


OPS = ("MatMul", "DebugNumericSummaryV2", "CheckNumericsV2")


@pytest.fixture
def func_graph(monkeypatch):
    """A module in the place of TensorFlow's, whose function builds a graph of three ops."""
    module = types.ModuleType("tensorflow.python.framework.func_graph")
    module.func_graph_from_py_func = lambda name, python_func, *arguments, **options: thing(
        "FuncGraph", get_operations=lambda: [thing("Operation", type=name) for name in OPS]
    )
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def tensor(*shape):
    return thing("Tensor", shape=shape, dtype=thing("DType", name="float32"))


def test_what_is_traced_is_told_call_by_call(func_graph):
    original = func_graph.func_graph_from_py_func
    traces = Traces()
    for length in (8, 9):
        with traces:
            func_graph.func_graph_from_py_func("step", tanh, ([tensor(4, length)], 2.5), {"flag": True})
    with traces:
        pass
    first, second, third = traces.describe()
    assert first[0]["arguments"] == ["float32 (4, 8)", "2.5", "True"]
    assert second[0]["arguments"] == ["float32 (4, 9)", "2.5", "True"]
    assert first[0]["function"] == "tanh"
    assert first[0]["ops"] == 3
    assert first[0]["where"].endswith("in test_what_is_traced_is_told_call_by_call")
    assert first[0]["pipeline"] is False
    assert third == []
    assert func_graph.func_graph_from_py_func is original


def test_a_trace_that_a_pipeline_asks_for_is_told(func_graph):
    class StructuredFunctionWrapper:
        def __init__(self):
            func_graph.func_graph_from_py_func("step", tanh, (tensor(None, 4),), {})

    traces = Traces()
    with traces:
        StructuredFunctionWrapper()
    assert traces.describe()[0][0]["pipeline"] is True
    assert traces.describe()[0][0]["arguments"] == ["float32 (?, 4)"]


def test_sizes_alone_are_told_of_a_measured_call(func_graph):
    traces = Traces(sizes_only=True)
    with traces:
        func_graph.func_graph_from_py_func("Dataset_map_step", tanh, (), {})
    found = {
        "function": "Dataset_map_step",
        "pipeline": True,
        "ops": 3,
        "checks": 2,
        "moves": [],
        "loops": [],
        "constant": [],
        "varying": [],
    }
    assert traces.describe() == [[found]]


# --- loads ---


def keras_functions():
    """``load_model``, which calls ``model_from_json``, as functions of Keras."""
    namespace = {"__name__": "keras.src.saving"}
    exec("def model_from_json():\n    pass\n\ndef load_model():\n    model_from_json()\n", namespace)
    return namespace["load_model"]


def test_loads_are_counted_with_the_users_line():
    load_model = keras_functions()
    inner = InnerCalls()
    with inner:
        load_model()
        load_model()
    assert [one["function"] for one in inner.loads] == ["load_model", "load_model"]
    assert inner.loads[0]["where"].endswith("in test_loads_are_counted_with_the_users_line")
    assert inner.entries == []
    assert sys.getprofile() is None


def test_functions_of_others_with_such_names_do_not_count():
    def load_model():
        pass

    inner = InnerCalls()
    with inner:
        load_model()
    assert inner.loads == []


def test_another_profiler_is_left_alone():
    def other(frame, event, argument):
        pass

    sys.setprofile(other)
    try:
        inner = InnerCalls()
        with inner:
            keras_functions()()
        assert sys.getprofile() is other
    finally:
        sys.setprofile(None)
    assert inner.loads is None
    assert inner.entries is None


#: A model as Keras' own modules have it: predict calls predict_on_batch and __call__.
_MODEL = """
class Model:
    def predict(self, x, verbose=0):
        return self.predict_on_batch(x)

    def predict_on_batch(self, x):
        return self(x)

    def __call__(self, *args):
        return wait()


class Initializer:
    def __call__(self, shape):
        return shape
"""


def keras_classes(module="keras.src.models.model", wait=lambda: None):
    namespace = {"__name__": module, "wait": wait}
    exec(_MODEL, namespace)
    return namespace["Model"], namespace["Initializer"]


def test_the_calls_of_a_model_within_are_counted_by_line():
    model, initializer = (one() for one in keras_classes())
    inner = InnerCalls()
    with inner:
        for rows in (3, 2, 3):
            model.predict(thing("Array", shape=(rows, 4)))
        model(thing("Array", shape=()))
        initializer((4, 4))
    assert [(one["function"], one["count"], one["rows"]) for one in inner.entries] == [
        ("predict", 3, 2),
        ("__call__", 1, None),
    ]
    assert inner.entries[0]["where"].endswith("in test_the_calls_of_a_model_within_are_counted_by_line")
    assert inner.loads == []


def test_what_is_loaded_while_a_model_runs_is_a_load():
    model = keras_classes(wait=keras_functions())[0]()
    inner = InnerCalls()
    with inner:
        for _ in range(2):
            model.predict(None)
    assert [one["function"] for one in inner.loads] == ["load_model", "load_model"]
    assert [(one["function"], one["count"]) for one in inner.entries] == [("predict", 2)]


def test_a_package_that_only_has_keras_in_its_name_is_the_users():
    model = keras_classes("keras_ocr.recognition")[0]()
    inner = InnerCalls()
    with inner:
        model.predict(thing("Array", shape=(3, 4)))
    assert inner.entries == []


def test_other_threads_within_a_model_are_counted():
    begun, ended = threading.Barrier(3), threading.Event()

    def wait():
        begun.wait(10)
        ended.wait(10)

    model = keras_classes(wait=wait)[0]()
    threads = [threading.Thread(target=model.predict, args=(None,)) for _ in range(2)]
    threads.append(threading.Thread(target=ended.wait, args=(10,)))
    for one in threads:
        one.start()
    begun.wait(10)
    assert threads_in_keras() == 2
    ended.set()
    for one in threads:
        one.join()
    assert threads_in_keras() == 0


# --- the lines that make batches ---


def made_by(module):
    """A function of a module of that name, which calls its argument."""
    namespace = {"__name__": module}
    exec("def calls(function):\n    function()\n", namespace)
    return namespace["calls"]


def wait_a_little():
    time.sleep(0.2)


@pytest.mark.parametrize(
    ("module", "is_seen"),
    [
        ("tensorflow.python.ops.script_ops", True),
        ("keras.src.trainers.data_adapters.py_dataset_adapter", True),
        ("tensorflow.python.keras.utils.data_utils", True),
        ("tensorflow.python.eager.context", False),
        ("app.data_adapter", False),
    ],
)
def test_the_lines_that_make_batches_are_told(module, is_seen):
    other = threading.Thread(target=made_by(module), args=(wait_a_little,))
    with InputLines() as lines:
        other.start()
        other.join()
    told = lines.describe()
    assert told["samples"] >= 5
    if not is_seen:
        assert told["lines"] == []
        return
    line = told["lines"][0]
    assert line["where"].endswith(
        f"test_facts.py:{wait_a_little.__code__.co_firstlineno + 1}, in wait_a_little"
    )
    assert line["source"] == "time.sleep(0.2)"
    assert 0.5 * told["samples"] < line["samples"] <= told["samples"]


def test_without_a_thread_nothing_is_seen(monkeypatch):
    def refuse(function, arguments):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(input_lines, "start_new_thread", refuse)
    with InputLines() as lines:
        pass
    assert lines.describe() is None
