"""For each rule: what evidence made by hand has with its fault, and without it."""

from __future__ import annotations

from keras_profile.model.devices import DeviceCopies, DeviceDivision, DeviceScope, DeviceWait
from keras_profile.model.evidence import FunctionCost, MemoryGrowth, WarmUp
from keras_profile.model.report import ColdPhase, Comparison, InternalShare, LayerShare, NativeShare


def layer(name, layer_class, share, ms=8.0, steps=0.0):
    return LayerShare(name, layer_class, round(ms * 1e6), share, ["MatMul", "Cast"], loop_steps=steps)


def internal(qualname, phase, count, ms=1.0):
    ns = round(ms * 1e6)
    return InternalShare("keras.src.a", qualname, phase, ns, ns, 0.5, count, "predict")


def traced(*arguments, function="step", ops=20, pipeline=False):
    """A settled call each, in which one function was traced for these arguments."""
    return [
        [
            {
                "function": function,
                "arguments": list(given),
                "where": "app.py:41, in serve",
                "pipeline": pipeline,
                "ops": ops,
            }
        ]
        for given in arguments
    ]


def ops_of_python(ms):
    """The function that runs ops for Python, as cProfile counts it."""
    name = "<built-in method tensorflow.python._pywrap_tfe.TFE_Py_FastPathExecute>"
    return FunctionCost("~", 0, name, 300.0, round(ms * 1e6))


def layers(name, layer_class, share=1.0, **facts):
    """Evidence of one layer that has ``share`` of all kernels."""
    kernels = [LayerShare(name, layer_class, 8_000_000, share, ["Conv2D", "Cast"])]
    return {
        "phases": {"execution": 9.0},
        "layers": kernels,
        "workload": {"layers": [{"layer": name, "class": layer_class, "parent": None, **facts}]},
    }


SLEEPS = FunctionCost("~", 0, "<built-in method time.sleep>", 1.0, 20_000_000)


def again(within_ms, alone_ms, calls=40):
    """What a call took in a program, and made again after its end."""
    return {
        "warm_calls": calls,
        "warm_ns": round(within_ms * 1e6),
        "again_calls": 60,
        "again_ns": round(alone_ms * 1e6),
    }


def sites(**changed):
    return {"workload": {"call_sites": [{**SITE, **changed}]}}


def weights_set(count, calls, ms=2.0):
    """Calls of one model that take so many ms, and whose weights are set so often beside them."""
    setting = {"function": "set_weights", "where": "app.py:7", "count": count, "median_ns": 3_000_000}
    models = {"objects": 1, "calls": calls, "made_by": [], "weights_set": [setting]}
    return {"phases": {"execution": ms}, "workload": {**sites()["workload"], "models": models}}


def on_loop(**changed):
    """Calls of four tasks that queue on an event loop."""
    blocked = {
        "coroutine": "handle",
        "where": "app.py:40",
        "calls": 96,
        "total_ns": 5_000_000_000,
        "longest_ns": 400_000_000,
        "longest_calls": 8,
        "tasks_in_a_row": 8,
        "waited": 96,
        "most_waiting": 7,
        **changed,
    }
    return BUILT | {"workload": {**sites()["workload"], "event_loop": blocked}}


def flowing(calls, same_part, same_input=0):
    """A workload whose calls have this much of their input from the call before."""
    seen = {"calls": calls, "from_outputs": 0, "same_input": same_input, "same_part": same_part}
    return {"data_flow": seen}


CONV, DROP, DENSE = ("conv", "Conv2D", 8), ("drop", "StatelessRandomUniformV2", 1), ("dense", "MatMul", 1)


def drawing(*layers, same_input=8, within=(), run=40, **changed):
    """Evidence of layers in their order, each with its name, op and ms, whose calls get the same input.

    Those named in ``within`` are in the layer before the first of them.
    """
    total = sum(ms for *_, ms in layers)
    names = [name for name, *_ in layers]
    parent = names[names.index(within[0]) - 1] if within else None
    return {
        "phases": {"execution": float(total)},
        "layers": [
            LayerShare(name, "Layer", round(ms * 1e6), ms / total, [op])
            for name, op, ms in sorted(layers, key=lambda one: -one[2])
        ],
        "workload": {
            **flowing(8, 0.0, same_input),
            **sites(longest_run=run)["workload"],
            "layers": [
                {"layer": name, "class": "Layer", "parent": parent if name in within else None}
                for name in names
            ],
            "model_class": "Functional",
            "entry_point": "predict",
            "models": {"objects": 1, "calls": 40, "made_by": [], "weights_set": []},
            **changed,
        },
    }


def scores(
    one_position=True, shape=(16, 64, 30_000), scores_ms=8.0, copied_ms=1.0, layer_class="Dense", **changed
):
    """Calls whose output's positions are computed by the last layer, after one that mixes them."""
    total = scores_ms + 4.0
    return {
        "phases": {"execution": total, "output_assembly": copied_ms},
        "layers": [
            LayerShare("scores", layer_class, round(scores_ms * 1e6), scores_ms / total, ["MatMul"]),
            LayerShare("attention", "MultiHeadAttention", 4_000_000, 4.0 / total, ["Einsum"]),
        ],
        "workload": {
            **sites(one_position=one_position)["workload"],
            "output_shape": list(shape),
            "layers": [
                {"layer": "attention", "class": "MultiHeadAttention", "parent": None},
                {"layer": "scores", "class": layer_class, "parent": None},
            ],
            "model_class": "Functional",
            **changed,
        },
    }


SHARED = [{"layer": "attention", "models": 8}]


def padded(share, layer_class, rows=64):
    """A workload whose input has this share of padding, and whose model has a layer of this class."""
    padding = {} if share is None else {"padding": {"share": share, "longest": 90, "at_end": True}}
    return {
        "inputs": [{"shape": [rows, 400], "dtype": "int32", "kind": "array", **padding}],
        "layers": [{"layer": "it", "class": layer_class, "parent": None}],
    }


def kernels(*events, moves=()):
    """Evidence of kernels, each with its path, op and ms, and of what its graph is known to move."""
    return {
        "phases": {"execution": float(sum(ms for *_, ms in events))},
        "native": [
            NativeShare(f"{path}:{op}", "execution", round(ms * 1e6), 1.0, "other") for path, op, ms in events
        ],
        "layers": [LayerShare("net", "Net", 8_000_000, 1.0, ["MatMul"])],
        "workload": {
            "cold_traces": [{"function": "step", "pipeline": False, "ops": 20, "moves": list(moves)}]
        },
    }


def compiled_by_xla(jit_compile):
    """Evidence of a little tracing, and of XLA's compiler."""
    return {
        "phases": {"function_tracing": 0.5, "execution": 19.5},
        "spans": {**TRACES, "other_tracing_share": 0.025},
        "native": [NativeShare("CpuCompiler::Compile", "execution", 15_000_000, 5.0, "calling")],
        "workload": {"jit_compile": jit_compile},
    }


def of_graph(constant, varying=()):
    """A call whose items are most of the work, and what depends on no argument in its graph."""
    found = kernels(("items/dense", "MatMul", 0.0))
    found["phases"] = {"execution": 10.0}
    found["native"] = [
        NativeShare(f"{path}/MatMul:MatMul", "execution", ms * 1_000_000, 1.0, "other")
        for path, ms in (("items/dense", 8), ("user/dense", 1), ("positions", 1))
    ]
    found["workload"]["cold_traces"][0].update(constant=constant, varying=list(varying))
    return found


ARRAY = [{"shape": [3200, 4], "dtype": "float32", "kind": "array"}]
MAP = {"kind": "Map", "python": False, "generator": False, "function": "decode"}
BATCH = {"kind": "Batch", "batch_size": 32}
WAITING = {"batch_fetching": (30.0, 4.0), "execution": (2.0, 4.0)}
LAYERS = [{"layer": "dense", "class": "Dense", "parent": None}]
TRACES = {"other_tracing_share": 0.6, "other_traces_per_call": 1.0, "calls_that_trace": 40}
ASYNC = [NativeShare("EagerLocalExecute: MatMul", "eager_execution", 1_000_000, 40.0, "calling")]
EAGER = {
    "phases": {"eager_execution": 12.0},
    "native": ASYNC,
    "workload": {"run_eagerly": False, "functions_run_eagerly": False},
}
KERAS_2 = {"keras": "2.15.0"}
LOOP = [{"function": "predict", "where": "app.py:41, in replay", "count": 32, "rows": 1}]
ITERATIONS = {"phases": {"dataset_building": (300.0, 32.0), "execution": (12.0, 32.0)}}
DATASET = [
    {"kind": "Map", "python": False, "generator": False, "function": "load"},
    {"kind": "Batch", "batch_size": 32},
]
OVERLAP = {
    "phases": {"batch_fetching": (30.0, 4.0), "execution": (40.0, 4.0)},
    "native": [],
    "workload": {"dataset": DATASET},
}
FEW = [
    LayerShare(f"conv_{number}", "Conv2D", round(share * 1e7), share, ["Conv2D"])
    for number, share in enumerate((0.7, 0.1, 0.1, 0.1))
]
EVEN = [LayerShare(f"conv_{number}", "Conv2D", 2_500_000, 0.25, ["Conv2D"]) for number in range(4)]
SITE = {
    "file": "/home/u/app.py",
    "line": 41,
    "function": "act",
    "source": "q = model.predict(x)",
    "through": None,
    "entry": "predict",
    "calls": 1000,
    "total_ns": 52_100_000_000,
    "rows": 1,
    "longest_run": 1000,
}
MANY_AXES = {"op": "m/net/transpose", "kind": "many_axes", "shape": [8, *[2] * 16]}
WEIGHTS = {"op": "m/net/transpose", "kind": "weights", "shape": [50000, 512]}
SOFTMAX = {"op": "m/net/transpose_1", "kind": "softmax", "shape": [None, 320, 320, 8]}
ONE_HOT = {"op": "m/net/MatMul", "kind": "one_hot", "shape": [8, None, 20000]}
FOLDED = "m/net/ArithmeticOptimizer/FoldTransposeIntoMatMul_MatMul"
BUILT = {"phases": {"dataset_building": 50.0, "execution": 2.0}}
STEPPED = {"phases": {"eager_execution": 50.0}}
MADE_OF_OUTPUTS = {"calls": 8, "from_outputs": 8, "same_input": 0}
NEW_MODELS = {
    "loads": [],
    "models": {
        "objects": 50,
        "calls": 60,
        "made_by": [
            {"function": "load_model", "where": "app.py:12, in handle", "count": 50, "median_ns": 400_000_000}
        ],
    },
}
TRACED_ANEW = {
    "phases": {"function_tracing": 100.0, "execution": 20.0},
    "spans": {"other_tracing_share": 0.8, "other_traces_per_call": 1.0},
}


def pools(intra, inter):
    """The process's facts with these sizes of TensorFlow's pools."""
    threads = {"python_threads": 2, "threads": 9}
    return {"process": {**threads, "intra_op_threads": intra, "inter_op_threads": inter}}


CPUS = pools(0, 0)
OFF = dict.fromkeys(
    (
        "check_numerics",
        "dump_debug_info",
        "op_determinism",
        "data_debug_mode",
        "log_device_placement",
        "jit_everywhere",
        "profiler",
        "tape",
    ),
    False,
)


def switched_on(*names):
    """The workload's switches, of which these are on."""
    return {"switches": {**OFF, **dict.fromkeys(names, True)}}


def graph(ops, checks):
    """The graph of a first call."""
    return {"cold_traces": [{"function": "step", "pipeline": False, "ops": ops, "checks": checks}]}


def without_xla(verdict, speedup):
    """What came of the change that makes the call without XLA."""
    return Comparison(
        "xla_off",
        "jit_compile=False",
        "y = fast.predict(x)",
        verdict,
        before_ns=90_000_000,
        after_ns=round(90_000_000 / speedup),
        speedup=speedup,
        speedup_ci99=(0.9 * speedup, 1.1 * speedup),
        outputs=None,
        reason="",
        where="on_copy",
        approximate=False,
        calls=1,
        rounds=9,
        warmup_ns=None,
        peak_bytes=None,
    )


def kernel(ms, count=1.0, op="Conv2D"):
    return NativeShare(f"net/conv/{op}:{op}", "execution", round(ms * 1e6), count, "other")


def tf_function(name, ms):
    return FunctionCost(f"site-packages/tensorflow/python/eager/{name}.py", 9, name, 1.0, round(ms * 1e6))


def shuffled(buffer, steps, elements=30_000, batch=128):
    """A dataset of so many elements, shuffled, of which a call takes so many batches."""
    return {
        "steps": steps,
        "dataset": [
            {"kind": "Batch", "batch_size": batch, "elements": elements and -(-elements // batch)},
            {"kind": "Shuffle", "buffer_size": buffer, "elements": elements},
            {**MAP, "elements": elements},
        ],
    }


def repeated(steps, elements=320, count=-1):
    return {
        "steps": steps,
        "dataset": [
            {"kind": "Batch", "batch_size": 32, "elements": -1},
            {"kind": "Repeat", "count": count, "elements": -1},
            {"kind": "TensorSlice", "elements": elements},
        ],
    }


def cached(*later, steps=None):
    """A dataset of a hundred elements that are kept, and what comes after, from the last on."""
    return {"steps": steps, "dataset": [*later, {"kind": "Cache", "elements": 100}, {**MAP, "elements": 100}]}


def gpu(busy_ms, waits, **facts):
    """Evidence of a GPU, and of a call whose phases are what it waits for and what it is busy in."""
    idle = sum(waits.values())
    phases = {**waits}
    phases["execution"] = phases.get("execution", 0.0) + busy_ms
    device = {
        "device": "/device:GPU:0",
        "busy_ns": round(busy_ms * 1e6),
        "idle_ns": round(idle * 1e6),
        "busy_share": busy_ms / (busy_ms + idle),
        "overlap_ns": 0,
        "outside_ns": 0,
        "kernels_ns": round(busy_ms * 1e6),
        "waits": [DeviceWait(phase, round(ms * 1e6), ms / idle) for phase, ms in waits.items()],
        "copies": [],
        "kernels": [],
        "scopes": [],
        "kernels_per_step": 12.0,
        "median_kernel_ns": 40_000,
    }
    return {"phases": phases, "devices": [DeviceDivision(**{**device, **facts})]}


def copied(ms, size, direction="to the device", count=1.0):
    return DeviceCopies(direction, round(ms * 1e6), count, size)


def scopes(*shares):
    return [
        DeviceScope(f"net/conv_{number}", round(share * 1e7), share) for number, share in enumerate(shares)
    ]


ON_GPU = {"environment": {"devices": ["CPU:0", "GPU:0"]}}
NO_GPU = {"phases": {"execution": 9.0}, "devices": []}
SHORT = {"kernels_per_step": 400.0, "median_kernel_ns": 3_000}

FILLING = {"phases": {"batch_fetching": (90.0, 4.0), "execution": (4.0, 4.0)}}
GENERATOR = {
    "inputs": [{"shape": None, "dtype": None, "kind": "generator"}],
    "dataset": None,
    "input_lines": {
        "samples": 40,
        "lines": [{"where": "app.py:9, in rows", "source": "yield decode(path)", "samples": 38}],
    },
}
TRACED = traced(["float32 (4, 8)"])[0]

#: For each rule, in the order of the catalogue: keyword arguments of ``evidence`` with the fault, and
#: without it.
CASES = {
    "model_loaded": [
        (
            {
                "phases": {"eager_execution": 10.0, "function_tracing": 10.0, "execution": 5.0},
                "spans": TRACES,
                "workload": {"loads": [{"function": "load_model", "where": "app.py:3, in serve"}]},
            },
            {"phases": {"execution": 5.0}, "workload": {"loads": []}},
        ),
    ],
    "weights_set": [
        (weights_set(40, 40), weights_set(40, 4000)),
        (weights_set(40, 60), weights_set(40, 40, ms=200.0)),
        (weights_set(40, 40), weights_set(1, 1)),
    ],
    "retraced": [
        (
            {
                "phases": {"function_tracing": 12.0, "execution": 8.0},
                "spans": TRACES,
                "workload": {"traced": traced(["float32 (4, 8)"], ["float32 (4, 9)"])},
            },
            {
                "phases": {"function_tracing": 12.0, "execution": 8.0},
                "spans": {"pipeline_tracing_share": 0.6},
            },
        ),
        # What is traced for each device of a strategy is the pipeline's.
        (
            {
                "phases": {"function_tracing": 12.0, "execution": 8.0},
                "spans": TRACES,
                "workload": {"traced": traced(["float32 (4, 8)"], ["float32 (4, 9)"])},
            },
            {
                "phases": {"function_tracing": 12.0, "execution": 8.0},
                "spans": TRACES,
                "workload": {"traced": traced(["string ()"], ["string ()"], pipeline=True)},
            },
        ),
        (
            {"phases": {"function_tracing": 12.0, "execution": 8.0}, "spans": TRACES},
            {
                "phases": {"function_tracing": 0.1, "execution": 80.0},
                "spans": {**TRACES, "other_tracing_share": 0.001},
            },
        ),
        # XLA compiles what is traced.
        (
            compiled_by_xla(jit_compile=False),
            compiled_by_xla(jit_compile=True),
        ),
    ],
    "xla_recompiled": [
        # Of replayed calls, running the model is little: their shapes are compiled.
        (
            {
                "phases": {"execution": 1.0, "dataset_building": 60.0},
                "workload": {
                    "jit_compile": True,
                    "input_shapes": [[[4, 8]], [[4, 9]]],
                    "in_program": again(900.0, 60.0),
                },
            },
            {
                "phases": {"execution": 1.0, "dataset_building": 60.0},
                "workload": {
                    "jit_compile": True,
                    "input_shapes": [[[4, 8]], [[4, 9]]],
                    "in_program": again(70.0, 60.0),
                },
            },
        ),
        (
            {
                "phases": {"execution": 60.0},
                "workload": {"jit_compile": True, "input_shapes": [[[4, 8]], [[4, 9]]]},
            },
            {
                "phases": {"execution": 60.0},
                "workload": {"jit_compile": True, "input_shapes": [[[4, 8]], [[4, 8]]]},
            },
        ),
        (
            {
                "phases": {"execution": 60.0},
                "workload": {"jit_compile": True, "input_shapes": [[[4, 8]], [[4, 9]]]},
            },
            {
                "phases": {"execution": 60.0},
                "workload": {"jit_compile": False, "input_shapes": [[[4, 8]], [[4, 9]]]},
            },
        ),
    ],
    "progress_bar": [
        (
            {"phases": {"progress_bar": 1.0, "execution": 5.0}, "workload": {"verbose": True}},
            {"phases": {"progress_bar": 0.1, "execution": 5.0}, "workload": {"verbose": True}},
        ),
    ],
    "slow_callbacks": [
        (
            {
                "phases": {"callbacks": 50.0, "execution": 5.0},
                "workload": {"callbacks": ["Slow"]},
                "functions": [FunctionCost("app.py", 9, "on_predict_batch_end", 100.0, 49_000_000)],
            },
            {"phases": {"callbacks": 0.1, "execution": 5.0}, "workload": {"callbacks": ["Slow"]}},
        ),
        (
            {"phases": {"callbacks": 50.0, "execution": 5.0}, "workload": {"callbacks": ["Slow"]}},
            {"phases": {"callbacks": 50.0, "execution": 5.0}, "workload": {"callbacks": []}},
        ),
    ],
    "metrics_reset": [
        (
            {"phases": {"state_reset": 2.0, "execution": 9.0}},
            {"phases": {"state_reset": 0.2, "execution": 9.0}},
        ),
    ],
    "garbage_collection": [
        (
            {"phases": {"garbage_collection": (9.0, 3.0), "execution": 5.0}},
            {"phases": {"garbage_collection": 0.5, "execution": 5.0}},
        ),
        # In ten calls: a collection in each other call, and in one alone, of what was made before.
        (
            {"phases": {"garbage_collection": (9.0, 0.5), "execution": 5.0}, "spans": {"calls": 10}},
            {"phases": {"garbage_collection": (9.0, 0.1), "execution": 5.0}, "spans": {"calls": 10}},
        ),
    ],
    "run_eagerly": [
        # A tf.function of the user's own, whose Python runs in each call.
        (
            {"phases": {"dispatch": 20.0}, "workload": {"functions_run_eagerly": True, "run_eagerly": False}},
            {
                "phases": {"dispatch": 20.0},
                "workload": {"functions_run_eagerly": False, "run_eagerly": False},
            },
        ),
        (EAGER | {"workload": {"run_eagerly": True, "functions_run_eagerly": False}}, EAGER),
        (
            EAGER
            | {
                "workload": {"run_eagerly": False, "functions_run_eagerly": True},
                "internals": [internal("Layer.__call__", "eager_execution", 40.0)],
            },
            {"phases": {"execution": 5.0}, "workload": {"run_eagerly": True, "functions_run_eagerly": None}},
        ),
    ],
    "eager_layers": [
        (
            EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 40.0)]},
            EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 3.0)]},
        ),
        (
            EAGER | {"internals": [internal("Layer.__call__", "eager_execution", 40.0)]},
            EAGER
            | {
                "internals": [internal("Layer.__call__", "eager_execution", 40.0)],
                "native": [
                    NativeShare("EagerLocalExecute: Conv2D", "eager_execution", 11_000_000, 40.0, "calling")
                ],
            },
        ),
        # Without a trace the functions that run ops tell, as cProfile times them.
        (
            EAGER
            | {
                "internals": [internal("Layer.__call__", "eager_execution", 40.0)],
                "native": None,
                "functions": [ops_of_python(2.0)],
            },
            EAGER
            | {
                "internals": [internal("Layer.__call__", "eager_execution", 40.0)],
                "native": None,
                "functions": [ops_of_python(5.0)],
            },
        ),
    ],
    "debugger_left_on": [
        # By their number, where no kernels were traced.
        (
            {
                "phases": {"execution": 9.0},
                "workload": {**switched_on("check_numerics"), **graph(2600, 1500)},
            },
            {"phases": {"execution": 9.0}, "workload": {**switched_on(), **graph(1100, 0)}},
        ),
        # The switch is off again, the graph is not traced again.
        (
            {"phases": {"execution": 9.0}, "workload": {**switched_on(), **graph(2600, 1500)}},
            {"phases": {"execution": 9.0}, "workload": {**switched_on("check_numerics"), **graph(1100, 0)}},
        ),
        # Ops that run by themselves.
        (
            {
                "phases": {"eager_execution": 90.0},
                "workload": {**switched_on("dump_debug_info"), **graph(9, 0)},
                "functions": [FunctionCost("debug/lib/dumping_callback.py", 1, "callback", 60.0, 50_000_000)],
            },
            {
                "phases": {"eager_execution": 90.0},
                "workload": {**switched_on(), **graph(9, 0)},
                "functions": [FunctionCost("app.py", 1, "callback", 60.0, 50_000_000)],
            },
        ),
        # Large kernels of the model's own: many small checks beside them are a small part.
        (
            {
                "phases": {"execution": 100.0},
                "workload": {**switched_on("check_numerics"), **graph(60, 30)},
                "native": [kernel(50.0), kernel(40.0, op="DebugNumericSummaryV2")],
            },
            {
                "phases": {"execution": 100.0},
                "workload": {**switched_on("check_numerics"), **graph(60, 30)},
                "native": [kernel(95.0), kernel(1.0, op="DebugNumericSummaryV2")],
            },
        ),
    ],
    "xla_slower": [
        (
            {
                "phases": {"execution": 90.0},
                "workload": {"jit_compile": True, **switched_on()},
                "comparisons": [without_xla("faster", 12.0)],
            },
            {
                "phases": {"execution": 90.0},
                "workload": {"jit_compile": True, **switched_on()},
                "comparisons": [without_xla("slower", 0.5)],
            },
        ),
        (
            {
                "phases": {"execution": 90.0},
                "workload": {"jit_compile": False, **switched_on("jit_everywhere")},
                "comparisons": [without_xla("faster", 1.5)],
            },
            {"phases": {"execution": 90.0}, "workload": {"jit_compile": False, **switched_on()}},
        ),
        (
            {
                "phases": {"execution": 90.0},
                "workload": {"jit_compile": True, **switched_on()},
                "comparisons": [without_xla("faster", 12.0)],
            },
            {
                "phases": {"execution": 9.0, "dataset_building": 90.0},
                "workload": {"jit_compile": True, **switched_on()},
            },
        ),
    ],
    "recorded_by_tape": [
        (
            {
                "phases": {"execution": 9.0},
                "workload": switched_on("tape"),
                "functions": [tf_function("record", 3.0), tf_function("variable_accessed", 1.0)],
            },
            {
                "phases": {"execution": 9.0},
                "workload": switched_on(),
                "functions": [tf_function("variable_accessed", 1.0)],
            },
        ),
        (
            {
                "phases": {"eager_execution": 9.0},
                "workload": switched_on("tape"),
                "functions": [tf_function("record_gradient", 2.0)],
            },
            {
                "phases": {"eager_execution": 90.0},
                "workload": switched_on("tape"),
                "functions": [tf_function("record_gradient", 2.0)],
            },
        ),
    ],
    "data_debug_mode": [
        (
            {"phases": WAITING, "workload": switched_on("data_debug_mode")},
            {"phases": WAITING, "workload": switched_on()},
        ),
        (
            {"phases": WAITING, "workload": switched_on("data_debug_mode")},
            {
                "phases": {"batch_fetching": (0.1, 4.0), "execution": (40.0, 4.0)},
                "workload": switched_on("data_debug_mode"),
            },
        ),
    ],
    "dataset_repeated": [
        (
            {"phases": {"execution": (90.0, 100.0)}, "workload": repeated(100)},
            {"phases": {"execution": (90.0, 10.0)}, "workload": repeated(10)},
        ),
        (
            {"phases": {"execution": (90.0, 100.0)}, "workload": repeated(100)},
            {"phases": {"execution": (90.0, 100.0)}, "workload": repeated(100, count=10)},
        ),
        (
            {"phases": {"execution": (90.0, 100.0)}, "workload": repeated(100)},
            {"phases": {"execution": (90.0, 100.0)}, "workload": repeated(100, elements=None)},
        ),
    ],
    "dataset_shuffled": [
        (
            FILLING | {"workload": shuffled(30_000, 4)},
            FILLING | {"workload": {"dataset": [BATCH, MAP], "steps": 4}},
        ),
        # All elements are made whether they are shuffled or not.
        (
            FILLING | {"workload": shuffled(30_000, 4)},
            FILLING | {"workload": shuffled(30_000, None)},
        ),
        # They are, and meanwhile the model could have run.
        (
            {
                "phases": {"batch_fetching": (50.0, 4.0), "execution": (50.0, 4.0)},
                "spans": {"first_fetch_share": 0.49},
                "workload": shuffled(30_000, None),
            },
            {
                "phases": {"batch_fetching": (50.0, 4.0), "execution": (50.0, 4.0)},
                "spans": {"first_fetch_share": 0.49},
                "workload": shuffled(200, None),
            },
        ),
        (
            FILLING | {"workload": shuffled(10_000, 4, elements=None)},
            {
                "phases": {"batch_fetching": (0.4, 4.0), "execution": (40.0, 4.0)},
                "workload": shuffled(30_000, 4),
            },
        ),
    ],
    "cache_in_vain": [
        (
            {"phases": WAITING, "workload": cached(BATCH, {**MAP, "function": "decode"})},
            {"phases": WAITING, "workload": cached(BATCH)},
        ),
        (
            {"phases": WAITING, "workload": cached(BATCH, steps=2)},
            {"phases": WAITING, "workload": cached(BATCH, steps=4)},
        ),
        (
            {"phases": WAITING, "workload": cached({"kind": "Take", "count": 20}, steps=None)},
            {"phases": WAITING, "workload": {"dataset": [BATCH, MAP], "steps": None}},
        ),
    ],
    "dataset_unprefetched": [
        (OVERLAP, OVERLAP | {"workload": {"dataset": [{"kind": "Prefetch"}, *DATASET]}}),
        (
            OVERLAP,
            OVERLAP
            | {"native": [NativeShare("Iterator::Root::Prefetch", "batch_fetching", 1_000, 4.0, "calling")]},
        ),
        (OVERLAP, OVERLAP | {"phases": {"batch_fetching": (30.0, 1.0), "execution": (40.0, 1.0)}}),
        (OVERLAP, OVERLAP | {"phases": {"batch_fetching": (30.0, 4.0), "execution": (1.0, 4.0)}}),
        (OVERLAP, {"phases": {"execution": 9.0}, "workload": {"dataset": None}}),
    ],
    "python_in_pipeline": [
        (
            {"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "python": True}]}},
            {"phases": WAITING, "workload": {"dataset": [BATCH, MAP]}},
        ),
        (
            {
                "phases": WAITING,
                "workload": {"dataset": [BATCH, {**MAP, "python": True}]},
                "native": [NativeShare("PyFunc:PyFunc", "batch_fetching", 25_000_000, 100.0, "other")],
            },
            {"phases": WAITING, "workload": {"dataset": None}},
        ),
    ],
    "generator_by_sample": [
        (
            {"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "python": True, "generator": True}]}},
            {"phases": WAITING, "workload": {"dataset": [{**MAP, "python": True, "generator": True}]}},
        ),
    ],
    "serial_map": [
        (
            {"phases": WAITING, "workload": {"dataset": [BATCH, MAP]}},
            {"phases": WAITING, "workload": {"dataset": [BATCH, {**MAP, "kind": "ParallelMap"}]}},
        ),
        # Keras 2 fetches within the traced function: what no kernel accounts for is waiting.
        (
            {
                "phases": {"execution": 20.0},
                "workload": {"dataset": [BATCH, MAP]},
                "native": [],
                "layers": [layer("dense", "Dense", 1.0, ms=2.0)],
            },
            {
                "phases": {"execution": 20.0},
                "workload": {"dataset": [BATCH, MAP]},
                "native": [],
                "layers": [layer("dense", "Dense", 1.0, ms=19.5)],
            },
        ),
    ],
    "slow_pydataset": [
        # The last stage of the pipeline hands over what other threads made.
        (
            {
                "phases": {"execution": 90.0},
                "workload": {"pydataset": {"batches": 4}},
                "native": [NativeShare("Iterator::Root::Prefetch", "execution", 70_000_000, 4.0, "other")],
                "layers": [layer("dense", "Dense", 1.0, ms=2.0)],
            },
            {
                "phases": {"execution": 90.0},
                "workload": {"pydataset": {"batches": 4}},
                "native": [NativeShare("Iterator::Root::Prefetch", "execution", 7_000_000, 4.0, "other")],
                "layers": [layer("dense", "Dense", 1.0, ms=2.0)],
            },
        ),
        (
            {
                "phases": {"execution": 90.0},
                "workload": {"pydataset": {"batches": 4}},
                "layers": [layer("dense", "Dense", 1.0, ms=2.0)],
            },
            {
                "phases": {"execution": 90.0},
                "workload": {"pydataset": {"batches": 4}},
                "layers": [layer("dense", "Dense", 1.0, ms=88.0)],
            },
        ),
        (
            {"phases": WAITING, "workload": {"pydataset": {"batches": 4, "workers": 1}}},
            {
                "phases": {"batch_fetching": 1.0, "execution": 9.0},
                "workload": {"pydataset": {"batches": 4, "workers": 1}},
            },
        ),
    ],
    "slow_generator": [
        (
            {"phases": WAITING, "workload": GENERATOR},
            {"phases": {"batch_fetching": (3.0, 4.0), "execution": (30.0, 4.0)}, "workload": GENERATOR},
        ),
        (
            {
                "phases": WAITING,
                "workload": {"dataset": [{**MAP, "python": True, "generator": True}]},
            },
            {
                "phases": WAITING,
                "workload": {"dataset": [BATCH, {**MAP, "python": True, "generator": True}]},
            },
        ),
        (
            {"phases": WAITING, "workload": {**GENERATOR, "input_lines": None}},
            {"phases": WAITING, "workload": {"dataset": None}},
        ),
    ],
    "needless_workers": [
        (
            {"phases": {"loop": 30.0, "batch_fetching": 2.0}, "workload": {"pydataset": {"workers": 8}}},
            {"phases": {"loop": 30.0, "batch_fetching": 2.0}, "workload": {"pydataset": {"workers": 1}}},
        ),
        (
            {"phases": {"loop": 30.0, "batch_fetching": 2.0}, "workload": {"pydataset": {"workers": 8}}},
            {"phases": {"loop": 30.0, "batch_fetching": 90.0}, "workload": {"pydataset": {"workers": 8}}},
        ),
    ],
    "quantised_layers": [
        (
            {
                "phases": {"execution": 9.0},
                "layers": [layer("dense", "Dense", 1.0)],
                "workload": {"layers": [{**LAYERS[0], "quantization": "int8"}]},
            },
            {
                "phases": {"execution": 9.0},
                "layers": [layer("dense", "Dense", 1.0)],
                "workload": {"layers": LAYERS},
            },
        ),
        (
            {
                "phases": {"execution": 9.0},
                "layers": [layer("dense", "Dense", 1.0)],
                "workload": {"layers": [{**LAYERS[0], "quantization": "int8"}]},
            },
            {
                "phases": {"execution": 9.0},
                "layers": [layer("dense", "Dense", 1.0)],
                "environment": {"devices": ["CPU:0", "GPU:0"]},
                "workload": {"layers": [{**LAYERS[0], "quantization": "int8"}]},
            },
        ),
    ],
    "constant_recomputed": [
        (of_graph(["items/dense"]), of_graph([])),
        (of_graph(["items/dense"]), of_graph(["positions"])),
        # Another graph has the same scope, with an argument in it.
        (of_graph(["items/dense"]), of_graph(["items/dense"], ["items/dense"])),
    ],
    "double_precision": [
        (layers("dense", "Dense", dtype_policy="float64"), layers("dense", "Dense")),
        (
            layers("dense", "Dense", dtype_policy="float64"),
            layers("dense", "Dense", share=0.02, dtype_policy="float64"),
        ),
    ],
    "mixed_precision": [
        (layers("conv", "Conv2D", dtype_policy="mixed_float16"), layers("conv", "Conv2D")),
        (
            layers("conv", "Conv2D", dtype_policy="float16"),
            layers("conv", "Conv2D", dtype_policy="mixed_bfloat16"),
        ),
        (
            layers("conv", "Conv2D", dtype_policy="mixed_float16"),
            layers("conv", "Conv2D", dtype_policy="mixed_float16")
            | {"environment": {"devices": ["CPU:0", "GPU:0"]}},
        ),
        (
            layers("conv", "Conv2D", dtype_policy="mixed_float16"),
            layers("conv", "Conv2D", share=0.02, dtype_policy="mixed_float16"),
        ),
    ],
    "recurrent_unfused": [
        (
            layers("lstm", "LSTM", recurrent_dropout=0.2, implementation=1),
            layers("lstm", "LSTM", recurrent_dropout=0.0, implementation=2),
        ),
        (
            layers("gru", "GRU", implementation=1),
            layers("gru", "GRU", implementation=1) | {"environment": KERAS_2},
        ),
        (
            layers("lstm", "LSTM", recurrent_dropout=0.2) | {"environment": KERAS_2},
            layers("lstm", "LSTM", share=0.02, recurrent_dropout=0.2),
        ),
        (layers("lstm", "LSTM", recurrent_dropout=0.2), layers("rnn", "SimpleRNN", recurrent_dropout=0.2)),
    ],
    "time_distributed": [
        (
            {
                "phases": {"execution": 9.0},
                "layers": [layer("td", "TimeDistributed", 0.9)],
                "workload": {
                    "layers": [
                        {"layer": "td", "class": "TimeDistributed", "wraps": "Dense", "time_steps": 200}
                    ]
                },
            },
            {
                "phases": {"execution": 9.0},
                "layers": [layer("td", "TimeDistributed", 0.9)],
                "workload": {
                    "layers": [
                        {"layer": "td", "class": "TimeDistributed", "wraps": "Dense", "time_steps": None}
                    ]
                },
            },
        ),
    ],
    "augmentation": [
        (
            {
                "phases": {"execution": 9.0},
                "layers": [layer("turn", "RandomRotation", 0.7)],
                "workload": {"layers": [{"layer": "turn", "class": "RandomRotation"}]},
            },
            {
                "phases": {"execution": 9.0},
                "layers": [layer("dense", "Dense", 1.0)],
                "workload": {"layers": [{"layer": "turn", "class": "RandomRotation"}]},
            },
        ),
    ],
    "text_in_model": [
        (
            {
                "phases": {"execution": 9.0},
                "layers": [layer("words", "TextVectorization", 0.7)],
                "workload": {"layers": [{"layer": "words", "class": "TextVectorization"}]},
            },
            {
                "phases": {"execution": 9.0},
                "layers": [layer("words", "TextVectorization", 0.02)],
                "workload": {"layers": [{"layer": "words", "class": "TextVectorization"}]},
            },
        ),
    ],
    "loop_in_graph": [
        (
            {
                "phases": {"execution": 40.0},
                "layers": [layer("conv", "Conv1D", 0.9), layer("baseline", "Baseline", 0.1, 0.8, steps=300)],
            },
            # A recurrent layer is a loop by its nature.
            {
                "phases": {"execution": 40.0},
                "layers": [layer("lstm", "LSTM", 0.9, steps=300), layer("dense", "Dense", 0.1, 0.8)],
            },
        ),
        (
            {"phases": {"execution": 40.0}, "layers": [layer("smooth", "Smooth", 0.5, 1.0, steps=64)]},
            {"phases": {"execution": 40.0}, "layers": [layer("smooth", "Smooth", 0.5, 1.0, steps=3)]},
        ),
    ],
    "grouped_convolution": [
        (layers("conv", "Conv2D", groups=32), layers("conv", "Conv2D")),
        (
            layers("conv", "Conv1D", groups=4),
            layers("conv", "Conv1D", share=0.05, groups=4),
        ),
    ],
    "padded_inputs": [
        (
            {"phases": {"execution": 40.0}, "workload": padded(0.9, "GRU")},
            {"phases": {"execution": 40.0}, "workload": padded(0.3, "GRU")},
        ),
        (
            {"phases": {"execution": 40.0}, "workload": padded(0.9, "MultiHeadAttention")},
            # Without layers that compute each step, padding is only looked up.
            {"phases": {"execution": 40.0}, "workload": padded(0.9, "Embedding")},
        ),
        (
            {"phases": {"execution": 40.0}, "workload": padded(0.9, "LSTM")},
            {"phases": {"execution": 40.0}, "workload": padded(None, "LSTM")},
        ),
    ],
    "input_again": [
        (
            {"phases": {"execution": 40.0}, "workload": flowing(8, 0.5)},
            {"phases": {"execution": 40.0}, "workload": flowing(8, 0.01)},
        ),
        (
            {"phases": {"execution": 40.0}, "workload": flowing(8, 0.33)},
            # A benchmark that makes one call again and again.
            {"phases": {"execution": 40.0}, "workload": flowing(8, 0.0, same_input=8)},
        ),
        (
            {"phases": {"execution": 40.0}, "workload": flowing(3, 0.5)},
            {"phases": {"execution": 40.0}, "workload": flowing(2, 0.5)},
        ),
    ],
    "layers_shared": [
        (scores(shared_layers=SHARED), scores(shared_layers=[])),
        # Of two models that run it, one is needed: less than of eight.
        (scores(shared_layers=SHARED), scores(scores_ms=90.0, shared_layers=SHARED)),
        (
            scores(shared_layers=SHARED),
            scores(shared_layers=[{"layer": "of_another_group", "models": 8}]),
        ),
    ],
    "output_unused": [
        (scores(), scores(one_position=False)),
        (scores(), scores(shape=(16, 30_000))),
        (scores(), scores(shape=(16, 1, 30_000))),
        (scores(), scores(layer_class="Conv1D")),
        (scores(), scores(scores_ms=0.1, copied_ms=0.1)),
        (scores(), scores(model_class="Decoder")),
    ],
    "drawn_again": [
        (drawing(CONV, DROP, DENSE), drawing(CONV, ("drop", "Mul", 1), DENSE)),
        (
            drawing(CONV, ("noise", "RandomStandardNormal", 1), DENSE),
            drawing(("noise", "RandomStandardNormal", 1), CONV, DENSE),
        ),
        # A counter alone draws nothing.
        (
            drawing(CONV, ("drop", "TruncatedNormal", 1)),
            drawing(CONV, ("drop", "StatelessRandomGetKeyCounter", 1)),
        ),
        # In which order a layer runs those that it contains is not known.
        (
            drawing(CONV, ("head", "Relu", 1), DROP, DENSE, within=("drop", "dense")),
            drawing(("block", "Relu", 1), CONV, DROP, DENSE, within=("conv", "drop")),
        ),
        # Of two layers of one name, one comes after the draw.
        (drawing(CONV, DROP, ("other", "Conv2D", 1)), drawing(CONV, DROP, CONV)),
        *(
            (drawing(CONV, DROP, DENSE), drawing(CONV, DROP, DENSE, **healthy))
            for healthy in (
                {"same_input": 7},
                {"run": 1},  # the pictures of a generator after each epoch
                {"model_class": "Sampler"},
                {"entry_point": "function"},
                {"models": {"objects": 5, "calls": 40, "made_by": [], "weights_set": []}},
                {"models": weights_set(38, 40)["workload"]["models"]},
            )
        ),
    ],
    "data_moved": [
        (
            kernels(("m/net/transpose", "Transpose", 6.0), ("m/net/MatMul", "MatMul", 4.0)),
            kernels(("m/net/transpose", "Transpose", 2.0), ("m/net/MatMul", "MatMul", 8.0)),
        ),
        # What the graph shows is known whatever its share.
        (
            kernels(
                ("m/net/transpose", "Transpose", 2.0), ("m/net/MatMul", "MatMul", 8.0), moves=[MANY_AXES]
            ),
            kernels(
                ("m/net/Conv2D", "_FusedConv2D", 2.0), ("m/net/MatMul", "MatMul", 8.0), moves=[MANY_AXES]
            ),
        ),
        (
            kernels(
                ("m/net/transpose_1", "Transpose", 3.0), ("m/net/Einsum", "Einsum", 7.0), moves=[SOFTMAX]
            ),
            kernels(("m/net/Softmax", "Softmax", 3.0), ("m/net/Einsum", "Einsum", 7.0), moves=[SOFTMAX]),
        ),
        (
            kernels(("m/net/MatMul", "MatMul", 8.0), ("m/net/Relu", "Relu", 8.0), moves=[ONE_HOT]),
            kernels(("m/net/MatMul", "MatMul", 8.0), ("m/net/Relu", "Relu", 8.0)),
        ),
        # TensorFlow makes a transpose and the product after it one kernel.
        (
            kernels((FOLDED, "MatMul", 9.0), ("m/net/Relu", "Relu", 1.0), moves=[WEIGHTS]),
            kernels(("m/net/MatMul", "MatMul", 9.0), ("m/net/Relu", "Relu", 1.0), moves=[WEIGHTS]),
        ),
        (
            kernels(("m/net/transpose", "Transpose", 6.0), ("m/net/MatMul", "MatMul", 4.0)),
            {"phases": {"execution": 9.0}, "native": [], "layers": []},
        ),
    ],
    "strategy_in_use": [
        (
            {
                "phases": {"dataset_building": 20.0, "distribution": 5.0, "execution": 1.0},
                "workload": {"strategy": {"name": "MirroredStrategy", "replicas": 1}},
            },
            {
                "phases": {"dataset_building": 20.0, "distribution": 5.0, "execution": 900.0},
                "workload": {"strategy": {"name": "MirroredStrategy", "replicas": 2}},
            },
        ),
        (
            {
                "phases": {"dataset_building": 20.0, "execution": 1.0},
                "workload": {"strategy": {"name": "OneDeviceStrategy", "replicas": 1}},
            },
            {"phases": {"dataset_building": 20.0, "execution": 1.0}, "workload": {"strategy": None}},
        ),
    ],
    "event_loop_blocked": [
        (on_loop(), BUILT | sites() | {"workload": {**sites()["workload"], "event_loop": None}}),
        (on_loop(tasks_in_a_row=1), on_loop(waited=4)),
        (on_loop(most_waiting=None, waited=0), on_loop(longest_ns=40_000_000)),
    ],
    "outputs_concatenated": [
        (
            {
                "phases": {"output_assembly": (300.0, 12.0), "execution": (50.0, 10.0)},
                "internals": [internal("potentially_ragged_concat", "output_assembly", 1.0, ms=280.0)],
            },
            {"phases": {"output_assembly": (30.0, 1002.0), "execution": (90.0, 1000.0)}},
        ),
    ],
    "dataset_unbatched": [
        (
            {
                "phases": {"execution": (300.0, 1000.0), "dispatch": (200.0, 1000.0)},
                "workload": {"dataset": [{"kind": "Batch", "batch_size": 1}]},
            },
            {
                "phases": {"execution": (300.0, 1000.0), "dispatch": (200.0, 1000.0)},
                "workload": {"dataset": [{"kind": "Batch", "batch_size": 256}]},
            },
        ),
    ],
    "small_batches": [
        (
            {
                "phases": {"execution": (30.0, 100.0), "dispatch": (20.0, 100.0)},
                "workload": {"inputs": ARRAY},
            },
            {"phases": {"execution": (30.0, 1.0), "dispatch": (20.0, 1.0)}, "workload": {"inputs": ARRAY}},
        ),
        (
            {
                "phases": {"execution": (300.0, 100.0), "dispatch": (20.0, 100.0)},
                "workload": {"inputs": ARRAY},
                "layers": [layer("dense", "Dense", 1.0, ms=100.0)],
            },
            # What no kernel accounts for is far more than a batch can cost.
            {
                "phases": {"execution": (3000.0, 10.0)},
                "workload": {"inputs": ARRAY},
                "layers": [layer("dense", "Dense", 1.0, ms=2000.0)],
            },
        ),
        (
            {
                "phases": {"execution": (30.0, 100.0), "dispatch": (20.0, 100.0)},
                "workload": {"inputs": ARRAY},
            },
            {
                "phases": {"execution": (3000.0, 100.0), "dispatch": (20.0, 100.0)},
                "workload": {"inputs": ARRAY},
            },
        ),
    ],
    "many_calls": [
        (
            ITERATIONS | {"workload": {"inner_calls": LOOP}},
            ITERATIONS | {"workload": {"inner_calls": [{**LOOP[0], "count": 1}]}},
        ),
        (
            {
                "phases": {"eager_execution": (300.0, 32.0)},
                "native": ASYNC,
                "workload": {
                    "inner_calls": [{**LOOP[0], "function": "__call__", "rows": None, "where": None}]
                },
            },
            {"phases": {"execution": (300.0, 32.0)}, "workload": {"inner_calls": LOOP}},
        ),
        (
            {
                "phases": {"dispatch": (30.0, 32.0), "execution": (90.0, 32.0)},
                "workload": {"inner_calls": LOOP},
                "layers": EVEN[:1],
            },
            {"phases": {"dispatch": (3.0, 32.0), "execution": (90.0, 32.0)}, "workload": {"inner_calls": []}},
        ),
    ],
    "calls_in_a_loop": [
        (BUILT | sites(), BUILT | sites(longest_run=3)),
        (
            BUILT
            | sites(
                rows=None,
                entry="call",
                function="",
                source="",
                through={"file": "agent.py", "line": 7, "function": "act"},
            ),
            {"phases": {"dataset_building": 1.0, "execution": 200.0}} | sites(),
        ),
        # Waiting for batches of the user's own making is no fixed cost of a call.
        (
            BUILT | sites(),
            {
                "phases": {"batch_fetching": 50.0, "execution": 2.0},
                "workload": {
                    **sites()["workload"],
                    "inputs": [{"shape": None, "dtype": None, "kind": "generator"}],
                },
            },
        ),
        # Ops that take long take as long in one call of all rows.
        (
            STEPPED | {"native": ASYNC, **sites(entry="call")},
            STEPPED
            | {
                "native": [
                    NativeShare("EagerLocalExecute: Conv2D", "eager_execution", 49_000_000, 40.0, "calling")
                ],
                **sites(entry="call"),
            },
        ),
        # The layers of an exported model are not known; its kernels are.
        (
            {
                "phases": {"execution": 2.6, "dispatch": 0.1},
                "native": [NativeShare("signature_wrapper", "execution", 1_400_000, 1.0, "calling")],
                **sites(entry="signature"),
            },
            {
                "phases": {"execution": 2.6, "dispatch": 0.1},
                "native": [NativeShare("m/conv/Conv2D:_FusedConv2D", "execution", 2_500_000, 1.0, "other")],
                **sites(entry="signature"),
            },
        ),
        # A function has no cheaper entry point, so little is to be gained.
        (
            {"phases": {"dispatch": 5.0, "execution": 9.0}} | sites(entry="function"),
            {"phases": {"dispatch": 2.0, "execution": 9.0}} | sites(entry="function"),
        ),
        # Of a function's calls each of which needs the one before nothing is to be gained.
        (
            {"phases": {"dispatch": 5.0, "execution": 9.0}} | sites(entry="function"),
            {
                "phases": {"dispatch": 5.0, "execution": 9.0},
                "workload": {**sites(entry="function")["workload"], "data_flow": MADE_OF_OUTPUTS},
            },
        ),
    ],
    "tuner_waited_for": [
        (
            {
                "phases": {"teardown": 40.0, "execution": 60.0},
                "spans": {"tuner_waits": 2, "tuner_wait_share": 0.35},
            },
            {"phases": {"teardown": 40.0, "execution": 60.0}, "spans": {"tuner_waits": 0}},
        ),
        # It does not matter in one of many calls.
        (
            {
                "phases": {"teardown": 20.0, "execution": 60.0},
                "spans": {"tuner_waits": 1, "tuner_wait_share": 0.15},
            },
            {
                "phases": {"teardown": 20.0, "execution": 60.0},
                "spans": {"tuner_waits": 1, "tuner_wait_share": 0.04},
            },
        ),
    ],
    "second_iterator": [
        (
            {
                "phases": {"iterator_creation": (4.0, 2.0), "execution": 1.0},
                "spans": {
                    "iterators_per_call": 2.0,
                    "unread_iterators_per_call": 1.0,
                    "unread_iterators_share": 0.4,
                },
            },
            {"phases": {"iterator_creation": 2.0, "execution": 1.0}, "spans": {"iterators_per_call": 1.0}},
        ),
    ],
    "pipeline_rebuilt": [
        # What a program calls once is built once.
        (BUILT | sites(calls=2, longest_run=2), BUILT | sites(calls=1, longest_run=1)),
        (
            {"phases": {"dataset_building": 20.0, "iterator_creation": 10.0, "execution": 1.0}},
            {"phases": {"dispatch": 0.1, "execution": 1.0}},
        ),
        (
            {
                "phases": {"dataset_building": 20.0, "execution": 1.0},
                "workload": {"inputs": [{"shape": None, "dtype": None, "kind": "generator"}]},
            },
            {"phases": {"dataset_building": 20.0, "execution": 900.0}},
        ),
        (
            {
                "phases": {"dataset_building": 20.0, "execution": 1.0},
                "workload": {"experimental_run_tf_function": True},
                "environment": {"tensorflow": "2.0.0"},
            },
            {
                "phases": {"dataset_building": 20.0, "execution": 1.0},
                "workload": {"inputs": [{"shape": None, "dtype": None, "kind": "dataset"}]},
            },
        ),
    ],
    "one_thread": [
        (
            {"phases": {"execution": 90.0}, "workload": pools(1, 1), "native": [kernel(80.0)]},
            {"phases": {"execution": 90.0}, "workload": pools(0, 0), "native": [kernel(80.0)]},
        ),
        # Small ops run on one thread whatever the pool has.
        (
            {
                "phases": {"execution": 90.0},
                "workload": CPUS,
                "environment": {"settings": {"TF_NUM_INTRAOP_THREADS": "1"}},
                "native": [kernel(80.0, count=4.0)],
            },
            {
                "phases": {"execution": 90.0},
                "workload": CPUS,
                "environment": {"settings": {"TF_NUM_INTRAOP_THREADS": "1"}},
                "native": [kernel(80.0, count=4000.0)],
            },
        ),
        # A variable that has no effect here: several processors are busy.
        (
            {
                "phases": {"execution": 90.0},
                "workload": CPUS,
                "environment": {"settings": {"OMP_NUM_THREADS": "1"}},
                "native": [kernel(80.0)],
            },
            {
                "phases": {"execution": 90.0},
                "workload": CPUS,
                "environment": {"settings": {"OMP_NUM_THREADS": "1"}},
                "native": [kernel(80.0)],
                "cpu": 1.8,
            },
        ),
        (
            {
                "phases": {"execution": 90.0},
                "workload": pools(1, 0),
                "environment": {"cpu_count": 16, "settings": {"OMP_NUM_THREADS": "16"}},
                "native": [kernel(80.0)],
            },
            {
                "phases": {"execution": 90.0},
                "workload": pools(1, 0),
                "environment": {"cpu_count": 1},
                "native": [kernel(80.0)],
            },
        ),
        # A call that is half Python gains by threads, too; one that is nearly all Python does not.
        (
            {
                "phases": {"execution": 90.0, "dataset_building": 90.0},
                "workload": pools(1, 1),
                "native": [kernel(80.0)],
            },
            {
                "phases": {"execution": 90.0, "dataset_building": 4000.0},
                "workload": pools(1, 1),
                "native": [kernel(80.0)],
            },
        ),
    ],
    "device_waits": [
        (gpu(2.0, {"iterator_creation": 20.0, "dispatch": 1.0}), gpu(20.0, {"iterator_creation": 2.0})),
        # Tracing belongs to the input if each call makes a pipeline, and only then.
        (
            gpu(2.0, {"function_tracing": 9.0, "dataset_building": 1.0}),
            gpu(2.0, {"function_tracing": 9.0, "dispatch": 1.0}),
        ),
        (gpu(2.0, {"batch_fetching": 20.0}), NO_GPU),
    ],
    "device_host_bound": [
        (gpu(1.0, {"dispatch": 3.0, "callbacks": 6.0}), gpu(9.0, {"dispatch": 1.0})),
        (gpu(1.0, {"single_ops": 0.5, "python": 9.0}), gpu(1.0, {"iterator_creation": 9.0})),
        (gpu(1.0, {"dispatch": 9.0}), NO_GPU),
    ],
    "device_launches": [
        (gpu(3.0, {"execution": 6.0}, **SHORT), gpu(3.0, {"execution": 6.0}, kernels_per_step=400.0)),
        (gpu(3.0, {"execution": 6.0}, **SHORT), gpu(3.0, {"execution": 6.0}, median_kernel_ns=3_000)),
        (
            gpu(3.0, {"execution": 6.0}, **SHORT, median_launch_ns=9_000),
            gpu(3.0, {"execution": 6.0}, **SHORT, median_launch_ns=650_000),
        ),
        (gpu(3.0, {"eager_execution": 6.0}, **SHORT), gpu(9.0, {"execution": 1.0}, **SHORT)),
        (gpu(3.0, {"execution": 6.0}, **SHORT), NO_GPU),
    ],
    "device_copies": [
        (
            gpu(6.0, {"dispatch": 4.0}, copies=[copied(3.0, 40_000_000)]),
            gpu(6.0, {"dispatch": 4.0}, copies=[copied(3.0, 40_000_000)], overlap_ns=2_900_000),
        ),
        (
            gpu(6.0, {"dispatch": 4.0}, copies=[copied(3.0, None, "from the device")]),
            gpu(6.0, {"dispatch": 4.0}, copies=[copied(3.0, None, "on the device")]),
        ),
        (gpu(6.0, {"dispatch": 4.0}, copies=[copied(3.0, None)]), NO_GPU),
    ],
    "device_unused": [
        (
            {**NO_GPU, **ON_GPU, "layers": FEW},
            {**gpu(6.0, {"dispatch": 4.0}), **ON_GPU, "layers": FEW},
        ),
        ({**NO_GPU, **ON_GPU, "layers": FEW}, {**NO_GPU, "layers": FEW}),
    ],
    "tensor_cores_unused": [
        (
            gpu(9.0, {"dispatch": 1.0}, matrix_kernels_ns=6_000_000),
            gpu(9.0, {"dispatch": 1.0}, matrix_kernels_ns=6_000_000, tensor_cores_ns=5_000_000),
        ),
        # What is not of NVIDIA's libraries is not judged by its name.
        (gpu(9.0, {"dispatch": 1.0}, matrix_kernels_ns=6_000_000), gpu(9.0, {"dispatch": 1.0})),
        (
            gpu(9.0, {"dispatch": 1.0}, matrix_kernels_ns=6_000_000),
            gpu(1.0, {"dispatch": 30.0}, matrix_kernels_ns=900_000),
        ),
        (gpu(9.0, {"dispatch": 1.0}, matrix_kernels_ns=6_000_000), NO_GPU),
    ],
    "device_scope": [
        (
            gpu(9.0, {"dispatch": 1.0}, scopes=scopes(0.7, 0.1, 0.1, 0.1)),
            gpu(9.0, {"dispatch": 1.0}, scopes=scopes(0.25, 0.25, 0.25, 0.25)),
        ),
        (
            gpu(9.0, {"dispatch": 1.0}, scopes=scopes(0.7, 0.1, 0.1, 0.1)),
            gpu(1.0, {"dispatch": 9.0}, scopes=scopes(0.7, 0.1, 0.1, 0.1)),
        ),
        (
            gpu(9.0, {"dispatch": 1.0}, scopes=scopes(0.7, 0.1, 0.1, 0.1)),
            {**gpu(9.0, {"dispatch": 1.0}, scopes=scopes(0.7, 0.1, 0.1, 0.1)), "layers": FEW},
        ),
        (gpu(9.0, {"dispatch": 1.0}, scopes=scopes(0.7, 0.1, 0.1, 0.1)), NO_GPU),
    ],
    "heavy_layer": [
        ({"phases": {"execution": 9.0}, "layers": FEW}, {"phases": {"execution": 9.0}, "layers": EVEN}),
        ({"phases": {"execution": 9.0}, "layers": FEW}, {"phases": {"execution": 9.0}, "layers": FEW[:3]}),
        (
            {"phases": {"execution": 9.0}, "layers": FEW},
            {"phases": {"execution": 9.0, "dispatch": 9.0}, "layers": FEW},
        ),
        # That a recurrent layer is most of a model is its nature.
        (
            {"phases": {"execution": 9.0}, "layers": FEW},
            {"phases": {"execution": 9.0}, "layers": [layer("gru", "GRU", 0.7, 7.0), *FEW[1:]]},
        ),
    ],
    "unrolled_graph": [
        # Of a function of the user's own it is not known how many layers it runs.
        (
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=3000)[0]},
                "cold_phases": [ColdPhase("function_tracing", 900_000_000)],
            },
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=3000)[0], "layers": []},
                "cold_phases": [ColdPhase("function_tracing", 900_000_000)],
            },
        ),
        (
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=3000)[0]},
                "cold_phases": [ColdPhase("function_tracing", 900_000_000)],
            },
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=30)[0]},
                "cold_phases": [ColdPhase("function_tracing", 900_000_000)],
            },
        ),
        (
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=3000)[0]},
                "cold_phases": [ColdPhase("function_tracing", 900_000_000)],
            },
            {"phases": {"execution": 5.0}, "workload": {"cold_traces": []}},
        ),
        # The first call of a program is not divided: what later ones do not take is known.
        (
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=3000)[0]},
                "cold_ns": 2_000_000_000,
            },
            {
                "phases": {"execution": 5.0},
                "workload": {"cold_traces": traced([], ops=3000)[0]},
                "cold_ns": 100_000_000,
            },
        ),
    ],
    "warm_up": [
        ({"warm_up": WarmUp(9, 200, 1_000_000, 270_000_000)}, {"warm_up": WarmUp(0, 200, 1_000_000, 0)}),
        (
            {"warm_up": WarmUp(9, 200, 1_000_000, 270_000_000), "workload": {"traced": [[], TRACED]}},
            {"warm_up": WarmUp(2, 200, 1_000_000, 270_000_000)},
        ),
        (
            {"warm_up": WarmUp(3, 200, 90_000_000, 600_000_000)},
            {"warm_up": WarmUp(9, 200, 1_000_000, 27_000_000)},
        ),
    ],
    "concurrent_calls": [
        ({"workload": {"threads_in_keras": [2, 0, 1, 2]}}, {"workload": {"threads_in_keras": [1, 0, 0, 0]}}),
        ({"workload": {"threads_in_keras": [1]}}, {"workload": {"threads_in_keras": []}}),
    ],
    "oversubscribed": [
        ({"workload": pools(64, 0)}, {"workload": CPUS}),
        (
            {"workload": CPUS, "environment": {"settings": {"OMP_NUM_THREADS": "64"}}},
            {"workload": CPUS, "environment": {"settings": {"OMP_NUM_THREADS": "2,1"}}},
        ),
        (
            {"workload": pools(16, None)},
            {
                "workload": pools(16, 0),
                "environment": {"cpu_count": 16},
            },
        ),
    ],
    "switches_left_on": [
        (
            {"workload": {**switched_on("profiler", "log_device_placement"), "dataset": None}},
            {"workload": {**switched_on(), "dataset": None}},
        ),
        # Deterministic ops are other ones on other devices alone, and order matters in parallel maps.
        (
            {
                "workload": {**switched_on("op_determinism"), "dataset": None},
                "environment": {"devices": ["CPU:0", "GPU:0"]},
            },
            {"workload": {**switched_on("op_determinism"), "dataset": None}},
        ),
        (
            {
                "workload": {
                    **switched_on("op_determinism"),
                    "dataset": [{**MAP, "kind": "ParallelMap"}],
                }
            },
            {"workload": {**switched_on("op_determinism"), "dataset": [MAP]}},
        ),
    ],
    "slower_in_program": [
        # XLA compiles the shapes of the program's calls, not those of calls that are replayed.
        (
            {
                "phases": {"execution": 30.0},
                "workload": {
                    "in_program": again(30.0, 10.0),
                    "jit_compile": True,
                    "input_shapes": [[[4, 8]], [[4, 8]]],
                },
            },
            {
                "phases": {"execution": 30.0},
                "workload": {
                    "in_program": again(30.0, 10.0),
                    "jit_compile": True,
                    "input_shapes": [[[4, 8]], [[4, 9]]],
                },
            },
        ),
        (
            {"phases": {"execution": 30.0}, "workload": {"in_program": again(30.0, 10.0)}},
            {"phases": {"execution": 30.0}, "workload": {"in_program": again(30.0, 25.0)}},
        ),
        # What was made again has the phases, since the program has too few calls: no cost a call.
        (
            {"phases": {"execution": 10.0}, "workload": {"in_program": again(30.0, 10.0)}},
            {"phases": {"execution": 10.0}, "workload": {"in_program": again(30.0, 10.0, calls=3)}},
        ),
        (
            {
                "phases": {"execution": 30.0, "batch_fetching": 10.0},
                "workload": {"in_program": again(40.0, 10.0), "threads_in_keras": [2, 2, 0]},
            },
            {"phases": {"execution": 3.0}, "workload": {"in_program": again(3.0, 1.5)}},
        ),
    ],
    "memory_grows": [
        (
            {"memory": MemoryGrowth(260_000.0, (250_000.0, 270_000.0), 400)},
            {"memory": MemoryGrowth(260_000.0, (-250_000.0, 770_000.0), 400)},
        ),
    ],
    "waits": [
        (
            {"phases": {"entry": 20.0, "execution": 1.0}, "cpu": 0.1, "functions": [SLEEPS]},
            {"phases": {"entry": 20.0, "execution": 1.0}, "cpu": 0.9, "functions": [SLEEPS]},
        ),
        (
            {
                "phases": {"entry": 20.0, "execution": 1.0},
                "cpu": 0.1,
                "functions": [SLEEPS, FunctionCost("app.py", 9, "serve", 1.0, 20_000_000)],
            },
            {"phases": {"teardown": 20.0, "execution": 1.0}, "cpu": 0.1, "functions": [SLEEPS]},
        ),
        # The processors are somebody else's: nothing of the call waits.
        (
            {"phases": {"entry": 20.0}, "cpu": 0.1, "functions": [SLEEPS]},
            {
                "phases": {"entry": 20.0},
                "cpu": 0.1,
                "functions": [FunctionCost("thread.py", 7, "spread", 1.0, 20_000_000)],
            },
        ),
    ],
}
