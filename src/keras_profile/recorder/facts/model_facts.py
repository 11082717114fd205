"""What is known of the model, the input and the process that may make a call slow.

Read from their attributes, under the names of every release; nothing is run or built.
What a release does not have is None or left out.
"""

from __future__ import annotations

import os
import sys
import threading

#: Attributes of layers that tell how they run, by what has them.
_RECURRENT = (
    "activation",
    "recurrent_activation",
    "recurrent_dropout",
    "unroll",
    "use_bias",
    "implementation",
    "return_sequences",
    "stateful",
)
#: Datasets that only wrap another one: TensorFlow 2.0's and 2.1's, and those that carry options.
_WRAPPERS = ("DatasetV1Adapter", "_OptionsDataset")


def model_facts(model):
    """Settings of the model as a whole; of a signature, which has none, all None."""
    return {
        "jit_compile": _plain(_first(model, "jit_compile", "_jit_compile")),
        "steps_per_execution": _steps_per_execution(model),
        "functions_run_eagerly": _functions_run_eagerly(),
        "dtype_policy": None if model is None else _policy(model),
    }


def layer_facts(layer):
    """What of one layer matters for speed; mostly nothing."""
    facts = {}
    policy = _policy(layer)
    if policy not in (None, "float32"):
        facts["dtype_policy"] = policy
    quantization = getattr(layer, "quantization_mode", None)
    if quantization is not None:
        facts["quantization"] = str(quantization)
    if hasattr(layer, "recurrent_activation") or hasattr(layer, "unroll"):
        for name in _RECURRENT:
            value = getattr(layer, name, None)
            if value is not None:
                facts[name] = getattr(value, "__name__", None) if callable(value) else _plain(value)
    if type(layer).__name__ == "TimeDistributed":
        facts["wraps"] = type(layer.layer).__name__
        facts["time_steps"] = _time_steps(layer)
    return facts


def dataset_facts(value):
    """The chain of a ``tf.data.Dataset``, from what is read back to its sources.

    A list of ``kind`` (map, batch, prefetch, …, the class's name without its frame),
    with what the step has of ``batch_size``, ``parallel``, ``buffer_size``, and of the
    function that it calls ``python`` (it runs Python for each element), ``generator``
    and ``function`` (its name).
    """
    steps, seen, waiting = [], set(), [value]
    while waiting:
        dataset = waiting.pop(0)
        if id(dataset) in seen:
            continue
        seen.add(id(dataset))
        wrapped = getattr(dataset, "_dataset", None)
        if wrapped is not None and type(dataset).__name__ in _WRAPPERS:
            waiting.append(wrapped)
            continue
        steps.append(_dataset_step(dataset))
        inputs = getattr(dataset, "_inputs", None)
        waiting.extend(inputs() if callable(inputs) else [])
    return steps


def pydataset_facts(value):
    """How a ``PyDataset`` or ``Sequence`` is read: its workers, and its batches."""
    return {
        "batches": _plain(len(value)) if hasattr(value, "__len__") else None,
        "workers": _plain(getattr(value, "workers", None)),
        "use_multiprocessing": _plain(getattr(value, "use_multiprocessing", None)),
        "max_queue_size": _plain(getattr(value, "max_queue_size", None)),
    }


def process_facts():
    """Threads that the process has, and how many the pools are to have; 0 is for as many as CPUs."""
    tensorflow = sys.modules.get("tensorflow")
    threading_config = getattr(getattr(tensorflow, "config", None), "threading", None)
    return {
        "python_threads": threading.active_count(),
        "threads": _threads(),
        "intra_op_threads": _pool(threading_config, "get_intra_op_parallelism_threads"),
        "inter_op_threads": _pool(threading_config, "get_inter_op_parallelism_threads"),
    }


def _threads():
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


def _pool(config, name):
    function = getattr(config, name, None)
    return None if function is None else int(function())


def _functions_run_eagerly():
    config = getattr(sys.modules.get("tensorflow"), "config", None)
    for place in (config, getattr(config, "experimental", None)):  # the latter before TF 2.3
        for name in ("functions_run_eagerly", "experimental_functions_run_eagerly"):
            function = getattr(place, name, None)
            if function is not None:
                return bool(function())
    # TensorFlow 2.0 to 2.2 have the setting and no function that reads it.
    return getattr(sys.modules.get("tensorflow.python.eager.def_function"), "RUN_FUNCTIONS_EAGERLY", None)


def _steps_per_execution(model):
    value = _first(model, "steps_per_execution", "_steps_per_execution")
    if hasattr(value, "numpy"):
        value = value.numpy()
    return None if value is None else int(value)


def _policy(layer):
    """The name of a layer's or model's dtype policy, such as ``mixed_float16``."""
    policy = _first(layer, "dtype_policy", "_dtype_policy", "_mixed_precision_policy")
    name = getattr(policy, "name", policy)
    return None if name is None else str(name)


def _time_steps(layer):
    """The time dimension of a TimeDistributed layer, None where it is open or unknown."""
    for name in ("input_shape", "_build_input_shape"):
        shape = _attribute(layer, name)
        if shape is not None:
            break
    else:
        shapes = getattr(layer, "_build_shapes_dict", None) or {}
        shape = next(iter(shapes.values()), None)
    if shape is None:
        shape = getattr(_attribute(layer, "input"), "shape", None)
    try:
        size = list(shape)[1]
    except (TypeError, ValueError, IndexError):
        return None
    size = getattr(size, "value", size)  # a Dimension, before TF 2
    return None if size is None else int(size)


def _dataset_step(dataset):
    name = type(dataset).__name__.strip("_")
    step = {"kind": name[: -len("Dataset")] if name.endswith("Dataset") else name}
    for fact, attribute in (
        ("batch_size", "_batch_size"),
        ("parallel", "_num_parallel_calls"),
        ("buffer_size", "_buffer_size"),
    ):
        value = _constant(getattr(dataset, attribute, None))
        if value is not None:
            step[fact] = value
    wrapper = getattr(dataset, "_map_func", None)
    if wrapper is not None:
        kinds = _op_kinds(wrapper)
        step["python"] = any(kind in kinds for kind in ("EagerPyFunc", "PyFunc", "PyFuncStateless"))
        step["generator"] = "GeneratorDataset" in kinds
        function = getattr(wrapper, "_func", None)
        step["function"] = getattr(function, "__name__", None)
    return step


def _op_kinds(wrapper):
    """The kinds of the ops in a dataset's function and in those that it calls."""
    concrete = getattr(wrapper, "function", None) or getattr(wrapper, "_function", None)
    graph = getattr(concrete, "graph", None)
    if graph is None:
        return set()
    definition = graph.as_graph_def()
    kinds = {node.op for node in definition.node}
    for function in definition.library.function:
        kinds.update(node.op for node in function.node_def)
    return kinds


def _constant(value):
    """A number that a dataset holds as an eager tensor, or None."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    return None if value is None or not hasattr(value, "__int__") else int(value)


def _first(thing, *names):
    for name in names:
        value = _attribute(thing, name)
        if value is not None:
            return value
    return None


def _attribute(thing, name):
    """An attribute, or None: properties of unbuilt layers raise many kinds of error."""
    try:
        return getattr(thing, name, None)
    except (AttributeError, ValueError, RuntimeError, TypeError):
        return None


def _plain(value):
    """A value as JSON has it; a variable or tensor as its number."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if hasattr(value, "item"):
        value = value.item()
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
