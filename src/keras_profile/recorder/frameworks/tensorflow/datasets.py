"""``tf.data``: what a dataset is made of, read from private attributes of its classes.

The names are those of 2.0 to 2.21 unless stated otherwise.
"""

from __future__ import annotations

import sys
from typing import Any

from .switches import are_ops_shown

#: Datasets that only wrap another one: those of 2.0 and 2.1, and those that carry options.
_WRAPPERS = ("DatasetV1Adapter", "_OptionsDataset")
#: The kinds of the ops that run Python for each element.
_PYTHON_OPS = {"EagerPyFunc", "PyFunc", "PyFuncStateless"}
#: A fact of a step, and the attribute that has it.
_NUMBERS = (
    ("batch_size", "_batch_size"),
    ("parallel", "_num_parallel_calls"),
    ("buffer_size", "_buffer_size"),
    ("count", "_count"),
)
#: A dataset's cardinality if that is not known; -1 is for no end.
_UNKNOWN = -2


def is_dataset(value: object) -> bool:
    """Whether something is a ``tf.data.Dataset``."""
    return hasattr(value, "element_spec") or (
        type(value).__name__.endswith("Dataset") and hasattr(value, "map")
    )


def chain(dataset: Any) -> list[Any]:
    """Returns the datasets that one is made of, from the one that is read to its sources, no wrappers."""
    found, seen, waiting = [], set(), [dataset]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        wrapped = getattr(one, "_dataset", None)
        if wrapped is not None and type(one).__name__ in _WRAPPERS:
            waiting.append(wrapped)
            continue
        found.append(one)
        inputs = getattr(one, "_inputs", None)
        waiting.extend(inputs() if callable(inputs) else [])
    return found


def class_names(dataset: Any) -> list[str]:
    """Returns the names of the classes along a dataset's first inputs, such as ``MapDataset``."""
    found = []
    while dataset is not None:
        found.append(type(dataset).__name__.lstrip("_"))  # some have an underscore by 2.15
        dataset = getattr(dataset, "_input_dataset", None) or getattr(dataset, "_dataset", None)
    return found


def describe_step(dataset: Any) -> dict[str, Any]:
    """Describes one dataset of a chain: its ``kind``, such as ``Map`` for ``MapDataset``, and its settings.

    Those are ``batch_size``, ``parallel``, ``buffer_size``, ``count`` (of ``repeat`` and ``take``) and
    ``elements`` (how many it gives, -1 for no end, None if that is not known). For the function that it
    calls: ``python`` (it runs Python for each element), ``generator`` and ``function`` (its name).
    """
    name = type(dataset).__name__.strip("_")
    step: dict[str, Any] = {"kind": name[: -len("Dataset")] if name.endswith("Dataset") else name}
    for fact, attribute in _NUMBERS:
        value = _number(getattr(dataset, attribute, None))
        if value is not None:
            step[fact] = value
    step["elements"] = _elements(dataset)
    wrapper = getattr(dataset, "_map_func", None)
    if wrapper is not None:
        kinds = _op_kinds(wrapper)
        step["python"] = bool(kinds & _PYTHON_OPS)
        step["generator"] = "GeneratorDataset" in kinds
        step["function"] = getattr(getattr(wrapper, "_func", None), "__name__", None)
    return step


def _elements(dataset: Any) -> int | None:
    """Returns a dataset's cardinality, by what it was made of: nothing is read from it.

    An op finds it, which would be seen in a program whose ops are logged or dumped.
    """
    if are_ops_shown():
        return None
    module = sys.modules.get("tensorflow.python.data.experimental.ops.cardinality")
    cardinality = getattr(module, "cardinality", None)
    found = None if cardinality is None else _number(cardinality(dataset))
    return None if found == _UNKNOWN else found


def _op_kinds(wrapper: Any) -> set[str]:
    """Returns the kinds of the ops in a dataset's function and in those that it calls."""
    graph = getattr(getattr(wrapper, "function", None), "graph", None)
    if graph is None:
        return set()
    definition = graph.as_graph_def()
    kinds = {node.op for node in definition.node}
    for function in definition.library.function:
        kinds.update(node.op for node in function.node_def)
    return kinds


def _number(value: Any) -> int | None:
    """Returns a number that a dataset holds as an eager tensor, or None."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    return None if value is None or not hasattr(value, "__int__") else int(value)
