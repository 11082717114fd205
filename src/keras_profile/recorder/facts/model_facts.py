"""Facts about the model, the input and the process that may make a call slow.

They are read from attributes; nothing is run or built. What a release does not have is None or
left out.
"""

from __future__ import annotations

import threading
from typing import Any

from ..frameworks import keras, tensorflow
from ..frameworks.tensorflow import datasets
from ..frameworks.tensorflow.switches import switched_on
from ..system import native_threads

#: Attributes of layers that determine how they run, by what has them.
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


def model_facts(model: Any) -> dict[str, Any]:
    """Returns the settings of the model as a whole. A signature has none: all are None."""
    steps = _plain(keras.steps_per_execution(model))
    return {
        "jit_compile": _plain(keras.jit_compile(model)),
        "steps_per_execution": None if steps is None else int(steps),
        "functions_run_eagerly": tensorflow.settings()["functions_run_eagerly"],
        "dtype_policy": None if model is None else keras.dtype_policy(model),
        "strategy": None if model is None else keras.strategy(model),
    }


def layer_facts(layer: Any) -> dict[str, Any]:
    """Returns what matters for speed in one layer: mostly nothing."""
    facts: dict[str, Any] = {}
    policy = keras.dtype_policy(layer)
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
    groups = getattr(layer, "groups", 1)
    if isinstance(groups, int) and groups > 1 and hasattr(layer, "kernel_size"):
        facts["groups"] = groups
    if type(layer).__name__ == "TimeDistributed":
        facts["wraps"] = type(layer.layer).__name__
        facts["time_steps"] = keras.time_steps(layer)
    return facts


def dataset_facts(value: Any) -> list[dict[str, Any]]:
    """Returns the chain of a ``tf.data.Dataset``, from what is read back to its sources.

    Each step has its ``kind`` (map, batch, prefetch, …: the core of the class's name) and
    those of ``batch_size``, ``parallel`` and ``buffer_size`` that it has. For the function that
    it calls there are ``python`` (whether it runs Python for each element), ``generator`` and
    ``function`` (its name).
    """
    return [datasets.describe_step(dataset) for dataset in datasets.chain(value)]


def pydataset_facts(value: Any) -> dict[str, Any]:
    """Returns how a ``PyDataset`` or ``Sequence`` is read: its workers, and its batches."""
    return {
        "batches": _plain(len(value)) if hasattr(value, "__len__") else None,
        "workers": _plain(getattr(value, "workers", None)),
        "use_multiprocessing": _plain(getattr(value, "use_multiprocessing", None)),
        "max_queue_size": _plain(getattr(value, "max_queue_size", None)),
    }


def process_facts() -> dict[str, Any]:
    """Returns the process's threads, and the configured sizes of the pools; 0 means one per CPU."""
    settings = tensorflow.settings()
    return {
        "python_threads": threading.active_count(),
        "threads": native_threads(),
        "intra_op_threads": settings["intra_op_threads"],
        "inter_op_threads": settings["inter_op_threads"],
    }


def switch_facts() -> dict[str, bool | None]:
    """Returns which switches that slow down calls are on, for the thread that makes the calls."""
    return switched_on()


def _plain(value: Any) -> Any:
    """Returns a value as JSON can hold it; a variable or tensor as its number."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if hasattr(value, "item"):
        value = value.item()
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
