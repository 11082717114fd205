"""Gathers what recipes may know about a workload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Sequence

import numpy as np

from ..facts import environment
from ..frameworks import keras, tensorflow
from ..frameworks.tensorflow import datasets
from ..frameworks.tensorflow.switches import switched_on
from ..protocol.frameworks import KERAS_BATCH_SIZE
from ..structures import leaves, map_leaves
from ..workload.inputs import all_layers
from .loading import load_recipes
from .outputs import kind_of_output

if TYPE_CHECKING:
    from ...recipes.usage import Usage
    from ..workload.workload import Workload


def usage_of(workload: Workload, x: Any, outputs: Any, keeps_state: bool = False) -> Usage:
    """Returns the recipes' ``Usage`` of one call of ``workload`` with input ``x`` and its ``outputs``.

    ``keeps_state`` says whether such a call changes what the next one returns.
    """
    recipes = load_recipes("usage")
    request, found = workload.request, environment.describe(workload.root)
    is_batch = not workload.entry_point.takes_batches
    kind = "tensor" if is_batch and workload.inputs.kind not in ("array", "tensor") else workload.inputs.kind
    dataset = None if kind in ("array", "tensor") else x
    seen = request.shapes_seen if kind in ("array", "tensor") else ()
    usage: Usage = recipes.Usage(
        workload.model,
        workload.entry_point,
        kind,
        input=_structure(x, kind, recipes.Leaf),
        outputs=_structure(outputs, "array", recipes.Leaf),
        dataset=dataset,
        keras_module=keras.import_name(workload.root, version_of(found["keras"])),
        backend=found["backend"],
        keras_version=version_of(found["keras"]),
        tensorflow_version=version_of(found["tensorflow"]),
        batch_size=request.batch_size,
        steps=request.steps,
        verbose=request.verbose,
        callbacks=bool(workload.callbacks),
        layers=[layer for layer, _ in all_layers(workload.model)] if workload.model is not None else [],
        predict_batch_size=KERAS_BATCH_SIZE,
        compiled=keras.is_compiled(workload.model),
        subclassed=keras.is_subclassed(workload.model),
        dataset_classes=datasets.class_names(dataset),
        overriding={method: owner.__name__ for method, owner in workload.overriding.items()},
        shapes_seen=seen,
        models_seen=request.models_seen,
        chained=request.chained,
        gives_tensors="a tensor" in map(kind_of_output, leaves(outputs)),
        keeps_state=keeps_state,
        jit_compiled=bool(keras.jit_compile(workload.model)),
        switches=[name for name, is_on in switched_on().items() if is_on],
        threads=tensorflow.settings()["intra_op_threads"] or 0,
    )
    if kind in ("array", "tensor"):
        _open_axes(recipes.leaves(usage.input), _specified(workload.model, usage.input), seen)
    return usage


def version_of(text: str | None) -> tuple[int, ...]:
    """Returns a version's leading numbers.

    >>> version_of("2.2.4-tf")
    (2, 2, 4)
    """
    found = re.match(r"\d+(\.\d+)*", text or "0")
    return tuple(int(part) for part in found.group().split(".")) if found else (0,)


def _specified(model: Any, input: Any) -> list[Any]:
    """Returns the shapes that the model states for its inputs, in the order of the leaves of ``input``."""
    structure = None if model is None else keras.input_structure(model)
    if structure is None:
        return []
    if isinstance(structure, (list, tuple)) and len(structure) == 1:
        structure = structure[0]
    if isinstance(input, dict) and not isinstance(structure, dict):
        return []  # matched by name; their order is not known here
    return [getattr(one, "shape", None) for one in leaves(structure)]


def _open_axes(found: Sequence[Any], specified: Sequence[Any], seen: Sequence[Any]) -> None:
    """Sets in each leaf which of its sizes may differ in other calls, and whether the model says so."""
    for number, leaf in enumerate(found):
        shape = specified[number] if len(specified) == len(found) else None
        # Keras 2 has TensorFlow's shapes, whose number of dimensions may be unknown.
        sizes = [] if shape is None or getattr(shape, "rank", 0) is None else list(shape)
        leaf.specified = len(sizes) == len(leaf.shape)
        others = [one[number] for one in seen if len(one) == len(found)]
        leaf.open_axes = tuple(
            axis
            for axis in range(1, len(leaf.shape))
            if (leaf.specified and sizes[axis] is None)
            or any(len(one) == len(leaf.shape) and one[axis] != leaf.shape[axis] for one in others)
        )


def _structure(thing: Any, kind: str, leaf: Callable[..., Any]) -> Any:
    """Returns ``thing`` with shapes and dtypes in place of its arrays; None if they are not known."""
    if kind == "generator":
        return None
    if kind == "pydataset":
        thing = thing[0]
        thing = thing[0] if isinstance(thing, tuple) else thing
    if kind == "dataset":
        specification = thing.element_spec
        if isinstance(specification, tuple) and specification:
            specification = specification[0]
        return map_leaves(
            lambda one: leaf(() if one.shape.rank is None else one.shape.as_list(), one.dtype.name),
            specification,
        )
    return map_leaves(lambda one: leaf(np.shape(one), _dtype(one)), thing)


def _dtype(one: Any) -> str:
    name = getattr(getattr(one, "dtype", None), "name", None) or str(np.asarray(one).dtype)
    return "string" if np.asarray(one).dtype.kind in "OSU" else name
