"""What is known of the model, the input and the process that may make a call slow.

Read from their attributes; nothing is run or built. What a release does not have is None or
left out.
"""

from __future__ import annotations

import threading
from typing import Any

from ..frameworks import keras, tensorflow
from ..frameworks.tensorflow import datasets
from ..frameworks.tensorflow.switches import switched_on
from ..system import native_threads

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


def model_facts(model: Any) -> dict[str, Any]:
    """Settings of the model as a whole; of a signature, which has none, all None."""
    steps = _plain(keras.steps_per_execution(model))
    return {
        "jit_compile": _plain(keras.jit_compile(model)),
        "steps_per_execution": None if steps is None else int(steps),
        "functions_run_eagerly": tensorflow.settings()["functions_run_eagerly"],
        "dtype_policy": None if model is None else keras.dtype_policy(model),
        "strategy": None if model is None else keras.strategy(model),
    }


def layer_facts(layer: Any) -> dict[str, Any]:
    """What of one layer matters for speed; mostly nothing."""
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
    """The chain of a ``tf.data.Dataset``, from what is read back to its sources.

    A list of ``kind`` (map, batch, prefetch, …, the class's name without its frame),
    with what the step has of ``batch_size``, ``parallel``, ``buffer_size``, and of the
    function that it calls ``python`` (it runs Python for each element), ``generator``
    and ``function`` (its name).
    """
    return [datasets.describe_step(dataset) for dataset in datasets.chain(value)]


def pydataset_facts(value: Any) -> dict[str, Any]:
    """How a ``PyDataset`` or ``Sequence`` is read: its workers, and its batches."""
    return {
        "batches": _plain(len(value)) if hasattr(value, "__len__") else None,
        "workers": _plain(getattr(value, "workers", None)),
        "use_multiprocessing": _plain(getattr(value, "use_multiprocessing", None)),
        "max_queue_size": _plain(getattr(value, "max_queue_size", None)),
    }


def process_facts() -> dict[str, Any]:
    """Threads that the process has, and how many the pools are to have; 0 is for as many as CPUs."""
    settings = tensorflow.settings()
    return {
        "python_threads": threading.active_count(),
        "threads": native_threads(),
        "intra_op_threads": settings["intra_op_threads"],
        "inter_op_threads": settings["inter_op_threads"],
    }


def switch_facts() -> dict[str, bool | None]:
    """Which switches that slow calls down are on, for the thread that makes them."""
    return switched_on()


def _plain(value: Any) -> Any:
    """A value as JSON has it; a variable or tensor as its number."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if hasattr(value, "item"):
        value = value.item()
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
